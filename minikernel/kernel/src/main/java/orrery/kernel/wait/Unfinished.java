package orrery.kernel.wait;

/** What a call began before it slept, and goes on with when it is made again. */
public interface Unfinished {
  /** The call is not made again: what it began is nobody's now. */
  void abandoned();
}
