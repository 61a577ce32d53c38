package orrery.machine.irq;

/**
 * All state of the controller and nothing else, so that a snapshot is a copy of this object.
 *
 * <p>A bit for each interrupt lies in words of 32. The first word, the private interrupts, is
 * banked: there is one for each CPU (see {@link #word}).
 */
final class GicState {
  /** INTIDs below are software-generated. */
  static final int SGI_COUNT = 16;

  /** INTIDs below are private to a CPU. */
  static final int PRIVATE_COUNT = 32;

  static final int MAX_CPUS = 8;

  /** 32 priority levels: the upper five bits of a priority (section 3.3). */
  static final int PRIORITY_MASK = 0xf8;

  /** Without the Security Extensions, the smallest binary point with five priority bits. */
  static final int MIN_BINARY_POINT = 2;

  /** The running priority when nothing is active. */
  static final int IDLE_PRIORITY = 0xff;

  private static final int SGI_MASK = (1 << SGI_COUNT) - 1;

  final int cpus;
  final int interrupts;

  /** Words of interrupts that one CPU sees. */
  final int words;

  int distributorControl;

  /** By {@link #word}. */
  final int[] enabled;

  /** Pending whatever the wire says: an edge, a write to a register, an SGI. */
  final int[] latched;

  /** The input wires. */
  final int[] level;

  final int[] active;
  final int[] edge;
  final int[] group1;

  /** By {@link #slot}. */
  final byte[] priority;

  /** By INTID: CPU targets, a bit each, of shared interrupts. */
  final byte[] targets;

  /** By target CPU * 16 + SGI: the CPUs that sent it and were not yet served, a bit each. */
  final byte[] sgiSources;

  /** By CPU: the CPU interfaces' registers. */
  final int[] control;

  final int[] priorityMask;
  final int[] binaryPoint;
  final int[] aliasedBinaryPoint;

  /**
   * By CPU: active priorities of each group, bit {@code n} being group priority {@code n << 3}; the
   * lowest set bit is the running priority.
   */
  final int[] activePriorities0;

  final int[] activePriorities1;

  GicState(int cpus, int interrupts) {
    this.cpus = cpus;
    this.interrupts = interrupts;
    words = (interrupts + Integer.SIZE - 1) / Integer.SIZE;
    int stored = words - 1 + cpus;
    enabled = new int[stored];
    latched = new int[stored];
    level = new int[stored];
    active = new int[stored];
    edge = new int[stored];
    group1 = new int[stored];
    priority = new byte[stored * Integer.SIZE];
    targets = new byte[words * Integer.SIZE];
    sgiSources = new byte[cpus * SGI_COUNT];
    control = new int[cpus];
    priorityMask = new int[cpus];
    binaryPoint = new int[cpus];
    aliasedBinaryPoint = new int[cpus];
    activePriorities0 = new int[cpus];
    activePriorities1 = new int[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      binaryPoint[cpu] = MIN_BINARY_POINT;
      aliasedBinaryPoint[cpu] = MIN_BINARY_POINT + 1;
      // SGIs are edge-triggered and always enabled (sections 4.3.5 and 4.3.13).
      edge[word(cpu, 0)] = SGI_MASK;
      enabled[word(cpu, 0)] = SGI_MASK;
    }
  }

  /** Where the {@code n}-th word of interrupts lies for CPU {@code cpu}. */
  int word(int cpu, int n) {
    return n == 0 ? cpu : cpus + n - 1;
  }

  /** Where the byte of interrupt {@code intid} lies for CPU {@code cpu}. */
  int slot(int cpu, int intid) {
    return word(cpu, intid / Integer.SIZE) * Integer.SIZE + intid % Integer.SIZE;
  }

  /** The bits of word {@code n} that stand for interrupts there are. */
  int implemented(int n) {
    int count = interrupts - n * Integer.SIZE;
    return count >= Integer.SIZE ? -1 : (1 << count) - 1;
  }

  boolean get(int[] bits, int cpu, int intid) {
    return (bits[word(cpu, intid / Integer.SIZE)] >>> intid % Integer.SIZE & 1) != 0;
  }

  void set(int[] bits, int cpu, int intid, boolean value) {
    int word = word(cpu, intid / Integer.SIZE);
    int bit = 1 << intid % Integer.SIZE;
    bits[word] = value ? bits[word] | bit : bits[word] & ~bit;
  }

  /** The pending interrupts of a stored word. */
  int pending(int word) {
    return latched[word] | level[word] & ~edge[word];
  }

  boolean targets(int cpu, int intid) {
    return cpus == 1 || intid < PRIVATE_COUNT || (targets[intid] >>> cpu & 1) != 0;
  }

  int priority(int cpu, int intid) {
    return priority[slot(cpu, intid)] & 0xff;
  }

  /** The CPUs whose requests for an SGI were not yet served. */
  int sgiSources(int cpu, int sgi) {
    return sgiSources[cpu * SGI_COUNT + sgi] & 0xff;
  }

  void sgiSources(int cpu, int sgi, int sources) {
    sgiSources[cpu * SGI_COUNT + sgi] = (byte) sources;
    set(latched, cpu, sgi, sources != 0);
  }
}
