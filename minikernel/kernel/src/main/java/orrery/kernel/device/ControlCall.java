package orrery.kernel.device;

import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.Unfinished;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.Range;
import orrery.ownership.Unsafe;
import orrery.ownership.Untrusted;

/**
 * A program's ioctl(2) of a driver's file, borrowed for one attempt of the call ({@link
 * BoundDriver#control}).
 *
 * <p>The structure that the argument points to is copied once ({@link #load}) and looked at in the
 * copy, so that the program cannot change it meanwhile. What goes to or from the program's memory
 * says whether it could: if not, the call answers {@code -EFAULT}, after the driver has given back
 * what it had taken for it.
 */
@Owned
public final class ControlCall {
  /** {@link #disk}: the file is the character device. */
  public static final int NO_DISK = -1;

  /** The most bytes of a structure: what a request number can say. */
  private static final int MAX_STRUCTURE = 1 << 14;

  private static final int CHUNK = 4096;
  private static final long NOWHERE = -1;

  private final int disk;
  private final byte[] chunk = new byte[CHUNK];
  private byte[] structure = new byte[128];
  private int loaded;
  private Caller caller;
  private Driven driven;
  private int number;
  private long argument;
  private boolean writable;

  /** An attempt that slept, until the call is made again or its program ends. */
  private record Ticket(Driven driven, int number) implements Unfinished {
    @Override
    public void abandoned() {
      if (driven.isBound()) {
        driven.get().abandon(number);
      }
    }
  }

  /**
   * Calls of one open file.
   *
   * @param disk the disk's number, or {@link #NO_DISK}
   */
  public ControlCall(int disk) {
    this.disk = disk;
  }

  /** Makes an attempt of a call. */
  @Unsafe("the call is lent to one attempt at a time, for calls never nest")
  @SuppressWarnings("exports") // for the kernel itself, not for drivers
  public long make(Caller c, Driven to, int request, long arg, boolean mayWrite) {
    caller = c;
    driven = to;
    number = request;
    argument = arg;
    writable = mayWrite;
    loaded = 0;
    // SAFETY: see above
    return to.get().control(this);
  }

  /** The request. */
  public int number() {
    return number;
  }

  /** The number of the disk whose file it is, or {@link #NO_DISK}. */
  public int disk() {
    return disk;
  }

  /** The argument: as a rule the address of a structure. */
  public @Untrusted long argument() {
    return argument;
  }

  /** Whether the program is the super-user's (Linux: CAP_SYS_ADMIN). */
  public boolean isPrivileged() {
    return caller.uid() == 0;
  }

  /** Whether the file is open for writing. */
  public boolean isWritable() {
    return writable;
  }

  // ---- The structure ----

  /**
   * Copies the structure that the argument points to.
   *
   * @param length bytes, up to 16 KiB
   * @return false if the program has no such memory
   */
  public boolean load(int length) {
    if (length < 0 || length > MAX_STRUCTURE) {
      throw new IndexOutOfBoundsException("an ioctl's structure of " + length + " bytes");
    }
    if (length > structure.length) {
      structure = new byte[length];
    }
    loaded = length;
    try {
      caller.memory().copyIn(argument, structure, 0, length);
    } catch (ErrnoException e) {
      Arrays.fill(structure, (byte) 0);
      return false;
    }
    return true;
  }

  /** 8 bits of the structure, unsigned. */
  public @Untrusted int get8(int offset) {
    check(offset, Byte.BYTES);
    return Byte.toUnsignedInt(structure[offset]);
  }

  /** 16 bits of the structure, unsigned. */
  public @Untrusted int get16(int offset) {
    return (int) get(offset, Short.BYTES);
  }

  /** 32 bits of the structure. */
  public @Untrusted int get32(int offset) {
    return (int) get(offset, Integer.BYTES);
  }

  /** 64 bits of the structure. */
  public @Untrusted long get64(int offset) {
    return get(offset, Long.BYTES);
  }

  private long get(int offset, int bytes) {
    check(offset, bytes);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << Byte.SIZE | structure[offset + i] & 0xff;
    }
    return value;
  }

  /** Sets 32 bits of the copy; {@link #store} takes it to the program. */
  public void set32(int offset, int value) {
    set(offset, value, Integer.BYTES);
  }

  /** Sets 64 bits of the copy; {@link #store} takes it to the program. */
  public void set64(int offset, long value) {
    set(offset, value, Long.BYTES);
  }

  private void set(int offset, long value, int bytes) {
    check(offset, bytes);
    for (int i = 0; i < bytes; i++) {
      structure[offset + i] = (byte) (value >>> i * Byte.SIZE);
    }
  }

  /**
   * Copies a part of the structure back to the program.
   *
   * @return false if the program cannot write there
   */
  public boolean store(int offset, int length) {
    check(offset, length);
    try {
      caller.memory().copyOut(structure, offset, argument + offset, length);
    } catch (ErrnoException e) {
      return false;
    }
    return true;
  }

  private void check(int offset, int length) {
    if (offset < 0 || length < 0 || offset > loaded - length) {
      throw new IndexOutOfBoundsException(
          length + " bytes at " + offset + " of an ioctl's structure of " + loaded);
    }
  }

  // ---- Data ----

  /**
   * Copies data from the program.
   *
   * @param from address in the program
   * @param length bytes
   * @return false if the program has no such memory
   */
  public boolean get(@Untrusted long from, CpuBuffer to, int length) {
    long start = start(from, length);
    if (start == NOWHERE) {
      return false;
    }
    try {
      for (int done = 0; done < length; ) {
        int part = Math.min(length - done, CHUNK);
        caller.memory().copyIn(start + done, chunk, 0, part);
        to.write(done, chunk, 0, part);
        done += part;
      }
    } catch (ErrnoException e) {
      return false;
    }
    return true;
  }

  /**
   * Copies data to the program.
   *
   * @param to address in the program
   * @param length bytes
   * @return false if the program cannot write there
   */
  public boolean put(CpuBuffer from, @Untrusted long to, int length) {
    long start = start(to, length);
    if (start == NOWHERE) {
      return false;
    }
    try {
      for (int done = 0; done < length; ) {
        int part = Math.min(length - done, CHUNK);
        from.read(done, chunk, 0, part);
        caller.memory().copyOut(chunk, 0, start + done, part);
        done += part;
      }
    } catch (ErrnoException e) {
      return false;
    }
    return true;
  }

  private static long start(@Untrusted long at, int length) {
    try {
      return Range.part(at, length, AddressSpace.END);
    } catch (OutOfRangeException e) {
      return NOWHERE;
    }
  }

  // ---- Waiting ----

  /** What an earlier attempt of this call told {@link #sleepOn}; 0 at the first attempt. */
  public int ticket() {
    return caller.unfinished() instanceof Ticket t ? t.number : 0;
  }

  /**
   * The call cannot go on: it sleeps, whatever signals come, and is made again when {@code waiters}
   * wakes. If its program ends meanwhile, {@link BoundDriver#abandon} is called instead.
   *
   * @param ticket what the call has begun, not 0; {@link #ticket} tells it to the next attempt
   * @return what the call returns
   */
  public long sleepOn(Waiters waiters, int ticket) {
    if (ticket == 0) {
      throw new IllegalArgumentException("a call that sleeps has a ticket other than 0");
    }
    if (ticket() != ticket) {
      caller.unfinished(new Ticket(driven, ticket));
    }
    return caller.sleepThroughSignals(waiters.queue());
  }

  /** The answer if {@link #load} and its like returned false. */
  public static long fault() {
    return -Errno.EFAULT;
  }
}
