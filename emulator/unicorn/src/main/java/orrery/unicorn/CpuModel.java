package orrery.unicorn;

/** The CPUs the engine models, {@code uc_cpu_arm64} in arm64.h; the ordinal is the C value. */
public enum CpuModel {
  /** Cortex-A57. */
  CORTEX_A57,
  /** Cortex-A53. */
  CORTEX_A53,
  /** Cortex-A72: boots Linux well. */
  CORTEX_A72,
  /** Every feature the engine has (SVE, PAuth, ...); slow, and they must be enabled first. */
  MAX;

  static CpuModel of(int code) {
    return code >= 0 && code < values().length ? values()[code] : MAX;
  }
}
