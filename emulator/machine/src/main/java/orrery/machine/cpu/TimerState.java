package orrery.machine.cpu;

import java.util.Arrays;

/** The state of one CPU's generic timers, by timer. */
final class TimerState {
  /** The virtual timer. */
  static final int VIRTUAL = 0;

  /** The physical timer. */
  static final int PHYSICAL = 1;

  static final int TIMERS = 2;

  /** CNTx_CTL: enable and mask. */
  final int[] control = new int[TIMERS];

  /** CNTx_CVAL, in ticks of the counter. */
  final long[] compare = new long[TIMERS];

  /** Whether the output is asserted. */
  final boolean[] asserted = new boolean[TIMERS];

  /** The timers of a CPU that is switched on are off. */
  void reset() {
    Arrays.fill(control, 0);
  }
}
