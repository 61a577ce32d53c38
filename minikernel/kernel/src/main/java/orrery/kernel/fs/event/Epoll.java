package orrery.kernel.fs.event;

import java.util.HashMap;
import java.util.IdentityHashMap;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.Budget;
import orrery.kernel.fs.CloseWatch;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.WaitQueue;

/**
 * An epoll instance (epoll(7)). Items stay on the queues of their files; a wake-up puts them on the
 * list of those that may be ready, and only these are looked at when events are asked for.
 */
public final class Epoll extends OpenFile {
  /** Operations of epoll_ctl(2). Source: Linux {@code include/uapi/linux/eventpoll.h}. */
  public static final int EPOLL_CTL_ADD = 1;

  public static final int EPOLL_CTL_DEL = 2;
  public static final int EPOLL_CTL_MOD = 3;

  /** Size of struct epoll_event on arm64, where it is not packed, and the offset of its data. */
  public static final int EVENT_SIZE = 16;

  public static final int EVENT_DATA = 8;

  /** How many instances may watch one another in a row (EP_MAX_NESTS + 1). */
  private static final int MAX_NESTING = 5;

  /** What may stand beside EPOLLEXCLUSIVE. */
  private static final int EXCLUSIVE_ALLOWED =
      PollEvent.POLLIN
          | PollEvent.POLLOUT
          | PollEvent.ALWAYS
          | PollEvent.EPOLLWAKEUP
          | PollEvent.EPOLLET
          | PollEvent.EPOLLEXCLUSIVE;

  /** Estimated bytes of an item with its hooks. */
  private static final int ITEM_COST = 256;

  record Key(int fd, OpenFile file) {}

  private final Budget budget;
  private final HashMap<Key, EpollItem> items = new HashMap<>();
  private final WaitQueue waiters = new WaitQueue();
  private EpollItem firstReady;
  private EpollItem lastReady;

  /** An instance that watches nothing. */
  public Epoll(Vfs vfs) {
    super(vfs.anonymous().shared(), OpenFlag.O_RDWR);
    budget = vfs.anonymous().budget();
  }

  @Override
  public String path() {
    return "anon_inode:[eventpoll]";
  }

  /** epoll_ctl(2): 0 or {@code -errno}. */
  public long control(int operation, int fd, OpenFile file, int events, long data) {
    if (!file.isPollable()) {
      return -Errno.EPERM;
    }
    if (file == this) {
      return -Errno.EINVAL;
    }
    boolean exclusive = (events & PollEvent.EPOLLEXCLUSIVE) != 0;
    if (operation != EPOLL_CTL_DEL && exclusive) {
      if (operation == EPOLL_CTL_MOD
          || file instanceof Epoll
          || (events & ~EXCLUSIVE_ALLOWED) != 0) {
        return -Errno.EINVAL;
      }
    }
    Key key = new Key(fd, file);
    EpollItem item = items.get(key);
    return switch (operation) {
      case EPOLL_CTL_ADD -> item != null ? -Errno.EEXIST : add(key, events, data);
      case EPOLL_CTL_DEL -> item == null ? -Errno.ENOENT : remove(key, item);
      case EPOLL_CTL_MOD -> item == null ? -Errno.ENOENT : change(item, events, data);
      default -> -Errno.EINVAL;
    };
  }

  private long add(Key key, int events, long data) {
    if (key.file instanceof Epoll inner && !mayWatch(inner)) {
      return -Errno.ELOOP;
    }
    budget.take(ITEM_COST);
    EpollItem item = new EpollItem(this, key);
    items.put(key, item);
    if (item.start(key.file, events, data) != 0) {
      becameReady(item);
    }
    return 0;
  }

  /** Whether watching {@code inner} makes neither a circle nor too long a row. */
  private boolean mayWatch(Epoll inner) {
    IdentityHashMap<Epoll, Integer> below = new IdentityHashMap<>();
    int depth = inner.depth(below);
    return !below.containsKey(this) && depth + height(new IdentityHashMap<>()) <= MAX_NESTING;
  }

  /**
   * Levels of instances from this one down.
   *
   * @param known what was found already, so that each instance is looked at once
   */
  private int depth(IdentityHashMap<Epoll, Integer> known) {
    Integer found = known.get(this);
    if (found != null) {
      return found;
    }
    int deepest = 0;
    for (Key k : items.keySet()) {
      if (k.file instanceof Epoll inner) {
        deepest = Math.max(deepest, inner.depth(known));
      }
    }
    known.put(this, deepest + 1);
    return deepest + 1;
  }

  /** Levels of instances from this one up. */
  private int height(IdentityHashMap<Epoll, Integer> known) {
    Integer found = known.get(this);
    if (found != null) {
      return found;
    }
    int highest = 0;
    for (CloseWatch w = firstWatch(); w != null; w = w.next()) {
      if (w instanceof EpollItem i) {
        highest = Math.max(highest, i.epoll.height(known));
      }
    }
    known.put(this, highest + 1);
    return highest + 1;
  }

  private long change(EpollItem item, int events, long data) {
    if (item.isExclusive()) {
      return -Errno.EINVAL;
    }
    if (item.change(events, data) != 0) {
      becameReady(item);
    }
    return 0;
  }

  private long remove(Key key, EpollItem item) {
    items.remove(key);
    item.leave();
    discard(item);
    return 0;
  }

  private void discard(EpollItem item) {
    item.stop();
    unlinkReady(item);
    budget.give(ITEM_COST);
  }

  /** The file of {@code item} was closed. */
  void fileClosed(EpollItem item) {
    items.remove(item.key);
    discard(item);
  }

  /** {@code item} may have events. */
  void becameReady(EpollItem item) {
    if (!item.inReadyList) {
      linkReady(item);
      waiters.wakeAll();
    }
  }

  /**
   * Tells the events that are there.
   *
   * @param to array of struct epoll_event in {@code m}
   * @param most how many fit
   * @return how many were told
   */
  public int collect(AddressSpace m, long to, int most) {
    int told = 0;
    EpollItem last = lastReady; // items that go back to the list come after it
    for (EpollItem i = firstReady; i != null && told < most; ) {
      EpollItem next = i == last ? null : i.nextReady;
      unlinkReady(i);
      int events = i.ready();
      if (events != 0) {
        try {
          m.writeInt(to + (long) told * EVENT_SIZE, events);
          m.writeLong(to + (long) told * EVENT_SIZE + EVENT_DATA, i.data());
        } catch (ErrnoException e) {
          linkReady(i);
          if (told > 0) {
            return told;
          }
          throw e;
        }
        told++;
        if (i.isOneShot()) {
          i.disable();
        } else if (!i.isEdgeTriggered()) {
          linkReady(i);
        }
      }
      i = next;
    }
    return told;
  }

  /** Woken when an item becomes ready. */
  public WaitQueue waiters() {
    return waiters;
  }

  @Override
  public int poll(PollTable table) {
    if (table != null) {
      table.add(waiters, PollEvent.READABLE);
    }
    EpollItem last = lastReady;
    for (EpollItem i = firstReady; i != null; ) {
      EpollItem next = i == last ? null : i.nextReady;
      if (i.ready() != 0) {
        return PollEvent.READABLE;
      }
      unlinkReady(i);
      i = next;
    }
    return 0;
  }

  @Override
  protected void release() {
    for (EpollItem i : items.values()) {
      i.leave();
      discard(i);
    }
    items.clear();
  }

  private void linkReady(EpollItem i) {
    i.inReadyList = true;
    i.previousReady = lastReady;
    i.nextReady = null;
    if (lastReady == null) {
      firstReady = i;
    } else {
      lastReady.nextReady = i;
    }
    lastReady = i;
  }

  private void unlinkReady(EpollItem i) {
    if (!i.inReadyList) {
      return;
    }
    i.inReadyList = false;
    if (i.previousReady == null) {
      firstReady = i.nextReady;
    } else {
      i.previousReady.nextReady = i.nextReady;
    }
    if (i.nextReady == null) {
      lastReady = i.previousReady;
    } else {
      i.nextReady.previousReady = i.previousReady;
    }
    i.previousReady = null;
    i.nextReady = null;
  }
}
