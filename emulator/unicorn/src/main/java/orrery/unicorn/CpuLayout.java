package orrery.unicorn;

/**
 * Where the engine keeps what {@link CpuInternals} reads and writes: found by {@link Calibration},
 * the same for every engine of a process. Offsets in bytes from the object that each group names.
 */
final class CpuLayout {
  // in the engine (uc_struct)
  long cpuPointer;
  long noExitRequest;

  // in the CPU (CPUState)
  long enginePointer;
  long envPointer;
  long halted;
  long exceptionIndex;
  long jumpCache;
  long registerTable;

  // in the register file (CPUARMState)
  /** How many bytes of it are one CPU's state. */
  long registerFileSize;

  long x;
  long pc;
  long tpidrEl0;
  long ttbr0El1;
  long v0;
  long vStride;
  long negative;
  long zero;
  long carry;
  long overflow;
  long syndrome;
  long faultAddress;
  long exceptionTarget;
  long exclusiveAddress;

  // the software TLB, from the register file downwards
  long tlbFast;
  long tlbDescriptors;
  long tlbDirty;

  /** Size of one descriptor; its last word points to the I/O table. */
  long tlbDescriptorSize;

  /** In a descriptor: how many entries are in use. */
  long tlbUsed;

  /** The TLB that EL0 uses. */
  int userIndex;

  /** The TLB that EL1 uses. */
  int kernelIndex;

  // in a system register's description (ARMCPRegInfo)
  long registerType;
  long readFunction;
  long writeFunction;
}
