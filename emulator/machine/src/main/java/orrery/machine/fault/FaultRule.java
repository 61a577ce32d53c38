package orrery.machine.fault;

import java.util.Objects;

/**
 * Which requests a fault meets. A request has a class (of queues, say), an operation, a unit (a
 * disk, a namespace, a port) and a range of addresses in it; {@link #ANY} stands for all of them.
 *
 * @param kind class of requests, as the device numbers them, or {@link #ANY}
 * @param operation operation code, or {@link #ANY}
 * @param unit number of the unit, or {@link #ANY}
 * @param first first address of the range
 * @param last last address of the range, inclusive
 * @param skip how many matching requests go well first
 * @param times how many fail after that
 * @param fault what goes wrong
 */
public record FaultRule(
    int kind, int operation, int unit, long first, long last, long skip, long times, Fault fault) {
  /** Every class, operation or unit. */
  public static final int ANY = -1;

  /** Checks the counts. */
  public FaultRule {
    Objects.requireNonNull(fault);
    if (skip < 0 || times < 1 || first < 0 || last < first) {
      throw new IllegalArgumentException("a fault that meets no request");
    }
  }

  /** A rule for every request. */
  public static FaultRule always(Fault fault) {
    return new FaultRule(ANY, ANY, ANY, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE, fault);
  }

  /** The same for one operation of one class. */
  public FaultRule operation(int ofKind, int code) {
    return new FaultRule(ofKind, code, unit, first, last, skip, times, fault);
  }

  /** The same for one unit. */
  public FaultRule unit(int number) {
    return new FaultRule(kind, operation, number, first, last, skip, times, fault);
  }

  /** The same for requests that touch these addresses. */
  public FaultRule range(long from, long to) {
    return new FaultRule(kind, operation, unit, from, to, skip, times, fault);
  }

  /** The same after {@code before} requests have gone well, {@code count} times. */
  public FaultRule occurrence(long before, long count) {
    return new FaultRule(kind, operation, unit, first, last, before, count, fault);
  }

  boolean matches(int ofKind, int code, int number, long from, long to) {
    return (kind == ANY || kind == ofKind)
        && (operation == ANY || operation == code)
        && (unit == ANY || unit == number)
        && from <= last
        && to >= first;
  }
}
