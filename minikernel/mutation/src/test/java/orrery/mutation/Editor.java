package orrery.mutation;

import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCCompilationUnit;
import com.sun.tools.javac.tree.TreeInfo;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** One file of a driver, and the mutants that were made of it. */
final class Editor {
  private final JCCompilationUnit unit;
  private final URI name;
  private final String text;
  private final List<Mutant> mutants = new ArrayList<>();

  Editor(JCCompilationUnit unit, URI name, String text) {
    this.unit = unit;
    this.name = name;
    this.text = text;
  }

  /** The file as javac has read it. */
  JCCompilationUnit unit() {
    return unit;
  }

  List<Mutant> mutants() {
    return mutants;
  }

  int start(JCTree tree) {
    return TreeInfo.getStartPos(tree);
  }

  int end(JCTree tree) {
    return TreeInfo.getEndPos(tree, unit.endPositions);
  }

  /** A tree as it is written. */
  String text(JCTree tree) {
    return text.substring(start(tree), end(tree));
  }

  /** What is written between two trees. */
  String between(JCTree first, JCTree second) {
    return text.substring(end(first), start(second));
  }

  void insert(Mistake mistake, JCTree place, int at, String added) {
    replace(mistake, place, at, at, added);
  }

  void replace(Mistake mistake, JCTree place, String by) {
    replace(mistake, place, start(place), end(place), by);
  }

  void replace(Mistake mistake, JCTree place, int from, int to, String by) {
    add(mistake, place, text.substring(0, from) + by + text.substring(to));
  }

  /** Inserts at one place and replaces a tree behind it. */
  void insertAndReplace(Mistake mistake, int at, String added, JCTree place, String by) {
    add(
        mistake,
        place,
        text.substring(0, at)
            + added
            + text.substring(at, start(place))
            + by
            + text.substring(end(place)));
  }

  private void add(Mistake mistake, JCTree place, String changed) {
    long line = unit.getLineMap().getLineNumber(start(place));
    mutants.add(new Mutant(mistake, name, line, changed));
  }
}
