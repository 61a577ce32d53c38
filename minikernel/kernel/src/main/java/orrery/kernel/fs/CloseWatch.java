package orrery.kernel.fs;

/** Somebody who must know when an open file is closed for good: an epoll item. */
public abstract class CloseWatch {
  private OpenFile file;
  private CloseWatch previous;
  private CloseWatch next;

  /** The last descriptor of the file is gone; the watch has left it already. */
  protected abstract void fileClosed();

  /** The file that is watched; null if none is. */
  public final OpenFile file() {
    return file;
  }

  /** The next of those who watch the same file; null after the last. */
  public final CloseWatch next() {
    return next;
  }

  /** Watches {@code f} from now on. */
  public final void watch(OpenFile f) {
    file = f;
    previous = null;
    next = f.watches;
    if (next != null) {
      next.previous = this;
    }
    f.watches = this;
  }

  /** Watches no more. */
  public final void leave() {
    if (file == null) {
      return;
    }
    if (previous == null) {
      file.watches = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    file = null;
    previous = null;
    next = null;
  }
}
