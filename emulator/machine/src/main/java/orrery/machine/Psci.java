package orrery.machine;

/**
 * Power State Coordination Interface 1.1 (Arm DEN 0022) for a machine with one CPU: function
 * numbers and answers. Arguments of 32-bit functions count in their low halves only.
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

  static final int VERSION_1_1 = 1 << 16 | 1;

  /** MIGRATE_INFO_TYPE: there is no trusted OS that would have to migrate. */
  static final int NO_TRUSTED_OS = 2;

  /** AFFINITY_INFO: the CPU is on. */
  static final int AFFINITY_ON = 0;

  /** Affinity of the one CPU, as its MPIDR_EL1 states it. */
  private static final long CPU_0 = 0;

  private static final long AFFINITY_MASK = 0xff_00ff_ffffL;
  private static final int MAX_AFFINITY_LEVEL = 3;

  /** The power of the machine and the sleep of its CPU, as PSCI needs them. */
  interface Power {
    /** Parks the CPU until an interrupt is due. */
    void suspend();

    /** The last CPU went off: nothing can happen any more. */
    void lastCpuOff();

    void systemOff();

    void systemReset();
  }

  private final Power power;

  Psci(Power power) {
    this.power = power;
  }

  /** Whether {@code function} is in PSCI's range: standard secure services 0 to 0x1f. */
  static boolean covers(int function) {
    return (function & ~SMC64) >>> 5 == VERSION >>> 5;
  }

  /** Serves a call; the result for x0. Functions that switch off return a result nobody sees. */
  long call(int function, long x1, long x2) {
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
        power.suspend();
        return SUCCESS;
      }
      case CPU_OFF -> power.lastCpuOff();
      case CPU_ON -> {
        return isCpu(first) ? ALREADY_ON : INVALID_PARAMETERS;
      }
      case AFFINITY_INFO -> {
        return isCpu(first) && Integer.compareUnsigned((int) x2, MAX_AFFINITY_LEVEL) <= 0
            ? AFFINITY_ON
            : INVALID_PARAMETERS;
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

  private static boolean isCpu(long affinity) {
    return (affinity & AFFINITY_MASK) == CPU_0 && (affinity & ~AFFINITY_MASK) == 0;
  }
}
