package orrery.machine;

import java.util.Map;
import orrery.machine.clock.MachineClock;
import orrery.machine.irq.Gic;
import orrery.machine.irq.InterruptLine;

/** The parts of a machine under construction, as its devices' providers see them. */
record Context(MachineClock clock, Gic gic, Map<String, Object> backends) implements DeviceContext {
  @Override
  public InterruptLine interrupt(int spi) {
    return gic.line(Gic.FIRST_SPI + spi);
  }

  @Override
  public <T> T backend(String name, Class<T> type) {
    Object backend = backends.get(name);
    if (backend != null && !type.isInstance(backend)) {
      throw new MachineException(name + " takes a " + type.getSimpleName());
    }
    return type.cast(backend);
  }
}
