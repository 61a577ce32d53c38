package orrery.ownership;

import java.util.ArrayList;
import java.util.List;

/**
 * Knows every {@link Handle} that is alive, so that a shutdown can name what was never closed. One
 * per kernel, on its thread. Entering and leaving costs a few stores and allocates nothing, unless
 * birth places are kept.
 */
@Unsafe("holds borrows of live handles only: each handle takes itself out when it is consumed")
public final class Census {
  /**
   * A handle that is still alive.
   *
   * @param type the name of its type
   * @param serial the how manieth handle of this census it is, from 1
   * @param birthPlace where it was made, or null if places are not kept
   */
  public record Survivor(String type, long serial, StackTraceElement birthPlace) {
    /** One line. */
    @Override
    public String toString() {
      String born = birthPlace == null ? "" : ", made at " + birthPlace;
      return type + " #" + serial + " was never closed" + born;
    }
  }

  private static final StackWalker PLACES =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final boolean keepsPlaces;
  private Handle newest;
  private long born;
  private int live;

  private Census(boolean keepsPlaces) {
    this.keepsPlaces = keepsPlaces;
  }

  /** A census that only counts and numbers its handles. */
  public static Census ofHandles() {
    return new Census(false);
  }

  /** A census that also knows where each handle was made: about a microsecond a handle. */
  public static Census withBirthPlaces() {
    return new Census(true);
  }

  /** Whether it knows where each handle was made. */
  public boolean keepsPlaces() {
    return keepsPlaces;
  }

  /** How many handles are alive. */
  public int live() {
    return live;
  }

  /** How many handles there ever were. */
  public long born() {
    return born;
  }

  /** The handles that are alive, oldest first. */
  public List<Survivor> survivors() {
    List<Survivor> found = new ArrayList<>(live);
    // SAFETY: the borrows stay in this method
    for (Handle h = newest; h != null; h = h.next) {
      found.addFirst(new Survivor(h.typeName(), h.serial, h.birthPlace));
    }
    return found;
  }

  void enter(Handle handle) {
    // SAFETY: forget ends the borrow before the handle is consumed
    handle.previous = null;
    handle.next = newest;
    if (newest != null) {
      newest.previous = handle;
    }
    newest = handle;
    handle.serial = ++born;
    live++;
    if (keepsPlaces) {
      handle.birthPlace = callerOfHandles();
    }
  }

  void forget(Handle handle) {
    // SAFETY: unlinks the borrow that enter made
    if (handle.previous == null) {
      newest = handle.next;
    } else {
      handle.previous.next = handle.next;
    }
    if (handle.next != null) {
      handle.next.previous = handle.previous;
    }
    handle.previous = null;
    handle.next = null;
    live--;
  }

  /** The first caller that is no handle's code: not a constructor or a factory of its class. */
  private static StackTraceElement callerOfHandles() {
    return PLACES.walk(
        frames ->
            frames
                .filter(f -> f.getDeclaringClass() != Census.class)
                .filter(f -> !Handle.class.isAssignableFrom(f.getDeclaringClass()))
                .findFirst()
                .map(StackWalker.StackFrame::toStackTraceElement)
                .orElse(null));
  }
}
