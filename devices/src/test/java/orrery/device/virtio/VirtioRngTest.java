package orrery.device.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static orrery.device.virtio.VirtioRegisters.*;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VirtioRngTest {
  private static final long BUFFER = Driver.RAM + 0x4_0000;

  @Test
  void buffersComeBackFullOfTheBackendsBytes() {
    try (Driver driver = new Driver().plug(new VirtioFunction(new VirtioRng(new Random(7))))) {
      driver.negotiate(F_VERSION_1);
      Driver.Ring ring = driver.ring(0, 4);
      driver.ready();
      ring.descriptor(0, BUFFER, 64, DESC_F_WRITE, 0);
      ring.offer(0);
      driver.notifyQueue(0);
      assertEquals(64, ring.take()[1]);
      byte[] expected = new byte[4096];
      new Random(7).nextBytes(expected);
      assertArrayEquals(Arrays.copyOf(expected, 64), driver.bytes(BUFFER, 64));
    }
  }

  @Test
  void largeAndUnwritableBuffersGetWhatIsSensible() {
    try (Driver driver = new Driver().plug(new VirtioFunction(new VirtioRng(new Random(7))))) {
      driver.negotiate(F_VERSION_1);
      Driver.Ring ring = driver.ring(0, 4);
      driver.ready();
      ring.descriptor(0, BUFFER, 100_000, DESC_F_WRITE, 0);
      ring.descriptor(1, BUFFER, 100, 0, 0);
      ring.offer(0);
      ring.offer(1);
      driver.notifyQueue(0);
      assertEquals(4096, ring.take()[1]);
      assertEquals(0, ring.take()[1]);
    }
  }
}
