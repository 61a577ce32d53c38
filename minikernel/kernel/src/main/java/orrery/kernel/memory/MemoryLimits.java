package orrery.kernel.memory;

/** The resource limits that an address space obeys: setrlimit(2). */
@FunctionalInterface
public interface MemoryLimits {
  /** Size of the data segment and private writable memory, bytes. */
  int DATA = 2;

  /** Size of the stack, bytes. */
  int STACK = 3;

  /** Locked memory, bytes. */
  int MEMLOCK = 8;

  /** Size of the address space, bytes. */
  int AS = 9;

  /** The value of a limit that is none; as an unsigned number it is the largest. */
  long INFINITY = -1;

  /** The limits of a process that has none but the usual 8 MiB of stack. */
  MemoryLimits DEFAULT = resource -> resource == STACK ? 8 << 20 : INFINITY;

  /** The soft limit of {@code resource} in bytes, or {@link #INFINITY}. */
  long soft(int resource);
}
