package orrery.kernel.fs.event;

import java.util.Arrays;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.CloseWatch;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.WaitQueue;
import orrery.kernel.wait.Waiter;

/** One descriptor that an epoll instance watches. */
final class EpollItem extends CloseWatch implements PollTable {
  /** Flags that are kept while a one-shot item is disabled. */
  private static final int PRIVATE =
      PollEvent.EPOLLEXCLUSIVE | PollEvent.EPOLLWAKEUP | PollEvent.EPOLLONESHOT | PollEvent.EPOLLET;

  private static final Hook[] NO_HOOKS = {};

  /** The item's place in one of its file's queues. */
  private static final class Hook extends Waiter {
    private final EpollItem item;
    private final int events;

    Hook(EpollItem item, int events) {
      this.item = item;
      this.events = events;
    }

    @Override
    protected boolean woken() {
      // A queue wakes for errors and hang-ups as well; whether an item that asks for nothing it
      // brings is ready only the file can say.
      int wanted = item.events & ~PRIVATE;
      if ((wanted & events) != 0 || wanted != 0 && (item.file().poll(null) & wanted) != 0) {
        item.epoll.becameReady(item);
      }
      return false; // others who sleep on the queue are woken as if this one were not there
    }
  }

  final Epoll epoll;

  /** Where the instance finds it. */
  final Epoll.Key key;

  /** What is asked for, EPOLL flags included. */
  private int events;

  /** What the program wants to be told with the events. */
  private long data;

  private Hook[] hooks = NO_HOOKS;

  // Place in the list of those that may be ready.
  EpollItem previousReady;
  EpollItem nextReady;
  boolean inReadyList;

  EpollItem(Epoll epoll, Epoll.Key key) {
    this.epoll = epoll;
    this.key = key;
  }

  /** Starts to watch {@code f}; returns the events that it has now. */
  int start(OpenFile f, int wanted, long tag) {
    events = wanted | PollEvent.ALWAYS;
    data = tag;
    watch(f);
    return f.poll(this) & events;
  }

  /** Asks for other events; returns those that the file has now. */
  int change(int wanted, long tag) {
    events = wanted | PollEvent.ALWAYS;
    data = tag;
    return ready();
  }

  /** The events that are asked for and there. */
  int ready() {
    int wanted = events & ~PRIVATE;
    return wanted == 0 ? 0 : file().poll(null) & wanted;
  }

  /** No more events until it is changed (EPOLLONESHOT). */
  void disable() {
    events &= PRIVATE;
  }

  boolean isOneShot() {
    return (events & PollEvent.EPOLLONESHOT) != 0;
  }

  boolean isEdgeTriggered() {
    return (events & PollEvent.EPOLLET) != 0;
  }

  boolean isExclusive() {
    return (events & PollEvent.EPOLLEXCLUSIVE) != 0;
  }

  long data() {
    return data;
  }

  /** Leaves the file's queues. */
  void stop() {
    for (Hook h : hooks) {
      h.leave();
    }
    hooks = NO_HOOKS;
  }

  @Override
  protected void fileClosed() {
    epoll.fileClosed(this);
  }

  @Override
  public void add(WaitQueue queue) {
    add(queue, -1);
  }

  @Override
  public void add(WaitQueue queue, int queueEvents) {
    Hook h = new Hook(this, queueEvents);
    hooks = Arrays.copyOf(hooks, hooks.length + 1);
    hooks[hooks.length - 1] = h;
    h.join(queue);
  }
}
