package orrery.machine;

import orrery.machine.cpu.HypercallHandler;
import orrery.machine.cpu.Vcpu;

/**
 * Serves HVC and SMC from EL1: the calling convention's own functions, PSCI, and the machine's
 * calls. On the vCPU's thread.
 */
final class Hypercalls implements HypercallHandler {
  private final Psci psci;
  private final Vendor vendor;

  /** What the machine's own calls do. */
  interface Vendor {
    /** Attaches the hosted kernel; false if there is none, or it is attached already. */
    boolean attach(long deviceTree);

    /** The guest's start failed. */
    void fail(int status);
  }

  Hypercalls(Psci psci, Vendor vendor) {
    this.psci = psci;
    this.vendor = vendor;
  }

  @Override
  public void hypercall(Vcpu cpu, int immediate) {
    int function = (int) cpu.x(0);
    if (immediate != Smccc.IMMEDIATE) {
      cpu.x(0, Smccc.NOT_SUPPORTED);
    } else if (Psci.covers(function)) {
      cpu.x(0, psci.call(function, cpu.x(1), cpu.x(2), cpu.x(3)));
    } else {
      other(cpu, function);
    }
  }

  private void other(Vcpu cpu, int function) {
    switch (function) {
      case Smccc.VERSION -> cpu.x(0, Smccc.VERSION_1_1);
      case Smccc.ARCH_FEATURES -> cpu.x(0, archFeatures((int) cpu.x(1)));
      case VendorCalls.UID -> {
        for (int i = 0; i < VendorCalls.UID_WORDS.length; i++) {
          cpu.x(i, Integer.toUnsignedLong(VendorCalls.UID_WORDS[i]));
        }
      }
      case VendorCalls.REVISION -> {
        cpu.x(0, VendorCalls.REVISION_MAJOR);
        cpu.x(1, VendorCalls.REVISION_MINOR);
      }
      case VendorCalls.ATTACH -> {
        // An attached kernel has loaded registers of its own: x0 is no longer ours.
        if (!vendor.attach(cpu.x(1))) {
          cpu.x(0, Smccc.NOT_SUPPORTED);
        }
      }
      case VendorCalls.FAIL -> vendor.fail((int) cpu.x(1));
      default -> cpu.x(0, Smccc.NOT_SUPPORTED);
    }
  }

  private static int archFeatures(int function) {
    return function == Smccc.VERSION || function == Smccc.ARCH_FEATURES
        ? Smccc.SUCCESS
        : Smccc.NOT_SUPPORTED;
  }
}
