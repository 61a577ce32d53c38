package orrery.device.virtio;

/** The state of a device's transport and nothing else. */
final class VirtioState {
  int status;
  int deviceFeatureSelect;
  int driverFeatureSelect;
  long driverFeatures;
  int configVector;
  int queueSelect;
  int isr;
  int configGeneration;

  /** The configuration is not what the driver last read. */
  boolean configChanged;

  final VirtQueueState[] queues;

  VirtioState(int queueCount) {
    queues = new VirtQueueState[queueCount];
    for (int i = 0; i < queueCount; i++) {
      queues[i] = new VirtQueueState();
    }
  }

  /** Whether the driver has accepted a feature and the device has agreed. */
  boolean negotiated(long feature) {
    return (status & VirtioRegisters.STATUS_FEATURES_OK) != 0 && (driverFeatures & feature) != 0;
  }

  /** All but the queues; the generation goes on, for the driver may compare across a reset. */
  void reset() {
    status = 0;
    deviceFeatureSelect = 0;
    driverFeatureSelect = 0;
    driverFeatures = 0;
    configVector = VirtioRegisters.NO_VECTOR;
    queueSelect = 0;
    isr = 0;
    configChanged = false;
  }
}
