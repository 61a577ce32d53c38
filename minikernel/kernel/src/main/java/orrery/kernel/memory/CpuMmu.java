package orrery.kernel.memory;

import orrery.machine.cpu.Translation;
import orrery.machine.cpu.Vcpu;

/** The vCPU's MMU. */
public final class CpuMmu implements Mmu {
  private final Vcpu cpu;

  public CpuMmu(Vcpu cpu) {
    this.cpu = cpu;
  }

  @Override
  public Tlb translation(long rootTable) {
    return new CpuTlb(cpu.translation(rootTable));
  }

  @Override
  public void invalidateCode(long address, long length) {
    cpu.invalidateCode(address, length);
  }

  private record CpuTlb(Translation translation) implements Tlb {
    @Override
    public void textId(int id) {
      translation.textId(id);
    }

    @Override
    public void flushPage(long va) {
      translation.flushPage(va);
    }

    @Override
    public void flushAll() {
      translation.flushAll();
    }

    @Override
    public void close() {
      translation.close();
    }
  }
}
