package orrery.machine.cpu;

import orrery.unicorn.CpuInternals;
import orrery.unicorn.CpuModel;
import orrery.unicorn.EngineCpu;
import orrery.unicorn.Unicorn;

/** A way into the engine: what of the CPU differs with it. */
interface EngineAccess extends AutoCloseable {
  /** What runs the guest. */
  EngineCpu cpu();

  /** The engine's internals; null without them, and then neither other CPUs nor hosted kernels. */
  CpuInternals internals();

  /** Address spaces of hosted kernels; null without internals. */
  TranslationPool translations();

  /** How the guest hears of accesses that nothing answers. */
  ExternalAbort abort();

  /** Gives the guest what its system instructions reach; before its first instruction. */
  void attach(Vcpu vcpu, GenericTimer timer);

  /** Frees everything and closes the engine. */
  @Override
  void close();

  /** A new engine with the machine's CPU and memory, in reset. */
  static Unicorn engine(PhysicalMap map, PhysicalMap.Accesses accesses, int pageSize) {
    Unicorn engine = Unicorn.open();
    try {
      engine.pageSize(pageSize);
      engine.cpuModel(CpuModel.CORTEX_A72);
      map.install(engine, accesses);
      SystemState.leaveSecureState(engine);
      return engine;
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }
}
