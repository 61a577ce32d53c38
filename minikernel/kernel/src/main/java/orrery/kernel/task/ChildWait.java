package orrery.kernel.task;

import orrery.kernel.abi.Errno;
import orrery.kernel.wait.Caller;

/** Finds the child that a wait(2) call is about, and takes its news. */
public final class ChildWait {
  public static final int WNOHANG = 1;
  public static final int WUNTRACED = 2;
  public static final int WSTOPPED = 2;
  public static final int WEXITED = 4;
  public static final int WCONTINUED = 8;
  public static final int WNOWAIT = 0x01000000;

  /** Options that concern threads and clone children: accepted, as every child is waited for. */
  public static final int WNOTHREAD = 0x20000000;

  public static final int WALL = 0x40000000;
  public static final int WCLONE = 0x80000000;

  private static final int STATUS_CONTINUED = 0xffff;

  private final Exit exit;

  public ChildWait(Exit exit) {
    this.exit = exit;
  }

  /** What a wait found; one is kept by the kernel and used again, as calls do not overlap. */
  public static final class News {
    private Process child;
    private int status;
    private boolean ended;

    public Process child() {
      return child;
    }

    /** As wait4(2) reports it. */
    public int status() {
      return status;
    }

    public boolean ended() {
      return ended;
    }
  }

  /**
   * Looks for news of a child.
   *
   * @param selector as waitpid's pid: above 0 that child, 0 the caller's group, -1 any, below -1
   *     the group with the negated number
   * @param options of the constants above
   * @return 0 with {@code news} filled in, or -1 for none yet with WNOHANG; a negated error number
   *     or {@link Caller#BLOCKED}. A found zombie is still there: see {@link #take}.
   */
  public long find(Task t, int selector, int options, News news) {
    Process parent = t.process();
    boolean any = false;
    for (int i = 0; i < parent.children().size(); i++) {
      Process child = parent.children().get(i);
      if (!matches(child, parent, selector)) {
        continue;
      }
      any = true;
      if (hasNews(child, options, news)) {
        return 0;
      }
    }
    if (!any) {
      return -Errno.ECHILD;
    }
    if ((options & WNOHANG) != 0) {
      news.child = null;
      return -1;
    }
    return t.sleepOn(parent.childChanged());
  }

  private static boolean matches(Process child, Process parent, int selector) {
    if (selector == -1) {
      return true;
    }
    if (selector > 0) {
      return child.pid() == selector;
    }
    return child.group().id() == (selector == 0 ? parent.group().id() : -selector);
  }

  private static boolean hasNews(Process child, int options, News news) {
    news.child = child;
    news.ended = false;
    if (child.isZombie() && (options & WEXITED) != 0) {
      news.ended = true;
      news.status = child.exitStatus();
      return true;
    }
    if ((options & WSTOPPED) != 0 && child.stopUnreported()) {
      news.status = child.stopSignal() << 8 | 0x7f;
      return true;
    }
    if ((options & WCONTINUED) != 0 && child.continueUnreported()) {
      news.status = STATUS_CONTINUED;
      return true;
    }
    return false;
  }

  /** Takes the news, so that it is not reported again: reaps a zombie. */
  public void take(Task t, News news) {
    Process child = news.child;
    if (news.ended) {
      t.process().chargeChild(child);
      exit.reap(child);
    } else if (news.status == STATUS_CONTINUED) {
      child.continueReported();
    } else {
      child.stopReported();
    }
  }
}
