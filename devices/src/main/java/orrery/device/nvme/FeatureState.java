package orrery.device.nvme;

import java.util.Arrays;

/** The current values of the features (Base, section 5.2.26; NVM, features). */
final class FeatureState {
  /** Default threshold of over temperature in kelvins; that of under temperature is 0. */
  static final int OVER_TEMPERATURE = 343;

  static final int ARBITRATION_DEFAULT = 0x7;
  static final int VECTORS = RegisterMap.QUEUES;

  int arbitration;
  int powerManagement;
  int overTemperature;
  int underTemperature;
  int writeCache;
  int interruptCoalescing;
  int writeAtomicity;
  int asyncEvents;
  int autonomousPower;
  int commandSetProfile;

  /** Milliseconds since 1970 when it was set, and the machine time of that, in nanoseconds. */
  long timestamp;

  long timestampSetAt;
  boolean timestampSetByHost;

  /** I/O queues were allocated by Number of Queues; both 0's based. */
  int queues;

  /** By vector: coalescing is off. */
  final boolean[] coalescingDisabled = new boolean[VECTORS];

  final byte[] powerTransitions = new byte[256];
  final byte[] hostIdentifier = new byte[16];
  final byte[] hostBehavior = new byte[512];

  FeatureState() {
    reset();
  }

  /** Defaults; the timestamp stands (Base, section 5.2.26.1.7). */
  void reset() {
    arbitration = ARBITRATION_DEFAULT;
    powerManagement = 0;
    overTemperature = OVER_TEMPERATURE;
    underTemperature = 0;
    writeCache = 1;
    interruptCoalescing = 0;
    writeAtomicity = 0;
    asyncEvents = 0;
    autonomousPower = 0;
    commandSetProfile = 0;
    queues = defaultQueues();
    Arrays.fill(coalescingDisabled, false);
    // Interrupts of the admin queue are never coalesced (Base, section 5.2.26.2.3).
    coalescingDisabled[0] = true;
    Arrays.fill(powerTransitions, (byte) 0);
    Arrays.fill(hostIdentifier, (byte) 0);
    Arrays.fill(hostBehavior, (byte) 0);
  }

  static int defaultQueues() {
    int last = RegisterMap.IO_QUEUES - 1;
    return last | last << Short.SIZE;
  }
}
