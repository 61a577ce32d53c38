package orrery.kernel.fs;

/**
 * The entries of a folder: a hash table by name, and the order in which they came, which is the
 * order of {@link Directory#list}.
 */
public final class EntryTable {
  private static final int INITIAL = 8;

  private Entry[] buckets = new Entry[INITIAL];
  private int size;
  private Entry first;
  private Entry last;
  private long lastCookie;

  /** Where the last listing stopped: the next one mostly goes on there. */
  private Entry listed;

  public int size() {
    return size;
  }

  /** The entry called {@code name}; null if there is none. */
  public Entry find(String name) {
    int hash = name.hashCode();
    for (Entry e = buckets[slot(hash)]; e != null; e = e.chain) {
      if (e.name().hashCode() == hash && e.name().equals(name)) {
        return e;
      }
    }
    return null;
  }

  /** Adds {@code e}, whose name is free. */
  public void add(Entry e) {
    if (size == buckets.length) {
      grow();
    }
    link(e);
    e.cookie = lastCookie++;
    e.previous = last;
    e.following = null;
    if (last == null) {
      first = e;
    } else {
      last.following = e;
    }
    last = e;
    size++;
  }

  /** Takes {@code e} out; its name is gone. */
  public void remove(Entry e) {
    detach(e);
    e.remove();
  }

  /** Moves {@code e} to {@code to} in folder {@code d} as {@code name}, which is free there. */
  public void move(Entry e, EntryTable to, Directory d, String name) {
    detach(e);
    e.move(d, name);
    to.add(e);
  }

  /** Lets two entries stand for each other's files. */
  public static void exchange(Entry a, Entry b) {
    Inode i = a.inode();
    a.inode(b.inode());
    b.inode(i);
  }

  /** {@link Directory#list} of these entries. */
  public void list(long position, Directory.Listing to) {
    Entry e = first;
    if (listed != null && position == listed.cookie + 1) {
      e = listed.following;
    } else {
      while (e != null && e.cookie < position) {
        e = e.following;
      }
    }
    while (e != null && to.add(e.name(), e.inode().number(), e.inode().mode(), e.cookie + 1)) {
      listed = e;
      e = e.following;
    }
  }

  /** The first in order; null if there is none. */
  public Entry first() {
    return first;
  }

  /** The next in order; null after the last. */
  public static Entry after(Entry e) {
    return e.following;
  }

  private void detach(Entry e) {
    int slot = slot(e.name().hashCode());
    if (buckets[slot] == e) {
      buckets[slot] = e.chain;
    } else {
      Entry before = buckets[slot];
      while (before.chain != e) {
        before = before.chain;
      }
      before.chain = e.chain;
    }
    if (e.previous == null) {
      first = e.following;
    } else {
      e.previous.following = e.following;
    }
    if (e.following == null) {
      last = e.previous;
    } else {
      e.following.previous = e.previous;
    }
    if (listed == e) {
      listed = null;
    }
    e.chain = null;
    e.previous = null;
    e.following = null;
    size--;
  }

  private void link(Entry e) {
    int slot = slot(e.name().hashCode());
    e.chain = buckets[slot];
    buckets[slot] = e;
  }

  private int slot(int hash) {
    return (hash ^ hash >>> 16) & buckets.length - 1;
  }

  private void grow() {
    buckets = new Entry[buckets.length * 4];
    for (Entry e = first; e != null; e = e.following) {
      link(e);
    }
  }
}
