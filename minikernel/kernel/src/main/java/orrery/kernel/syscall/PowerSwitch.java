package orrery.kernel.syscall;

/** Turns the machine off. */
@FunctionalInterface
public interface PowerSwitch {
  /**
   * @param status the emulator's exit status
   */
  void off(int status);
}
