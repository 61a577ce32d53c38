/**
 * The Linux/arm64 user-space interface as constants: error numbers, flags, signal numbers,
 * structure offsets. Nothing here has behaviour; every other room may use it.
 *
 * <p>Source: Linux v6.1 {@code include/uapi} with {@code arch/arm64/include/uapi} taking
 * precedence.
 */
package orrery.kernel.abi;
