package orrery.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PsciTest {
  private final List<String> done = new ArrayList<>();
  private final Psci psci =
      new Psci(
          new Psci.Power() {
            @Override
            public void suspend() {
              done.add("suspend");
            }

            @Override
            public void lastCpuOff() {
              done.add("cpu off");
            }

            @Override
            public void systemOff() {
              done.add("off");
            }

            @Override
            public void systemReset() {
              done.add("reset");
            }
          });

  @Test
  void isVersion1Point1() {
    assertEquals(0x10001, psci.call(0x84000000, 0, 0));
    assertEquals(-1, psci.call(0xc4000000, 0, 0), "no 64-bit variant");
  }

  @Test
  void switchesOffAndResets() {
    psci.call(0x84000008, 0, 0);
    psci.call(0x84000009, 0, 0);
    psci.call(0x84000002, 0, 0);
    assertEquals(List.of("off", "reset", "cpu off"), done);
  }

  @Test
  void suspendsUntilAnInterrupt() {
    assertEquals(0, psci.call(0xc4000001, 0, 0));
    assertEquals(0, psci.call(0x84000001, 0, 0));
    assertEquals(List.of("suspend", "suspend"), done);
  }

  @Test
  void knowsItsOneCpu() {
    assertEquals(-4, psci.call(0xc4000003, 0, 0x40000000), "CPU 0 is on");
    assertEquals(-2, psci.call(0xc4000003, 1, 0x40000000));
    assertEquals(-2, psci.call(0xc4000003, 1L << 32, 0), "affinity 3");
    assertEquals(-4, psci.call(0x84000003, 1L << 32, 0), "32-bit: only the low half");
    assertEquals(0, psci.call(0xc4000004, 0, 0));
    assertEquals(-2, psci.call(0xc4000004, 2, 0));
    assertEquals(-2, psci.call(0xc4000004, 0, 4));
  }

  @Test
  void tellsItsFeatures() {
    for (int function :
        new int[] {
          0x84000000,
          0x84000001,
          0xc4000001,
          0x84000002,
          0x84000003,
          0xc4000003,
          0x84000004,
          0xc4000004,
          0x84000006,
          0x84000008,
          0x84000009,
          0x8400000a,
          0x80000000
        }) {
      assertEquals(0, psci.call(0x8400000a, function, 0), Integer.toHexString(function));
    }
    for (int function : new int[] {0x84000005, 0xc4000008, 0x84000012, 0x80000001, 0}) {
      assertEquals(-1, psci.call(0x8400000a, function, 0), Integer.toHexString(function));
    }
    assertEquals(2, psci.call(0x84000006, 0, 0), "no trusted OS");
    assertEquals(-1, psci.call(0x84000005, 0, 0), "MIGRATE");
  }

  @Test
  void coversItsRangeOnly() {
    assertTrue(Psci.covers(0x84000000));
    assertTrue(Psci.covers(0xc400001f));
    assertFalse(Psci.covers(0x84000020));
    assertFalse(Psci.covers(0x80000000));
    assertFalse(Psci.covers(VendorCalls.ATTACH));
  }
}
