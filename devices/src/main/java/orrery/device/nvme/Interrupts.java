package orrery.device.nvme;

import java.util.function.LongSupplier;
import orrery.machine.clock.Alarm;
import orrery.machine.pci.MsiX;
import orrery.machine.pci.PciFunction;

/**
 * Tells the host of completions: by MSI-X with a vector of each queue's own and coalescing (Base,
 * sections 5.2.26.2.2 and 5.2.26.2.3), or by the interrupt pin while MSI-X is not enabled (PCIe
 * Transport, interrupts).
 */
final class Interrupts {
  private static final int THRESHOLD_MASK = 0xff;
  private static final int TIME_SHIFT = 8;

  /** Unit of the aggregation time. */
  private static final long TIME_UNIT = 100_000;

  private final NvmeState state;
  private final LongSupplier clock;
  private final Alarm alarm;
  private PciFunction function;
  private MsiX msiX;
  private boolean pin;

  Interrupts(NvmeState state, LongSupplier clock, Alarm alarm) {
    this.state = state;
    this.clock = clock;
    this.alarm = alarm;
  }

  void connect(PciFunction to) {
    function = to;
    msiX = to.msiX();
  }

  boolean usesMessages() {
    return msiX.isEnabled();
  }

  /** Whether what the host has seen decides about interrupts: it must not keep that in memory. */
  boolean dependOnHeads() {
    return !msiX.isEnabled() || state.features.interruptCoalescing >>> TIME_SHIFT != 0;
  }

  /** Entries were posted to {@code queue}; several since the last call are one interrupt. */
  void signal(CompletionQueue queue) {
    if (!queue.unsignalled) {
      return;
    }
    queue.unsignalled = false;
    if (!queue.interrupts) {
      return;
    }
    if (!msiX.isEnabled()) {
      updatePin();
    } else if (mustWait(queue)) {
      if (state.interruptDue[queue.vector] == 0) {
        int time = state.features.interruptCoalescing >>> TIME_SHIFT & THRESHOLD_MASK;
        state.interruptDue[queue.vector] = clock.getAsLong() + time * TIME_UNIT;
        alarm.setNoLater(state.interruptDue[queue.vector]);
      }
    } else {
      send(queue.vector);
    }
  }

  private boolean mustWait(CompletionQueue queue) {
    int coalescing = state.features.interruptCoalescing;
    return coalescing >>> TIME_SHIFT != 0
        && (coalescing & THRESHOLD_MASK) != 0
        && !state.features.coalescingDisabled[queue.vector]
        && queue.used() <= (coalescing & THRESHOLD_MASK);
  }

  private void send(int vector) {
    state.interruptDue[vector] = 0;
    msiX.raise(vector);
  }

  /** Sends what has waited long enough. */
  void expire(long now) {
    for (int vector = 0; vector < state.interruptDue.length; vector++) {
      long due = state.interruptDue[vector];
      if (due != 0 && due - now <= 0) {
        send(vector);
      } else if (due != 0) {
        alarm.setNoLater(due);
      }
    }
  }

  /** The pin is asserted while the host has not seen all entries, unless it masked that. */
  void updatePin() {
    boolean asserted = !msiX.isEnabled() && state.interruptMask == 0 && anyUnseen();
    if (asserted != pin) {
      pin = asserted;
      function.pin(asserted);
    }
  }

  private boolean anyUnseen() {
    for (CompletionQueue queue : state.completion) {
      if (queue != null && queue.interrupts && !queue.isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
