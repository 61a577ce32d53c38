package orrery.kernel.fs.tmpfs;

import java.util.Arrays;
import orrery.kernel.fs.Budget;
import orrery.kernel.memory.FrameAllocator;

/**
 * Which frame holds which page of a file: a radix tree with 64 children per node, as high as the
 * highest page asks for; a small file has one short array. Frame 0 is no frame: a hole.
 */
final class PageIndex {
  private static final int BITS = 6;
  private static final int FANOUT = 1 << BITS;
  private static final int MASK = FANOUT - 1;
  private static final int HEADER = 16;

  private final Budget budget;
  private Object root;

  /** Levels of Object[] above the leaves. */
  private int height;

  private long count;

  // The leaf that was used last: most accesses are neighbours.
  private long[] recent;
  private long recentKey = -1;

  PageIndex(Budget budget) {
    this.budget = budget;
  }

  /** Pages that have a frame. */
  long count() {
    return count;
  }

  /** The frame of page {@code index}, 0 if it is a hole. */
  long get(long index) {
    long[] leaf = leaf(index);
    int i = (int) index & MASK;
    return leaf != null && i < leaf.length ? leaf[i] : 0;
  }

  /** Gives page {@code index}, a hole, a frame; throws ENOSPC if the index may not grow. */
  void set(long index, long frame) {
    long[] leaf = leafToSet(index);
    leaf[(int) index & MASK] = frame;
    count++;
  }

  /** The first page from {@code index} on that has a frame; -1 if none has. */
  long nextPresent(long index) {
    long at = index;
    while (at >= 0 && !isBeyond(at)) {
      long[] leaf = leaf(at);
      if (leaf == null) {
        at = skipMissing(at);
        continue;
      }
      for (int i = (int) at & MASK; i < leaf.length; i++) {
        if (leaf[i] != 0) {
          return at & ~MASK | i;
        }
      }
      at = (at | MASK) + 1;
    }
    return -1;
  }

  /** The first page from {@code index} on that is a hole. */
  long nextHole(long index) {
    long at = index;
    while (get(at) != 0) {
      at++;
    }
    return at;
  }

  /** Releases the frames of the pages from {@code from} up to, not including, {@code to}. */
  void clear(long from, long to, FrameAllocator frames) {
    for (long at = nextPresent(from); at >= 0 && at < to; at = nextPresent(at + 1)) {
      long[] leaf = leaf(at);
      frames.release(leaf[(int) at & MASK]);
      leaf[(int) at & MASK] = 0;
      count--;
    }
    if (count == 0 && root != null) {
      forgetNodes();
    } else if (root != null && to == Long.MAX_VALUE && !isBeyond(from)) {
      prune(from);
    }
  }

  private void forgetNodes() {
    budget.give(cost(root, height));
    root = null;
    height = 0;
    recent = null;
    recentKey = -1;
  }

  /** Forgets the subtrees that hold pages from {@code from} on only. */
  private void prune(long from) {
    recent = null;
    recentKey = -1;
    Object n = root;
    for (int l = height; l > 0; l--) {
      Object[] children = (Object[]) n;
      int path = (int) (from >>> BITS * l) & MASK;
      for (int i = path + 1; i < FANOUT; i++) {
        if (children[i] != null) {
          budget.give(cost(children[i], l - 1));
          children[i] = null;
        }
      }
      if (children[path] == null) {
        return;
      }
      n = children[path];
    }
  }

  private static long cost(Object node, int level) {
    if (level == 0) {
      return HEADER + (long) ((long[]) node).length * Long.BYTES;
    }
    long sum = HEADER + (long) FANOUT * Long.BYTES;
    for (Object child : (Object[]) node) {
      if (child != null) {
        sum += cost(child, level - 1);
      }
    }
    return sum;
  }

  private boolean isBeyond(long index) {
    return index >>> BITS * (height + 1) != 0;
  }

  private long[] leaf(long index) {
    long key = index >>> BITS;
    if (key == recentKey) {
      return recent;
    }
    if (root == null || isBeyond(index)) {
      return null;
    }
    Object n = root;
    for (int l = height; l > 0 && n != null; l--) {
      n = ((Object[]) n)[(int) (index >>> BITS * l) & MASK];
    }
    if (n != null) {
      recent = (long[]) n;
      recentKey = key;
    }
    return (long[]) n;
  }

  /** The first index after the lowest missing subtree that {@code index} would be in. */
  private long skipMissing(long index) {
    Object n = root;
    for (int l = height; l > 0; l--) {
      n = ((Object[]) n)[(int) (index >>> BITS * l) & MASK];
      if (n == null) {
        return (index | (1L << BITS * l) - 1) + 1;
      }
    }
    return (index | MASK) + 1;
  }

  private long[] leafToSet(long index) {
    int i = (int) index & MASK;
    if (root == null) {
      root = newLeaf(isBeyond(index) ? 1 : i + 1);
    }
    while (isBeyond(index)) {
      raise();
    }
    if (height == 0) {
      root = widen((long[]) root, i);
      return (long[]) root;
    }
    Object[] node = (Object[]) root;
    for (int l = height; l > 1; l--) {
      int child = (int) (index >>> BITS * l) & MASK;
      if (node[child] == null) {
        node[child] = newNode();
      }
      node = (Object[]) node[child];
    }
    int child = (int) (index >>> BITS) & MASK;
    if (node[child] == null) {
      node[child] = newLeaf(FANOUT);
    } else {
      node[child] = widen((long[]) node[child], i);
    }
    return (long[]) node[child];
  }

  private void raise() {
    Object[] above = newNode();
    above[0] = root;
    root = above;
    height++;
  }

  private long[] widen(long[] leaf, int i) {
    if (i < leaf.length) {
      return leaf;
    }
    int n = Math.min(FANOUT, Math.max(i + 1, leaf.length * 2));
    budget.take((long) (n - leaf.length) * Long.BYTES);
    recent = null;
    recentKey = -1;
    return Arrays.copyOf(leaf, n);
  }

  private long[] newLeaf(int n) {
    budget.take(HEADER + (long) n * Long.BYTES);
    return new long[n];
  }

  private Object[] newNode() {
    budget.take(HEADER + (long) FANOUT * Long.BYTES);
    return new Object[FANOUT];
  }
}
