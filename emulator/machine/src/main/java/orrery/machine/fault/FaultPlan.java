package orrery.machine.fault;

import java.util.List;

/**
 * A device's faults: for each request the first rule that matches and is due decides. The counts of
 * the rules are the plan's state, so the same requests in the same order meet the same faults. One
 * thread, the device's.
 */
public final class FaultPlan {
  /** No faults. */
  public static final FaultPlan NONE = new FaultPlan(List.of());

  private final FaultRule[] rules;

  /** By rule: how many requests matched. */
  private final long[] matched;

  /** A plan of these rules, in the order of their precedence. */
  public FaultPlan(List<FaultRule> rules) {
    this.rules = rules.toArray(FaultRule[]::new);
    matched = new long[this.rules.length];
  }

  /** Whether nothing can go wrong. */
  public boolean isEmpty() {
    return rules.length == 0;
  }

  /** Whether a rule has such a fault. */
  public boolean has(Class<? extends Fault> fault) {
    for (FaultRule rule : rules) {
      if (fault.isInstance(rule.fault())) {
        return true;
      }
    }
    return false;
  }

  /**
   * The fault of a request, or null. Every rule that matches counts the request. Allocates nothing.
   *
   * @param first first address of the request's range; 0 if it has none
   * @param last last address, inclusive
   */
  public Fault next(int kind, int operation, int unit, long first, long last) {
    Fault fault = null;
    for (int i = 0; i < rules.length; i++) {
      FaultRule rule = rules[i];
      if (rule.matches(kind, operation, unit, first, last)) {
        long before = matched[i]++;
        if (fault == null && before >= rule.skip() && before - rule.skip() < rule.times()) {
          fault = rule.fault();
        }
      }
    }
    return fault;
  }
}
