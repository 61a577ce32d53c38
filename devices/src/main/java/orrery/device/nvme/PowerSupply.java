package orrery.device.nvme;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What all drives of a machine get their power from: it fails for all of them, and the machine. */
final class PowerSupply {
  private static final String REASON = "the power was cut, as the fault plan says";

  private final Consumer<String> machine;
  private final List<NvmeController> controllers = new ArrayList<>();

  /**
   * A supply that feeds nothing yet.
   *
   * @param machine is told why it has no power any more
   */
  PowerSupply(Consumer<String> machine) {
    this.machine = machine;
  }

  void feed(NvmeController controller) {
    controllers.add(controller);
  }

  void fail() {
    controllers.forEach(NvmeController::losePower);
    machine.accept(REASON);
  }
}
