package orrery.kernel.proc;

import java.util.HexFormat;
import java.util.List;
import orrery.kernel.disk.Volume;
import orrery.kernel.disk.VolumeText;
import orrery.kernel.disk.Volumes;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.system.SystemNames;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.wait.Caller;

/** The texts in /proc itself. */
final class SystemFiles {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long NANOS_PER_HUNDREDTH = NANOS_PER_SECOND / 100;
  private static final int KIB_PER_FRAME = 4;
  private static final int KIB_SHIFT = 10;

  /** Of {@code MIDR_EL1} of the CPU model, a Cortex-A72: implementer, variant, part, revision. */
  private static final String PROCESSOR =
      """
      CPU implementer\t: 0x41
      CPU architecture: 8
      CPU variant\t: 0x0
      CPU part\t: 0xd08
      CPU revision\t: 3

      """;

  private final ProcContext context;

  SystemFiles(ProcContext context) {
    this.context = context;
  }

  void addTo(StaticDirectory root) {
    root.text("version", this::version);
    root.text("cpuinfo", this::processor);
    root.text("meminfo", this::memory);
    root.text("stat", this::statistics);
    root.text("uptime", this::uptime);
    root.text("loadavg", this::load);
    root.text("filesystems", this::fileSystems);
    root.constant("cmdline", context.commandLine());
    root.text("devices", this::devices);
    root.text("diskstats", this::diskStatistics);
    root.text("partitions", this::partitions);
    root.text("swaps", (c, to) -> to.append("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"));
    root.text("modules", (c, to) -> {});
    root.text("vmstat", this::virtualMemory);
    root.folder("tty").text("drivers", this::terminalDrivers);
    root.link("mounts", c -> "self/mounts");
  }

  private void version(Caller c, StringBuilder to) {
    to.append(SystemNames.SYSTEM).append(" version ").append(SystemNames.RELEASE);
    to.append(" (orrery@orrery) ").append(SystemNames.VERSION).append('\n');
  }

  private void processor(Caller c, StringBuilder to) {
    to.append("processor\t: 0\nBogoMIPS\t: 125.00\nFeatures\t: fp asimd evtstrm cpuid\n");
    to.append(PROCESSOR);
  }

  private void memory(Caller c, StringBuilder to) {
    FrameAllocator frames = context.vfs().frames();
    long total = (long) frames.total() * KIB_PER_FRAME;
    long free = (long) frames.free() * KIB_PER_FRAME;
    FileSystem root = context.vfs().mounts().root().mount().fileSystem();
    long cached = (root.blocks() - root.freeBlocks()) * KIB_PER_FRAME;
    long anonymous = Math.max(0, total - free - cached);
    kib(to, "MemTotal:", total);
    kib(to, "MemFree:", free);
    kib(to, "MemAvailable:", free);
    kib(to, "Buffers:", 0);
    kib(to, "Cached:", cached);
    kib(to, "SwapCached:", 0);
    kib(to, "Active:", anonymous);
    kib(to, "Inactive:", cached);
    kib(to, "Active(anon):", anonymous);
    kib(to, "Inactive(anon):", 0);
    kib(to, "Active(file):", 0);
    kib(to, "Inactive(file):", cached);
    kib(to, "Unevictable:", 0);
    kib(to, "Mlocked:", 0);
    kib(to, "SwapTotal:", 0);
    kib(to, "SwapFree:", 0);
    kib(to, "Dirty:", 0);
    kib(to, "Writeback:", 0);
    kib(to, "AnonPages:", anonymous);
    kib(to, "Mapped:", 0);
    kib(to, "Shmem:", cached);
    kib(to, "KReclaimable:", 0);
    kib(to, "Slab:", 0);
    kib(to, "SReclaimable:", 0);
    kib(to, "SUnreclaim:", 0);
    kib(to, "KernelStack:", 0);
    kib(to, "PageTables:", 0);
    kib(to, "CommitLimit:", total / 2);
    kib(to, "Committed_AS:", anonymous);
    kib(to, "VmallocTotal:", 0);
    kib(to, "VmallocUsed:", 0);
  }

  private static void kib(StringBuilder to, String name, long value) {
    String digits = Long.toString(value);
    to.append(name).repeat(' ', 16 - name.length() + Math.max(0, 8 - digits.length()));
    to.append(digits).append(" kB\n");
  }

  private void statistics(Caller c, StringBuilder to) {
    ProcessTable processes = context.processes();
    long idle = ProcContext.ticks(context.scheduler().idleNanos());
    long busy = Math.max(0, ProcContext.ticks(context.uptime()) - idle);
    for (String cpu : new String[] {"cpu  ", "cpu0 "}) {
      to.append(cpu).append(busy).append(" 0 0 ").append(idle).append(" 0 0 0 0 0 0\n");
    }
    long started = context.clock().realtimeNanos() - context.uptime();
    to.append("intr 0\nctxt ").append(context.scheduler().switches());
    to.append("\nbtime ").append(started / NANOS_PER_SECOND);
    to.append("\nprocesses ").append(processes.forks());
    to.append("\nprocs_running ").append(context.scheduler().runnable());
    to.append("\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n");
  }

  private void uptime(Caller c, StringBuilder to) {
    seconds(to, context.uptime());
    to.append(' ');
    seconds(to, context.scheduler().idleNanos());
    to.append('\n');
  }

  private static void seconds(StringBuilder to, long nanos) {
    hundredths(to, nanos / NANOS_PER_HUNDREDTH);
  }

  private static void hundredths(StringBuilder to, long hundredths) {
    to.append(hundredths / 100).append('.');
    to.append(hundredths / 10 % 10).append(hundredths % 10);
  }

  private void load(Caller c, StringBuilder to) {
    for (int i = 0; i < 3; i++) {
      hundredths(to, context.load().hundredths(i));
      to.append(' ');
    }
    to.append(context.scheduler().runnable()).append('/').append(context.processes().threads());
    to.append(' ').append(context.processes().lastPid()).append('\n');
  }

  private void fileSystems(Caller c, StringBuilder to) {
    for (String type : context.vfs().mounts().types()) {
      to.append("nodev\t").append(type).append('\n');
    }
  }

  private void devices(Caller c, StringBuilder to) {
    to.append("Character devices:\n  1 mem\n  5 /dev/tty\n  5 /dev/console\n  5 /dev/ptmx\n");
    to.append("128 ptm\n136 pts\n204 ttyAMA\n\nBlock devices:\n259 blkext\n");
  }

  private void diskStatistics(Caller c, StringBuilder to) {
    for (Volume v : volumes()) {
      pad(to, Integer.toString(Volumes.MAJOR), 4);
      pad(to, Integer.toString(v.minor()), 8);
      to.append(' ').append(v.name()).append(' ');
      VolumeText.statistics(v, to);
    }
  }

  private void partitions(Caller c, StringBuilder to) {
    to.append("major minor  #blocks  name\n\n");
    for (Volume v : volumes()) {
      pad(to, Integer.toString(Volumes.MAJOR), 4);
      pad(to, Integer.toString(v.minor()), 9);
      pad(to, Long.toString(v.size() >>> KIB_SHIFT), 11);
      to.append(' ').append(v.name()).append('\n');
    }
  }

  private List<Volume> volumes() {
    return context.volumes() == null ? List.of() : context.volumes().all();
  }

  private static void pad(StringBuilder to, String text, int width) {
    to.repeat(' ', Math.max(0, width - text.length())).append(text);
  }

  private void virtualMemory(Caller c, StringBuilder to) {
    FrameAllocator frames = context.vfs().frames();
    to.append("nr_free_pages ").append(frames.free()).append('\n');
    to.append("pgpgin 0\npgpgout 0\npswpin 0\npswpout 0\n");
  }

  private void terminalDrivers(Caller c, StringBuilder to) {
    to.append("/dev/tty             /dev/tty        5       0 system:/dev/tty\n");
    to.append("/dev/console         /dev/console    5       1 system:console\n");
    to.append("/dev/ptmx            /dev/ptmx       5       2 system\n");
    to.append("ttyAMA               /dev/ttyAMA   204 64-77 serial\n");
    to.append("pty_slave            /dev/pts      136 0-1048575 pty:slave\n");
    to.append("pty_master           /dev/ptm      128 0-1048575 pty:master\n");
  }

  /** The random number in {@code /proc/sys/kernel/random/uuid}: version 4 of RFC 9562. */
  String uuid() {
    byte[] bytes = new byte[16];
    context.random().fill(bytes);
    bytes[6] = (byte) (bytes[6] & 0x0f | 0x40);
    bytes[8] = (byte) (bytes[8] & 0x3f | 0x80);
    String hex = HexFormat.of().formatHex(bytes);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }
}
