package orrery.machine.cpu;

/**
 * What one CPU was doing: its registers at one moment.
 *
 * @param index its number
 * @param on whether it is switched on; if not, the registers mean nothing
 * @param waiting whether it waits for an interrupt
 * @param running whether it was its turn on the engine
 * @param pc PC
 * @param lr X30
 * @param sp SP of the current level
 * @param pstate PSTATE in SPSR layout
 * @param esr ESR_EL1
 * @param far FAR_EL1
 * @param elr ELR_EL1
 * @param vbar VBAR_EL1
 */
public record CpuReport(
    int index,
    boolean on,
    boolean waiting,
    boolean running,
    long pc,
    long lr,
    long sp,
    long pstate,
    long esr,
    long far,
    long elr,
    long vbar) {
  private static final int LEVEL_SHIFT = 2;
  private static final int LEVEL_MASK = 3;

  /** The current exception level, 0 to 3. */
  public int level() {
    return (int) (pstate >>> LEVEL_SHIFT) & LEVEL_MASK;
  }
}
