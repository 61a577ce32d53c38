package orrery.kernel.fs;

import java.util.TreeMap;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/** The extended attributes of one file (xattr(7)). */
public final class ExtendedAttributes {
  /** The longest name, in bytes. */
  public static final int NAME_MAX = 255;

  /** The longest value, in bytes. */
  public static final int SIZE_MAX = 65536;

  /** setxattr: the attribute must not exist, must exist. */
  public static final int XATTR_CREATE = 1;

  public static final int XATTR_REPLACE = 2;

  private static final int OVERHEAD = 128;

  private final Budget budget;
  private final TreeMap<String, byte[]> values = new TreeMap<>();

  ExtendedAttributes(Budget budget) {
    this.budget = budget;
  }

  /** The value of {@code name}; ENODATA if there is none. Not to be changed. */
  public byte[] get(String name) {
    byte[] v = values.get(name);
    if (v == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    return v;
  }

  /** Sets {@code name}, keeping {@code value}. */
  public void set(String name, byte[] value, int flags) {
    byte[] old = values.get(name);
    if (old != null && (flags & XATTR_CREATE) != 0) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    if (old == null && (flags & XATTR_REPLACE) != 0) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    budget.take(cost(name, value));
    if (old != null) {
      budget.give(cost(name, old));
    }
    values.put(name, value);
  }

  public void remove(String name) {
    byte[] old = values.remove(name);
    if (old == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    budget.give(cost(name, old));
  }

  /** The names in order, each followed by a NUL. */
  public String list() {
    StringBuilder b = new StringBuilder();
    for (String name : values.keySet()) {
      b.append(name).append('\0');
    }
    return b.toString();
  }

  /** The file is gone. */
  void clear() {
    values.forEach((name, value) -> budget.give(cost(name, value)));
    values.clear();
  }

  private static long cost(String name, byte[] value) {
    return OVERHEAD + name.length() + (long) value.length;
  }
}
