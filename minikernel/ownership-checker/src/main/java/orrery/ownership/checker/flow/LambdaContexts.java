package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** What holds where a function is made: it holds inside too, if the function runs at once. */
public final class LambdaContexts {
  private final Map<Tree, Set<String>> locks = new IdentityHashMap<>();
  private final Map<Tree, String> atomic = new IdentityHashMap<>();

  LambdaContexts() {}

  void add(Tree lambda, Set<String> held, String forbidsSleep) {
    locks.merge(
        lambda,
        held,
        (a, b) -> {
          Set<String> both = new HashSet<>(a);
          both.retainAll(b);
          return both;
        });
    if (forbidsSleep != null) {
      atomic.put(lambda, forbidsSleep);
    }
  }

  /** The access paths of the locks that are held. */
  public Set<String> locks(Tree lambda) {
    return locks.getOrDefault(lambda, Set.of());
  }

  /** What forbids sleep, or null. */
  public String atomic(Tree lambda) {
    return atomic.get(lambda);
  }
}
