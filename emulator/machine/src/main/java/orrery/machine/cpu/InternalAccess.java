package orrery.machine.cpu;

import java.lang.foreign.Arena;
import orrery.unicorn.CpuInternals;
import orrery.unicorn.Unicorn;

/** By the library's internals. */
final class InternalAccess implements EngineAccess {
  private final CpuInternals cpu;
  private final GuestMemory ram;
  private final TranslationPool translations;
  private final ExternalAbort abort;
  private final Arena stubs = Arena.ofShared();

  /**
   * Closes the engine if that fails.
   *
   * @throws orrery.unicorn.InternalsUnavailableException if the internals are not as expected
   */
  InternalAccess(Unicorn engine, GuestMemory ram) {
    this.ram = ram;
    try {
      cpu = CpuInternals.of(engine, ram.base(), ram.segment());
      translations = new TranslationPool(cpu);
      abort = new InternalAbort(cpu);
    } catch (RuntimeException | Error e) {
      engine.close();
      stubs.close();
      throw e;
    }
  }

  @Override
  public CpuInternals cpu() {
    return cpu;
  }

  @Override
  public CpuInternals internals() {
    return cpu;
  }

  @Override
  public TranslationPool translations() {
    return translations;
  }

  @Override
  public ExternalAbort abort() {
    return abort;
  }

  @Override
  public void attach(Vcpu vcpu, GenericTimer timer) {
    timer.attach(cpu, stubs);
    new InstructionCache(vcpu, cpu, ram).attach(stubs);
  }

  @Override
  public void close() {
    translations.close();
    cpu.close();
    stubs.close();
  }
}
