package orrery.machine;

import orrery.machine.cpu.CpuPower;

/**
 * Power State Coordination Interface 1.1 (Arm DEN 0022) for a machine with up to eight CPUs:
 * function numbers and answers. Arguments of 32-bit functions count in their low halves only.
 */
final class Psci {
  static final int VERSION = 0x8400_0000;
  static final int CPU_SUSPEND = 0x8400_0001;
  static final int CPU_OFF = 0x8400_0002;
  static final int CPU_ON = 0x8400_0003;
  static final int AFFINITY_INFO = 0x8400_0004;
  static final int MIGRATE_INFO_TYPE = 0x8400_0006;
  static final int SYSTEM_OFF = 0x8400_0008;
  static final int SYSTEM_RESET = 0x8400_0009;
  static final int FEATURES = 0x8400_000a;

  /** Set in the 64-bit variants of functions that take addresses or affinities. */
  static final int SMC64 = 0x4000_0000;

  static final int SUCCESS = 0;
  static final int NOT_SUPPORTED = -1;
  static final int INVALID_PARAMETERS = -2;
  static final int ALREADY_ON = -4;
  static final int INVALID_ADDRESS = -9;

  static final int VERSION_1_1 = 1 << 16 | 1;

  /** MIGRATE_INFO_TYPE: there is no trusted OS that would have to migrate. */
  static final int NO_TRUSTED_OS = 2;

  /** AFFINITY_INFO: the CPU is on. */
  static final int AFFINITY_ON = 0;

  /** AFFINITY_INFO: the CPU is off. */
  static final int AFFINITY_OFF = 1;

  private static final int MAX_AFFINITY_LEVEL = 3;

  /** The power of the whole machine, as PSCI needs it. */
  interface SystemPower {
    void systemOff();

    void systemReset();
  }

  private final CpuPower cpus;
  private final SystemPower power;

  Psci(CpuPower cpus, SystemPower power) {
    this.cpus = cpus;
    this.power = power;
  }

  /** Whether {@code function} is in PSCI's range: standard secure services 0 to 0x1f. */
  static boolean covers(int function) {
    return (function & ~SMC64) >>> 5 == VERSION >>> 5;
  }

  /** Serves a call; the result for x0. Functions that switch off return a result nobody sees. */
  long call(int function, long x1, long x2, long x3) {
    boolean wide = (function & SMC64) != 0;
    if (wide && !hasWideVariant(function & ~SMC64)) {
      return NOT_SUPPORTED;
    }
    long first = wide ? x1 : Integer.toUnsignedLong((int) x1);
    switch (function & ~SMC64) {
      case VERSION -> {
        return VERSION_1_1;
      }
      case CPU_SUSPEND -> {
        // A power-down request may be treated as a standby (section 5.4.5): the context stays.
        cpus.suspend();
        return SUCCESS;
      }
      case CPU_OFF -> cpus.off();
      case CPU_ON -> {
        return switchOn(first, wide ? x2 : Integer.toUnsignedLong((int) x2), x3, wide);
      }
      case AFFINITY_INFO -> {
        return affinityInfo(first, (int) x2);
      }
      case MIGRATE_INFO_TYPE -> {
        return NO_TRUSTED_OS;
      }
      case SYSTEM_OFF -> power.systemOff();
      case SYSTEM_RESET -> power.systemReset();
      case FEATURES -> {
        return features((int) x1);
      }
      default -> {
        return NOT_SUPPORTED;
      }
    }
    return SUCCESS;
  }

  /** CPU_ON, section 5.6. */
  private int switchOn(long affinity, long entry, long context, boolean wide) {
    if (!isCpu(affinity)) {
      return INVALID_PARAMETERS;
    }
    if (cpus.isOn((int) affinity)) {
      return ALREADY_ON;
    }
    if (!cpus.isEntry(entry)) {
      return INVALID_ADDRESS;
    }
    cpus.on((int) affinity, entry, wide ? context : Integer.toUnsignedLong((int) context));
    return SUCCESS;
  }

  /**
   * AFFINITY_INFO, section 5.7. Above level 0 there is one node, with all CPUs in it, and the one
   * that asks is on.
   */
  private int affinityInfo(long affinity, int level) {
    if (level == 0) {
      if (!isCpu(affinity)) {
        return INVALID_PARAMETERS;
      }
      return cpus.isOn((int) affinity) ? AFFINITY_ON : AFFINITY_OFF;
    }
    boolean known = level > 0 && level <= MAX_AFFINITY_LEVEL && affinity >>> Byte.SIZE == 0;
    return known ? AFFINITY_ON : INVALID_PARAMETERS;
  }

  private static int features(int function) {
    if (function == Smccc.VERSION) {
      return SUCCESS;
    }
    if ((function & SMC64) != 0) {
      return hasWideVariant(function & ~SMC64) ? SUCCESS : NOT_SUPPORTED;
    }
    return switch (function) {
      case VERSION,
          CPU_SUSPEND,
          CPU_OFF,
          CPU_ON,
          AFFINITY_INFO,
          MIGRATE_INFO_TYPE,
          SYSTEM_OFF,
          SYSTEM_RESET,
          FEATURES ->
          SUCCESS;
      default -> NOT_SUPPORTED;
    };
  }

  private static boolean hasWideVariant(int function) {
    return function == CPU_SUSPEND || function == CPU_ON || function == AFFINITY_INFO;
  }

  /** A CPU's number is its affinity 0, all others are 0. */
  private boolean isCpu(long affinity) {
    return affinity >= 0 && affinity < cpus.count();
  }
}
