package orrery.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;

/** Firmware of a test's own, machine code by its words, on a machine without devices. */
final class BareGuest {
  static final int TIMED_OUT = 124;

  /** Where the programs leave their results, as an offset into RAM. */
  static final long RESULTS = 0x1000_0000;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ByteBuffer firmware = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);

  BareGuest(int... words) {
    code(0, words);
  }

  /** Puts code elsewhere than at the reset vector. */
  BareGuest code(int at, int... words) {
    for (int i = 0; i < words.length; i++) {
      firmware.putInt(at + i * Integer.BYTES, words[i]);
    }
    return this;
  }

  Machine machine(int cpus) {
    return machine(cpus, LIMIT);
  }

  Machine machine(int cpus, Duration limit) {
    return Machine.builder()
        .firmware(firmware.array())
        .devices(List.of())
        .cpus(cpus)
        .timeLimit(limit, TIMED_OUT)
        .build();
  }

  static long result(Machine machine, int index) {
    return machine.ram().segment().get(JAVA_LONG_UNALIGNED, RESULTS + index * 8L);
  }

  static void set(Machine machine, long offset, long value) {
    machine.ram().segment().set(JAVA_LONG_UNALIGNED, offset, value);
  }
}
