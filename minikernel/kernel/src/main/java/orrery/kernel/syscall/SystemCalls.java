package orrery.kernel.syscall;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import orrery.kernel.abi.Errno;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.system.LoadAverage;
import orrery.kernel.system.RandomSource;
import orrery.kernel.system.SystemNames;
import orrery.kernel.task.Task;

/** What concerns the whole system: names, totals, random numbers, the power switch. */
final class SystemCalls {
  // getrandom(2)
  private static final int GRND_NONBLOCK = 1;
  private static final int GRND_RANDOM = 2;
  private static final int GRND_INSECURE = 4;
  private static final long MAX_RANDOM = 0x7fff_f000L;
  private static final long RANDOM_BURST = 1 << 20;

  // reboot(2)
  private static final int LINUX_REBOOT_MAGIC1 = 0xfee1dead;
  private static final int LINUX_REBOOT_MAGIC2 = 672274793;
  private static final int LINUX_REBOOT_MAGIC2A = 85072278;
  private static final int LINUX_REBOOT_MAGIC2B = 369367448;
  private static final int LINUX_REBOOT_MAGIC2C = 537993216;
  private static final int LINUX_REBOOT_CMD_RESTART = 0x01234567;
  private static final int LINUX_REBOOT_CMD_RESTART2 = 0xa1b2c3d4;
  private static final int LINUX_REBOOT_CMD_HALT = 0xcdef0123;
  private static final int LINUX_REBOOT_CMD_POWER_OFF = 0x4321fedc;
  private static final int LINUX_REBOOT_CMD_CAD_ON = 0x89abcdef;
  private static final int LINUX_REBOOT_CMD_CAD_OFF = 0;

  // struct new_utsname: six fields of 65 bytes
  private static final int UTS_FIELD = SystemNames.MAX_LENGTH + 1;

  // struct sysinfo
  private static final int SYSINFO_LOADS = 8;
  private static final int SYSINFO_TOTALRAM = 32;
  private static final int SYSINFO_FREERAM = 40;
  private static final int SYSINFO_PROCS = 80;
  private static final int SYSINFO_MEM_UNIT = 104;
  private static final int SYSINFO_SIZE = 112;

  // membarrier(2): with one processor every barrier is there already
  private static final int MEMBARRIER_CMD_QUERY = 0;
  private static final int MEMBARRIER_KNOWN = 0x1f;

  private static final int PERSONALITY_QUERY = 0xffff_ffff;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final SystemNames names;
  private final RandomSource random;
  private final LoadAverage load;
  private final FrameAllocator frames;
  private final PowerSwitch power;
  private final long bootNanos;

  /**
   * @param bootNanos machine time at which the machine was switched on
   */
  SystemCalls(
      SystemNames names,
      RandomSource random,
      LoadAverage load,
      FrameAllocator frames,
      PowerSwitch power,
      long bootNanos) {
    this.names = names;
    this.random = random;
    this.load = load;
    this.frames = frames;
    this.power = power;
    this.bootNanos = bootNanos;
  }

  long uname(Task t, long to) {
    byte[] fields = new byte[6 * UTS_FIELD];
    put(fields, 0, SystemNames.SYSTEM);
    put(fields, 1, names.host());
    put(fields, 2, SystemNames.RELEASE);
    put(fields, 3, SystemNames.VERSION);
    put(fields, 4, SystemNames.MACHINE);
    put(fields, 5, names.domain());
    t.memory().copyOut(fields, 0, to, fields.length);
    return 0;
  }

  private static void put(byte[] fields, int field, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    System.arraycopy(bytes, 0, fields, field * UTS_FIELD, bytes.length);
  }

  long sethostname(Task t, long from, int length) {
    long refused = mayName(t, length);
    if (refused == 0) {
      names.host(name(t, from, length));
    }
    return refused;
  }

  long setdomainname(Task t, long from, int length) {
    long refused = mayName(t, length);
    if (refused == 0) {
      names.domain(name(t, from, length));
    }
    return refused;
  }

  private static long mayName(Task t, int length) {
    if (t.uid() != 0) {
      return -Errno.EPERM;
    }
    return length < 0 || length > SystemNames.MAX_LENGTH ? -Errno.EINVAL : 0;
  }

  private static String name(Task t, long from, int length) {
    byte[] bytes = new byte[length];
    t.memory().copyIn(from, bytes, 0, length);
    String name = new String(bytes, ISO_8859_1);
    int end = name.indexOf(0);
    return end < 0 ? name : name.substring(0, end);
  }

  long sysinfo(Task t, long to) {
    AddressSpace memory = t.memory();
    for (int at = 0; at < SYSINFO_SIZE; at += Long.BYTES) {
      memory.writeLong(to + at, 0);
    }
    memory.writeLong(to, (t.now() - bootNanos) / NANOS_PER_SECOND);
    for (int i = 0; i < 3; i++) {
      memory.writeLong(to + SYSINFO_LOADS + 8L * i, load.shifted16(i));
    }
    memory.writeLong(to + SYSINFO_TOTALRAM, (long) frames.total() << 12);
    memory.writeLong(to + SYSINFO_FREERAM, (long) frames.free() << 12);
    memory.writeInt(to + SYSINFO_PROCS, t.process().table().threads() & 0xffff);
    memory.writeInt(to + SYSINFO_MEM_UNIT, 1);
    return 0;
  }

  long getrandom(Task t, long to, long length, int flags) {
    if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) != 0
        || (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE)) {
      return -Errno.EINVAL;
    }
    long wanted = Long.compareUnsigned(length, MAX_RANDOM) > 0 ? MAX_RANDOM : length;
    IoBuffer buffer = t.io().user(t.memory(), to, wanted);
    long done = 0;
    do {
      done += random.fill(buffer, RANDOM_BURST);
    } while (buffer.remaining() > 0 && !t.signalPending());
    return done;
  }

  long reboot(Task t, int magic1, int magic2, int command) {
    if (t.uid() != 0) {
      return -Errno.EPERM;
    }
    boolean known =
        switch (magic2) {
          case LINUX_REBOOT_MAGIC2,
              LINUX_REBOOT_MAGIC2A,
              LINUX_REBOOT_MAGIC2B,
              LINUX_REBOOT_MAGIC2C ->
              true;
          default -> false;
        };
    if (magic1 != LINUX_REBOOT_MAGIC1 || !known) {
      return -Errno.EINVAL;
    }
    switch (command) {
      case LINUX_REBOOT_CMD_RESTART,
          LINUX_REBOOT_CMD_RESTART2,
          LINUX_REBOOT_CMD_HALT,
          LINUX_REBOOT_CMD_POWER_OFF ->
          power.off(0);
      case LINUX_REBOOT_CMD_CAD_ON, LINUX_REBOOT_CMD_CAD_OFF -> {
        return 0; // there is no keyboard whose Ctrl-Alt-Del could be meant
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  long getcpu(Task t, long cpu, long node) {
    if (cpu != 0) {
      t.memory().writeInt(cpu, 0);
    }
    if (node != 0) {
      t.memory().writeInt(node, 0);
    }
    return 0;
  }

  /** Programs of one personality only: Linux's. */
  long personality(int wanted) {
    return wanted == 0 || wanted == PERSONALITY_QUERY ? 0 : -Errno.EINVAL;
  }

  long membarrier(int command, int flags) {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    if (command == MEMBARRIER_CMD_QUERY) {
      return MEMBARRIER_KNOWN;
    }
    boolean single = Integer.bitCount(command) == 1;
    return single && (command & MEMBARRIER_KNOWN) != 0 ? 0 : -Errno.EINVAL;
  }

  /** vhangup(2). */
  long hangUp(Task t) {
    if (t.uid() != 0) {
      return -Errno.EPERM;
    }
    return 0; // nobody logs in here: there is no other user's session to cut off
  }
}
