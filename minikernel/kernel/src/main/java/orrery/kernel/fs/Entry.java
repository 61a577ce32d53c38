package orrery.kernel.fs;

/**
 * A name in a folder (Linux: dentry). The same object while the name lives, so that an open file
 * knows where it is even after it or a folder above it was renamed.
 */
public final class Entry {
  private Directory directory;
  private String name;
  private Inode inode;
  private boolean removed;

  /** The place of this entry in its folder's order; see {@link Directory#list}. */
  long cookie;

  /** Neighbours in the folder's order and the next in the hash chain. */
  Entry previous;

  Entry following;
  Entry chain;

  /** A name of {@code inode}; a folder learns that this is its name. */
  public Entry(Directory directory, String name, Inode inode) {
    this.directory = directory;
    this.name = name;
    this.inode = inode;
    if (inode instanceof Directory d) {
      d.entry(this);
    }
  }

  public Directory directory() {
    return directory;
  }

  public String name() {
    return name;
  }

  public Inode inode() {
    return inode;
  }

  /** True once the name is gone; whoever is there still can go on. */
  public boolean isRemoved() {
    return removed;
  }

  void remove() {
    removed = true;
  }

  /** The name moves (rename); the caller keeps the folders' tables. */
  void move(Directory to, String newName) {
    directory = to;
    name = newName;
  }

  /** The name stands for another file from now on (rename with exchange). */
  void inode(Inode other) {
    inode = other;
    if (other instanceof Directory d) {
      d.entry(this);
    }
  }
}
