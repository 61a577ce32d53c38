package orrery.driver.nvme;

import orrery.kernel.abi.Errno;
import orrery.kernel.device.ControlCall;
import orrery.kernel.device.Waiters;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.HardwareException;
import orrery.ownership.Nullable;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Range;
import orrery.ownership.Untrusted;

/**
 * Programs' own commands (Linux: include/uapi/linux/nvme_ioctl.h and drivers/nvme/host/ioctl.c).
 * Each call that is under way has one of a few commands; its data are copied to a buffer that the
 * device gets, and back. What the device says of a command is the call's result.
 */
final class Passthrough {
  /** The most tickets of calls that have a command. */
  static final int COMMANDS = 8;

  // struct nvme_passthru_cmd; nvme_passthru_cmd64 differs in its end.
  private static final int LENGTH = 72;

  private static final int LENGTH_64 = 80;
  private static final int OPCODE = 0;
  private static final int FLAGS = 1;
  private static final int NAMESPACE = 4;
  private static final int DWORD_2 = 8;
  private static final int ADDRESS = 24;
  private static final int METADATA_LENGTH = 32;
  private static final int DATA_LENGTH = 36;
  private static final int DWORD_10 = 40;
  private static final int DWORD_12 = 48;
  private static final int DWORD_14 = 56;
  private static final int TIMEOUT = 64;
  private static final int RESULT = 68;
  private static final int RESULT_64 = 72;

  // struct nvme_user_io.
  private static final int LENGTH_IO = 48;
  private static final int IO_CONTROL = 2;
  private static final int IO_BLOCKS = 4;
  private static final int IO_ADDRESS = 16;
  private static final int IO_FIRST_BLOCK = 24;
  private static final int IO_HINTS = 32;
  private static final int IO_REFERENCE = 36;
  private static final int IO_APPLICATION = 40;

  /** Bits 1:0 of an opcode say which way its data go (Base, section 3.3.3.1). */
  private static final int TO_DEVICE = 1;

  private static final int FROM_DEVICE = 2;
  private static final int COMPARE = 0x05;
  private static final int BYTE_MAX = 0xff;
  private static final int WORD_MAX = 0xffff;
  private static final int MILLIS_PER_TICK = 100;

  /** No command is free. */
  static final int BUSY = Integer.MIN_VALUE;

  private final Command[] commands = new Command[COMMANDS];
  private final Call[] calls = new Call[COMMANDS];
  private final Waiters free = new Waiters();
  private int orphans;

  /** How a program describes a command. */
  enum Form {
    /** struct nvme_passthru_cmd. */
    COMMAND(LENGTH),
    /** struct nvme_passthru_cmd64. */
    COMMAND_64(LENGTH_64),
    /** struct nvme_user_io. */
    IO(LENGTH_IO);

    private final int length;

    Form(int length) {
      this.length = length;
    }
  }

  /** What is kept of a call while its command is under way. */
  private static final class Call {
    boolean taken;
    boolean orphan;
    Form form = Form.COMMAND;

    /** Where its data are in the program. */
    @Untrusted long address;

    /** Bytes that go back there. */
    int toProgram;

    /** Ticks that the command may take, 0 for the usual ones. */
    int patience;
  }

  /** No commands yet. */
  Passthrough() {
    for (int i = 0; i < COMMANDS; i++) {
      commands[i] = new Command(Command.Kind.WAITED);
      calls[i] = new Call();
    }
  }

  /** The command of a call. */
  Command command(int index) {
    return commands[index];
  }

  /** Ticks that the command of a call may take, {@code usual} if its program does not say. */
  int patience(int index, int usual) {
    return calls[index].patience == 0 ? usual : calls[index].patience;
  }

  /** Wake when there may be a free command. */
  Waiters free() {
    return free;
  }

  // ---- Begin ----

  /**
   * Makes a command of what a program wants.
   *
   * @param most bytes of data
   * @param blockShift of the namespace, for {@link Form#IO}
   * @return the index of the command, {@code -errno}, or {@link #BUSY}
   */
  int begin(ControlCall call, Dma dma, Form form, int most, int blockShift) {
    if (!call.isPrivileged()) {
      return -Errno.EACCES;
    }
    if (!call.load(form.length)) {
      return -Errno.EFAULT;
    }
    int index = 0;
    while (index < COMMANDS && calls[index].taken) {
      index++;
    }
    if (index == COMMANDS) {
      return BUSY;
    }
    try {
      calls[index].form = form;
      int answer =
          form == Form.IO
              ? blocks(call, dma, index, most, blockShift)
              : any(call, dma, index, most);
      calls[index].taken = answer == 0;
      return answer == 0 ? index : answer;
    } catch (OutOfRangeException e) {
      return -Errno.EINVAL;
    }
  }

  private int any(ControlCall call, Dma dma, int index, int most) throws OutOfRangeException {
    if (call.get8(FLAGS) != 0 || call.get32(METADATA_LENGTH) != 0) {
      return -Errno.EINVAL;
    }
    Command command = commands[index];
    command.begin(Range.between(call.get8(OPCODE), 0, BYTE_MAX), whole(call, NAMESPACE));
    command.dwords2 = whole64(call, DWORD_2);
    command.dwords10 = whole64(call, DWORD_10);
    command.dwords12 = whole64(call, DWORD_12);
    command.dwords14 = whole64(call, DWORD_14);
    int millis = whole(call, TIMEOUT);
    calls[index].patience =
        millis < 0 ? Integer.MAX_VALUE / 2 : millis == 0 ? 0 : millis / MILLIS_PER_TICK + 1;
    calls[index].address = call.get64(ADDRESS);
    return data(call, dma, index, Range.length(call.get32(DATA_LENGTH), most));
  }

  private int blocks(ControlCall call, Dma dma, int index, int most, int blockShift)
      throws OutOfRangeException {
    int opcode = Range.between(call.get8(OPCODE), 0, BYTE_MAX);
    if (call.get8(FLAGS) != 0
        || opcode != Opcode.READ && opcode != Opcode.WRITE && opcode != COMPARE) {
      return -Errno.EINVAL;
    }
    int count = Range.between(call.get16(IO_BLOCKS), 0, WORD_MAX);
    int control = Range.between(call.get16(IO_CONTROL), 0, WORD_MAX);
    Command command = commands[index];
    command.begin(opcode, call.disk());
    command.dwords10 = whole64(call, IO_FIRST_BLOCK);
    command.dwords12 = SubmissionEntry.pair(count | control << Short.SIZE, whole(call, IO_HINTS));
    command.dwords14 = SubmissionEntry.pair(whole(call, IO_REFERENCE), whole(call, IO_APPLICATION));
    calls[index].patience = 0;
    calls[index].address = call.get64(IO_ADDRESS);
    long length = count + 1L << blockShift;
    return length > most ? -Errno.EINVAL : data(call, dma, index, (int) length);
  }

  /** Numbers that go to the device as they are: it refuses what it does not like. */
  private static int whole(ControlCall call, int at) throws OutOfRangeException {
    return Range.between(call.get32(at), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static long whole64(ControlCall call, int at) throws OutOfRangeException {
    return Range.between(call.get64(at), Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private int data(ControlCall call, Dma dma, int index, int length) {
    int way = commands[index].opcode & (TO_DEVICE | FROM_DEVICE);
    calls[index].toProgram = (way & FROM_DEVICE) != 0 ? length : 0;
    if (length == 0) {
      return 0;
    }
    CpuBuffer buffer = allocate(dma, length);
    if (buffer == null) {
      return -Errno.ENOMEM;
    }
    if ((way & TO_DEVICE) != 0 && !call.get(calls[index].address, buffer, length)) {
      buffer.close();
      return -Errno.EFAULT;
    }
    return commands[index].lend(buffer.toDevice(), dma) ? 0 : -Errno.ENOMEM;
  }

  @Nullable
  private static CpuBuffer allocate(Dma dma, int length) {
    try {
      return dma.buffer(length, Direction.BOTH);
    } catch (HardwareException e) {
      return null;
    }
  }

  // ---- End ----

  /** A call ends whose command is over, or was never under way. */
  long end(ControlCall call, int index) {
    Command command = commands[index];
    Call kept = calls[index];
    int status = command.status();
    boolean copied = true;
    CpuBuffer buffer = command.reclaim();
    if (buffer != null) {
      if (kept.toProgram > 0) {
        copied = call.put(buffer, kept.address, kept.toProgram);
      }
      buffer.close();
    }
    release(index);
    if (status == Status.HOST_ABORTED) {
      return -Errno.EINTR;
    }
    if (!copied || !call.load(kept.form.length)) {
      return -Errno.EFAULT;
    }
    return storeResult(call, kept.form, command) ? status : -Errno.EFAULT;
  }

  private static boolean storeResult(ControlCall call, Form form, Command command) {
    return switch (form) {
      case COMMAND -> {
        call.set32(RESULT, command.result());
        yield call.store(RESULT, Integer.BYTES);
      }
      case COMMAND_64 -> {
        call.set64(RESULT_64, SubmissionEntry.pair(command.result(), command.resultHigh()));
        yield call.store(RESULT_64, Long.BYTES);
      }
      case IO -> true;
    };
  }

  /** A call ends whose command did not get to the device. */
  void drop(int index) {
    commands[index].close();
    release(index);
  }

  private void release(int index) {
    calls[index].taken = false;
    calls[index].orphan = false;
    free.wakeAll();
  }

  /** Nobody waits for a command any more. */
  void abandon(int index) {
    if (commands[index].isUnderWay()) {
      calls[index].orphan = true;
      orphans++;
    } else {
      drop(index);
    }
  }

  /** Ends commands that nobody waits for and that the device is done with. */
  void sweep() {
    for (int i = 0; orphans > 0 && i < COMMANDS; i++) {
      if (calls[i].orphan && !commands[i].isUnderWay()) {
        orphans--;
        drop(i);
      }
    }
  }

  /** Ends all commands; the controller was stopped. */
  void close() {
    for (Command command : commands) {
      command.close();
    }
  }
}
