package orrery.driver.virtio;

import orrery.kernel.hw.Access.ReadOnly;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** The console's configuration (5.3.4), as far as it is used. */
final class ConsoleConfiguration {
  static final RegisterBlock<ConsoleConfiguration> BLOCK =
      RegisterBlock.of(ConsoleConfiguration.class, 4);
  static final Register.U16<ConsoleConfiguration, ReadOnly> COLUMNS = BLOCK.readOnly16(0);
  static final Register.U16<ConsoleConfiguration, ReadOnly> ROWS = BLOCK.readOnly16(2);

  /** Columns and rows are valid (5.3.3). */
  static final int F_SIZE = 1;

  private ConsoleConfiguration() {}
}
