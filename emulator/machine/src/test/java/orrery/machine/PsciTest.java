package orrery.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.machine.cpu.CpuPower;

class PsciTest {
  private final List<String> done = new ArrayList<>();
  private final Psci psci = new Psci(new Cpus(), new System());

  /** Three CPUs, of which the second is on besides the first. */
  private final class Cpus implements CpuPower {
    @Override
    public int count() {
      return 3;
    }

    @Override
    public boolean isOn(int index) {
      return index < 2;
    }

    @Override
    public boolean isEntry(long address) {
      return address >= 0x40000000 && address < 0x50000000;
    }

    @Override
    public void on(int index, long entry, long context) {
      done.add("on " + index + " " + Long.toHexString(entry) + " " + Long.toHexString(context));
    }

    @Override
    public void off() {
      done.add("cpu off");
    }

    @Override
    public void suspend() {
      done.add("suspend");
    }
  }

  private final class System implements Psci.SystemPower {
    @Override
    public void systemOff() {
      done.add("off");
    }

    @Override
    public void systemReset() {
      done.add("reset");
    }
  }

  private long call(int function, long x1, long x2) {
    return psci.call(function, x1, x2, 0);
  }

  @Test
  void isVersion1Point1() {
    assertEquals(0x10001, call(0x84000000, 0, 0));
    assertEquals(-1, call(0xc4000000, 0, 0), "no 64-bit variant");
  }

  @Test
  void switchesOffAndResets() {
    call(0x84000008, 0, 0);
    call(0x84000009, 0, 0);
    call(0x84000002, 0, 0);
    assertEquals(List.of("off", "reset", "cpu off"), done);
  }

  @Test
  void suspendsUntilAnInterrupt() {
    assertEquals(0, call(0xc4000001, 0, 0));
    assertEquals(0, call(0x84000001, 0, 0));
    assertEquals(List.of("suspend", "suspend"), done);
  }

  @Test
  void switchesOnWhatIsOff() {
    assertEquals(0, psci.call(0xc4000003, 2, 0x4000_0000, -1));
    assertEquals(0, psci.call(0x84000003, 1L << 32 | 2, 1L << 32 | 0x4000_0004, -1));
    assertEquals(List.of("on 2 40000000 ffffffffffffffff", "on 2 40000004 ffffffff"), done);
  }

  @Test
  void refusesToSwitchOn() {
    assertEquals(-4, call(0xc4000003, 0, 0x40000000), "CPU 0 is on");
    assertEquals(-4, call(0xc4000003, 1, 0x40000000), "CPU 1 is on");
    assertEquals(-2, call(0xc4000003, 3, 0x40000000), "no CPU 3");
    assertEquals(-2, call(0xc4000003, 1L << 32 | 2, 0x40000000), "affinity 3");
    assertEquals(-2, call(0xc4000003, -1, 0x40000000));
    assertEquals(-4, call(0x84000003, 1L << 32, 0), "32-bit: only the low half");
    assertEquals(-9, call(0xc4000003, 2, 0x50000000), "nothing there");
    assertEquals(List.of(), done);
  }

  @Test
  void knowsWhichCpusAreOn() {
    assertEquals(0, call(0xc4000004, 1, 0));
    assertEquals(1, call(0xc4000004, 2, 0));
    assertEquals(-2, call(0xc4000004, 3, 0));
    assertEquals(0, call(0xc4000004, 2, 1), "the cluster");
    assertEquals(-2, call(0xc4000004, 0x100, 1), "no such cluster");
    assertEquals(-2, call(0xc4000004, 0, 4));
    assertEquals(-2, call(0xc4000004, 0, -1));
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
      assertEquals(0, call(0x8400000a, function, 0), Integer.toHexString(function));
    }
    for (int function : new int[] {0x84000005, 0xc4000008, 0x84000012, 0x80000001, 0}) {
      assertEquals(-1, call(0x8400000a, function, 0), Integer.toHexString(function));
    }
    assertEquals(2, call(0x84000006, 0, 0), "no trusted OS");
    assertEquals(-1, call(0x84000005, 0, 0), "MIGRATE");
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
