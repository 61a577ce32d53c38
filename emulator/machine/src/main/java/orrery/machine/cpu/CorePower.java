package orrery.machine.cpu;

import orrery.unicorn.EngineCpu;

/** The power of CPUs that take turns. */
record CorePower(
    Core[] cores, Rotation rotation, GenericTimer timer, PhysicalMap map, EngineCpu cpu)
    implements CpuPower {
  @Override
  public int count() {
    return cores.length;
  }

  @Override
  public boolean isOn(int index) {
    return cores[index].state.on;
  }

  @Override
  public boolean isEntry(long address) {
    return map.isEntry(address);
  }

  @Override
  public void on(int index, long entry, long context) {
    rotation.start(cores[index], entry, context);
    timer.update();
  }

  @Override
  public void off() {
    rotation.current().state.on = false;
    cpu.stop();
  }

  @Override
  public void suspend() {
    rotation.current().state.waiting = true;
    cpu.stop();
  }
}
