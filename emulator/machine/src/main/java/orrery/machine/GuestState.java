package orrery.machine;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.cpu.CpuReport;

/**
 * What the guest was doing at one moment.
 *
 * @param reason why it cannot go on, null if it can
 * @param cpus every CPU's registers
 */
public record GuestState(String reason, List<CpuReport> cpus) {
  /** Makes it unchangeable. */
  public GuestState {
    cpus = List.copyOf(cpus);
  }

  /** For a message: a line for every CPU, and no line break at the end. */
  public String describe(Symbolizer symbolizer) {
    List<String> lines = new ArrayList<>();
    for (CpuReport cpu : cpus) {
      lines.add(cpu.on() ? line(cpu, symbolizer) : "CPU " + cpu.index() + ": off");
    }
    return String.join("\n", lines);
  }

  private static String line(CpuReport cpu, Symbolizer symbolizer) {
    return "CPU %d: EL%d%s PC %s LR %s SP 0x%x PSTATE 0x%x ESR 0x%x FAR 0x%x ELR %s VBAR 0x%x"
        .formatted(
            cpu.index(),
            cpu.level(),
            cpu.waiting() ? " waiting" : cpu.running() ? " running" : "",
            place(cpu.pc(), symbolizer),
            place(cpu.lr(), symbolizer),
            cpu.sp(),
            cpu.pstate(),
            cpu.esr(),
            cpu.far(),
            place(cpu.elr(), symbolizer),
            cpu.vbar());
  }

  private static String place(long address, Symbolizer symbolizer) {
    String symbol = symbolizer.symbol(address);
    String number = "0x" + Long.toHexString(address);
    return symbol == null ? number : number + " (" + symbol + ")";
  }
}
