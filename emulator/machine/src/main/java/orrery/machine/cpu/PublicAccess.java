package orrery.machine.cpu;

import orrery.unicorn.CpuInternals;
import orrery.unicorn.EngineCpu;
import orrery.unicorn.PublicCpu;
import orrery.unicorn.Unicorn;

/** By the library's public interface only. */
final class PublicAccess implements EngineAccess {
  private final PublicCpu cpu;
  private final PublicAbort abort;

  /** Closes the engine if that fails. */
  PublicAccess(Unicorn engine, GuestMemory ram) {
    try {
      cpu = PublicCpu.of(engine, ram.base(), ram.segment());
      abort = new PublicAbort(cpu);
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  @Override
  public EngineCpu cpu() {
    return cpu;
  }

  @Override
  public CpuInternals internals() {
    return null;
  }

  @Override
  public TranslationPool translations() {
    return null;
  }

  @Override
  public ExternalAbort abort() {
    return abort;
  }

  @Override
  public void attach(Vcpu vcpu, GenericTimer timer) {
    timer.attach(cpu.engine());
  }

  @Override
  public void close() {
    abort.close();
    cpu.close();
  }
}
