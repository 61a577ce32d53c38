package orrery.machine.cpu;

import java.util.function.Consumer;

/** A hosted kernel made of three functions; what is not expected fails the test. */
final class Traps implements TrapHandler {
  private Consumer<Vcpu> supervisorCall = cpu -> unexpected(cpu, "SVC");
  private Consumer<Vcpu> exception = cpu -> unexpected(cpu, "exception");
  private Consumer<Vcpu> interrupted = cpu -> {};

  private static void unexpected(Vcpu cpu, String what) {
    throw new AssertionError(
        String.format(
            "unexpected %s at %x: syndrome %x, address %x",
            what, cpu.pc(), cpu.syndrome(), cpu.faultAddress()));
  }

  Traps onSupervisorCall(Consumer<Vcpu> handler) {
    supervisorCall = handler;
    return this;
  }

  Traps onException(Consumer<Vcpu> handler) {
    exception = handler;
    return this;
  }

  Traps onInterrupted(Consumer<Vcpu> handler) {
    interrupted = handler;
    return this;
  }

  @Override
  public void supervisorCall(Vcpu cpu) {
    supervisorCall.accept(cpu);
  }

  @Override
  public void synchronousException(Vcpu cpu) {
    exception.accept(cpu);
  }

  @Override
  public void interrupted(Vcpu cpu) {
    interrupted.accept(cpu);
  }
}
