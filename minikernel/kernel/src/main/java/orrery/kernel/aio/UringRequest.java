package orrery.kernel.aio;

import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.LittleEndian;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.disk.IoEnd;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.KernelTimer;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.TimerQueue;
import orrery.kernel.wait.WaitQueue;
import orrery.kernel.wait.Waiter;

/**
 * A submission queue entry of which a copy is kept: others hang on its end, or it hangs on theirs,
 * or it waits for an event or a time.
 */
final class UringRequest implements PollTable, IoEnd {
  private static final int LINK = 1 << 2;
  private static final int HARD_LINK = 1 << 3;
  private static final int DRAIN = 1 << 1;
  private static final int ETIME_SUCCESS = 1 << 5;
  private static final Place[] NO_PLACES = {};

  private final UringWork work;
  private final byte[] bytes;
  private final AddressSpace memory;

  /** What begins when this has ended; null for nothing. */
  UringRequest link;

  /** Why it is no entry that could be done; 0 if it is one. */
  int refusal;

  /** What takes this one back when its time is over (IORING_OP_LINK_TIMEOUT); null for nothing. */
  UringRequest limit;

  /** Of such a one: what it takes back. */
  UringRequest limited;

  /** Of a time-out: when, nanoseconds, from now or in machine time. */
  long time;

  /** Somebody took it back. */
  boolean cancelled;

  /** Bytes that a read or write is to move; -1 for others. */
  long expected = -1;

  /** How many completions end a time-out; {@link Long#MAX_VALUE} for none. */
  long target = Long.MAX_VALUE;

  private OpenFile file;
  private int events;

  /** It is not the events that count, but that another attempt may go better. */
  private boolean retries;

  private Place[] places = NO_PLACES;
  private int placesUsed;
  private boolean woken;

  private final KernelTimer timer =
      new KernelTimer() {
        @Override
        protected void expired() {
          work.expired(UringRequest.this);
        }
      };

  /** A place in a queue of a polled file. */
  private static final class Place extends Waiter {
    private final UringRequest request;

    Place(UringRequest request) {
      this.request = request;
    }

    @Override
    protected boolean woken() {
      if (request.woken) {
        return false;
      }
      request.woken = true;
      request.work.wantsLook();
      return true;
    }
  }

  /**
   * A copy.
   *
   * @param memory the program's
   */
  UringRequest(UringWork work, byte[] entry, AddressSpace memory) {
    this.work = work;
    this.memory = memory;
    bytes = entry.clone();
  }

  static boolean links(byte[] entry) {
    return (entry[UringEntry.FLAGS] & (LINK | HARD_LINK)) != 0;
  }

  static boolean drains(byte[] entry) {
    return (entry[UringEntry.FLAGS] & DRAIN) != 0;
  }

  byte[] bytes() {
    return bytes;
  }

  long data() {
    return LittleEndian.getLong(bytes, UringEntry.DATA);
  }

  boolean isOf(AddressSpace whose) {
    return memory == whose;
  }

  /** Whether anything of the chain that begins here waits for all that was submitted before. */
  boolean chainDrains() {
    for (UringRequest r = this; r != null; r = r.link) {
      if (drains(r.bytes)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a result ends the chain. */
  boolean breaksChain(long result) {
    if ((bytes[UringEntry.FLAGS] & HARD_LINK) != 0) {
      return false;
    }
    boolean timeIsSuccess =
        opcode() == UringEntry.TIMEOUT
            && (LittleEndian.getInt(bytes, UringEntry.RW_FLAGS) & ETIME_SUCCESS) != 0;
    return expected >= 0
        ? result != expected
        : result < 0 && !(result == -Errno.ETIME && timeIsSuccess);
  }

  @Override
  public void ended(long result) {
    work.transferred(this, result);
  }

  // ---- Waiting for an event ----

  /**
   * Begins to wait for events of a file.
   *
   * @return those that are there already; 0 for none
   */
  int await(OpenFile itsFile, int what) {
    file = itsFile.acquire();
    events = what | PollEvent.ALWAYS;
    return look();
  }

  /** Begins to wait until the file has changed so that another attempt may go better. */
  void awaitChange(OpenFile itsFile) {
    if (file == null) {
      file = itsFile.acquire();
    }
    retries = true;
    look();
  }

  /** Another attempt begins; the file stays the same whatever becomes of its descriptor. */
  void tryAgain() {
    leave();
    retries = false;
    woken = false;
  }

  /** The file that it waits or has waited for; null for none. */
  OpenFile file() {
    return file;
  }

  /** Whether it waits to be made again, and not for events. */
  boolean retries() {
    return retries;
  }

  /** Whether something has happened since the last look. */
  boolean isWoken() {
    return woken;
  }

  /** What has happened of what it waits for. */
  int look() {
    leave();
    woken = false;
    return file.poll(this) & events;
  }

  boolean isOn(OpenFile which) {
    return file == which;
  }

  int opcode() {
    return bytes[0] & 0xff;
  }

  /** Whether it goes on after its first event. */
  boolean isMultishot() {
    return opcode() == UringEntry.POLL_ADD
        && (LittleEndian.getInt(bytes, UringEntry.LENGTH) & UringEntry.POLL_ADD_MULTI) != 0;
  }

  /** It is the last of its chain, or of this one's time-out. */
  boolean isLimit() {
    return opcode() == UringEntry.LINK_TIMEOUT;
  }

  @Override
  public void add(WaitQueue queue) {
    if (placesUsed == places.length) {
      places = Arrays.copyOf(places, placesUsed + 1);
      places[placesUsed] = new Place(this);
    }
    places[placesUsed++].join(queue);
  }

  private void leave() {
    for (int i = 0; i < placesUsed; i++) {
      places[i].leave();
    }
    placesUsed = 0;
  }

  // ---- Waiting for a time ----

  /** Whether it waits for a time. */
  boolean hasTime() {
    return timer.isArmed();
  }

  /** Begins to wait until {@code nanos} of machine time. */
  void until(long nanos) {
    work.timers().arm(timer, nanos);
  }

  /** The time-out of this one is over, for the ring is. */
  void stopLimit() {
    if (limit != null) {
      limit.stop();
    }
  }

  /** It waits no more. */
  void stop() {
    tryAgain();
    TimerQueue timers = work.timers();
    timers.cancel(timer);
    if (file != null) {
      file.drop();
      file = null;
    }
  }
}
