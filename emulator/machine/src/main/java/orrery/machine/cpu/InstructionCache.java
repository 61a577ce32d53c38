package orrery.machine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import orrery.unicorn.CpuInternals;
import orrery.unicorn.SystemRegister;
import orrery.unicorn.host.Callback;

/**
 * The guest's instruction cache maintenance (ARM DDI 0487, D7.5.9 and C5.3): translated code is an
 * instruction cache, but the engine ignores the instructions that maintain one. It watches stores
 * to the address that code was run at; through another address of the same page it sees only the
 * first. All CPUs share the translated code, so nothing is to be broadcast.
 *
 * <p>What is forgotten may be the running block: it ends with the instruction, and the next one is
 * looked up anew. An address that cannot be translated is ignored instead of reported as a fault.
 */
final class InstructionCache {
  /** IC IVAU: by virtual address. EL0's is trapped before it gets here unless SCTLR_EL1.UCI. */
  private static final SystemRegister BY_ADDRESS = new SystemRegister(1, 3, 7, 5, 1);

  /** IC IALLU: all of this CPU's. */
  private static final SystemRegister ALL = new SystemRegister(1, 0, 7, 5, 0);

  /** IC IALLUIS: all of every CPU's. */
  private static final SystemRegister ALL_SHAREABLE = new SystemRegister(1, 0, 7, 1, 0);

  /** Bytes of a line, as Cortex-A72's CTR_EL0.IminLine says. */
  private static final int LINE = 64;

  private final Vcpu vcpu;
  private final CpuInternals cpu;
  private final GuestMemory ram;
  private long byAddress;

  InstructionCache(Vcpu vcpu, CpuInternals cpu, GuestMemory ram) {
    this.vcpu = vcpu;
    this.cpu = cpu;
    this.ram = ram;
  }

  /** Replaces the instructions; before the guest's first one. */
  void attach(Arena arena) {
    MemorySegment invalidate = Callback.pointer(MethodHandles.lookup(), this, "invalidate", arena);
    byAddress = cpu.replaceOperation(BY_ADDRESS, invalidate);
    cpu.replaceOperation(ALL, invalidate);
    cpu.replaceOperation(ALL_SHAREABLE, invalidate);
  }

  /** Any of the instructions, called by translated code. */
  long invalidate(long env, long description, long address, long d, long e, long f) {
    try {
      if (description != byAddress) {
        vcpu.invalidateCode(ram.base(), ram.end() - ram.base());
      } else {
        long physical = cpu.translate(address & -LINE);
        if (physical != -1) {
          vcpu.invalidateCode(physical, LINE);
        }
      }
    } catch (Throwable thrown) {
      vcpu.fail(thrown);
    }
    return 0;
  }
}
