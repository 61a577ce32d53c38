package orrery.machine.fault;

import java.time.Duration;

/** What goes wrong with a request. */
public sealed interface Fault {
  /**
   * The request fails without having been carried out.
   *
   * @param status in the device's own numbers
   */
  record Status(int status) implements Fault {}

  /** The request is carried out, its completion comes late. */
  record Delay(Duration time) implements Fault {}

  /** The request is carried out, its completion never comes. */
  record DropCompletion() implements Fault {}

  /**
   * A byte of the data changes on its way, and nobody says so.
   *
   * @param offset of the byte, taken modulo the data's length
   * @param flipped bits that change, not zero
   */
  record CorruptData(long offset, int flipped) implements Fault {
    /** Checks that something changes. */
    public CorruptData {
      if ((flipped & 0xff) == 0 || offset < 0) {
        throw new IllegalArgumentException("nothing would be corrupted");
      }
    }
  }

  /** The request completes, its interrupt is lost. */
  record LoseInterrupt() implements Fault {}

  /** The device fails as a whole, in the way its specification has for that. */
  record Fatal() implements Fault {}

  /** The power fails while the request is carried out. */
  record PowerCut() implements Fault {}

  /**
   * The request is carried out, and then something happens to the device that the request did not
   * ask for.
   *
   * @param code what, in the device's own numbers
   * @param unit to which unit
   * @param value how much
   */
  record Event(int code, int unit, long value) implements Fault {}

  /** The device is pulled out before the request is carried out: its registers are no more. */
  record Unplug() implements Fault {}
}
