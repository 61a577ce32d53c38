package orrery.kernel.aio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import orrery.kernel.abi.Errno;
import orrery.kernel.disk.AsynchronousFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.TimerQueue;

/**
 * The entries of a ring that do not simply begin when they are submitted: chains, what waits for
 * all before it, and what waits for an event or a time. Source: io_uring_enter(2).
 *
 * <p>What becomes possible while the program is elsewhere is done when it enters the kernel for the
 * ring the next time; the rings' flags tell it that it should (IORING_SQ_TASKRUN), and it is woken
 * if it waits.
 */
final class UringWork {
  private final Uring ring;
  private final UringEntry entry;
  private final TimerQueue timers;

  /** What can begin. */
  private final ArrayDeque<UringRequest> ready = new ArrayDeque<>();

  /** Chains that wait for all before them, or for such a one. */
  private final ArrayDeque<UringRequest> deferred = new ArrayDeque<>();

  /** What waits for an event or a time. */
  private final List<UringRequest> waiting = new ArrayList<>();

  private final Choice happened = r -> r.isWoken() && looked(r);
  private final Choice reached = this::reached;

  // The chain that is being put together.
  private UringRequest head;
  private UringRequest last;

  /** Entries that have begun, or are in chains that have, and have not ended. */
  private int live;

  /** A chain has begun that the next ones wait for. */
  private boolean draining;

  /** Completions so far, those of time-outs aside. */
  private long completions;

  private boolean running;

  UringWork(Uring ring, UringEntry entry, TimerQueue timers) {
    this.ring = ring;
    this.entry = entry;
    this.timers = timers;
  }

  TimerQueue timers() {
    return timers;
  }

  // ---- Submission ----

  /** Whether an entry is one for here. */
  boolean takes(byte[] bytes) {
    return head != null
        || UringRequest.links(bytes)
        || UringRequest.drains(bytes)
        || !deferred.isEmpty()
        || draining && live > 0
        || bytes[0] == UringEntry.POLL_ADD
        || bytes[0] == UringEntry.TIMEOUT
        || bytes[0] == UringEntry.LINK_TIMEOUT;
  }

  /**
   * Takes an entry.
   *
   * @return false if it was refused, and no chain goes on with it
   */
  boolean submit(byte[] bytes, AddressSpace memory) {
    UringRequest r = new UringRequest(this, bytes, memory);
    r.refusal = entry.prepare(r, last);
    if (head == null) {
      head = r;
    } else {
      last.link = r;
    }
    last = r;
    if (UringRequest.links(bytes)) {
      return true;
    }
    endChain();
    return r.refusal == 0;
  }

  /** Takes an entry that cannot be finished now, behind those that were taken before. */
  void keep(byte[] bytes, AddressSpace memory) {
    ready.add(new UringRequest(this, bytes, memory));
    live++;
  }

  /** The chain that is being put together is whole. */
  void endChain() {
    UringRequest chain = head;
    if (chain == null) {
      return;
    }
    head = null;
    last = null;
    boolean refused = false;
    for (UringRequest r = chain; r != null; r = r.link) {
      refused |= r.refusal != 0;
    }
    if (refused) {
      for (UringRequest r = chain; r != null; r = r.link) {
        ring.complete(r.data(), r.refusal != 0 ? -r.refusal : -Errno.ECANCELED);
      }
      return;
    }
    deferred.add(chain);
    advance();
    run();
  }

  /** Something began that nothing hangs on. */
  void began() {
    live++;
  }

  /** Something ended that nothing hangs on. */
  void ended() {
    live--;
    goOn();
  }

  /** Begins the chains whose turn it is. */
  private void advance() {
    draining &= live > 0;
    while (!deferred.isEmpty()) {
      UringRequest chain = deferred.peek();
      boolean drains = chain.chainDrains();
      if (live > 0 && (draining || drains)) {
        return;
      }
      draining = drains;
      deferred.remove();
      ready.add(chain);
      for (UringRequest r = chain; r != null; r = r.link) {
        live++;
      }
    }
  }

  // ---- Doing ----

  /** Whether something can begin. */
  boolean isReady() {
    return !ready.isEmpty();
  }

  /** Does what can be done; a program has entered the kernel. */
  void run() {
    if (running) {
      return;
    }
    running = true;
    try {
      look();
      while (!ready.isEmpty()) {
        begin(ready.remove());
        look();
      }
    } finally {
      running = false;
    }
  }

  private void begin(UringRequest r) {
    if (r.link != null && r.link.isLimit()) {
      r.limit = r.link;
      r.link = r.limit.link;
      r.limit.limited = r;
    }
    long result = r.cancelled ? -Errno.ECANCELED : entry.start(r);
    if (result != AsynchronousFile.BEGUN) {
      finished(r, result);
    } else if (r.limit != null && !r.limit.hasTime()) {
      entry.arm(r.limit);
    }
  }

  /** Ends the polls whose events have come. */
  void look() {
    sweep(happened);
  }

  /** Goes through those that wait, and from the first on again when one does so no more. */
  private void sweep(Choice over) {
    for (int i = 0; i < waiting.size(); i++) {
      if (over.takes(waiting.get(i))) {
        i = -1; // others may have ended with it
      }
    }
  }

  /** Whether one that was woken waits no more. */
  private boolean looked(UringRequest r) {
    if (r.retries()) {
      again(r);
      return true;
    }
    int there = r.look();
    if (there == 0 || r.isMultishot() && ring.more(r.data(), there)) {
      return false;
    }
    over(r, there);
    return true;
  }

  /** What waited is made once more. */
  private void again(UringRequest r) {
    waiting.remove(r);
    r.tryAgain();
    ready.add(r);
  }

  /** A read or write of one has ended, in any context. */
  void transferred(UringRequest r, long result) {
    ring.noMore();
    finished(r, result);
  }

  /** One has ended: what hangs on it begins, or does not. */
  void finished(UringRequest r, long result) {
    UringRequest next = r.link;
    r.link = null;
    r.stop();
    tell(r, result);
    UringRequest limit = r.limit;
    if (limit != null) {
      r.limit = null;
      limit.stop();
      ended(limit, -Errno.ECANCELED);
    }
    if (next != null && r.breaksChain(result)) {
      for (; next != null; next = next.link) {
        tell(next, -Errno.ECANCELED);
      }
    } else if (next != null) {
      ready.add(next);
    }
    goOn();
  }

  /** A time-out of another request has ended, and nothing hangs on that. */
  private void ended(UringRequest limit, long result) {
    limit.limited = null;
    tell(limit, result);
  }

  /** Tells the program of the end of one. */
  private void tell(UringRequest r, long result) {
    live--;
    ring.complete(r.data(), result);
    if (r.opcode() != UringEntry.TIMEOUT) {
      completed();
    }
  }

  private void goOn() {
    advance();
    if (!ready.isEmpty() && !running) {
      ring.wantsProgram();
    }
  }

  // ---- Events and times ----

  /** Waits for what the request has begun to wait for. */
  void await(UringRequest r) {
    waiting.add(r);
  }

  /** Something has happened that a poll waits for. */
  void wantsLook() {
    if (!running) {
      ring.wantsProgram();
    }
  }

  /** The number of completions that ends a time-out which is to see {@code more}. */
  long target(long more) {
    return completions + more;
  }

  /** An entry that is no time-out has completed. */
  void completed() {
    completions++;
    sweep(reached);
  }

  /** Whether a time-out has seen its completions, and so waits no more. */
  private boolean reached(UringRequest r) {
    boolean there = r.target <= completions;
    if (there) {
      over(r, 0);
    }
    return there;
  }

  /** The time of a time-out has come. */
  void expired(UringRequest r) {
    UringRequest late = r.limited;
    if (late == null) {
      over(r, -Errno.ETIME);
      return;
    }
    late.limit = null;
    if (waiting.remove(late)) {
      late.stop();
      ended(r, -Errno.ETIME);
      finished(late, -Errno.ECANCELED);
    } else if (ready.contains(late)) {
      late.cancelled = true;
      ended(r, -Errno.ETIME);
      goOn();
    } else {
      ended(r, -Errno.ENOENT); // a device has it
      goOn();
    }
  }

  /** What waited waits no more. */
  void over(UringRequest r, long result) {
    waiting.remove(r);
    r.stop();
    finished(r, result);
  }

  /** Which of those that wait are meant. */
  interface Choice {
    boolean takes(UringRequest r);
  }

  /**
   * Takes back what waits.
   *
   * @param all more than one
   * @return how many
   */
  int cancel(Choice choice, boolean all) {
    int count = 0;
    for (int i = 0; i < waiting.size() && (all || count == 0); i++) {
      UringRequest r = waiting.get(i);
      if (choice.takes(r)) {
        waiting.remove(i--);
        r.stop();
        r.cancelled = true;
        ready.add(r); // its completion comes behind that of who took it back
        count++;
      }
    }
    return count;
  }

  /** The ring ends. */
  void release() {
    for (UringRequest r : waiting) {
      r.stop();
      r.stopLimit();
    }
    for (UringRequest r : ready) {
      r.stop();
      r.stopLimit();
    }
    waiting.clear();
    ready.clear();
    deferred.clear();
  }
}
