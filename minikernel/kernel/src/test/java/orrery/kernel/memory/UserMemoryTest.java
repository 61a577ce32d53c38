package orrery.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static orrery.kernel.memory.MemoryFixture.PAGE;
import static orrery.kernel.memory.MemoryFixture.PRIVATE;
import static orrery.kernel.memory.MemoryFixture.READ_WRITE;
import static orrery.kernel.memory.MemoryFixture.errno;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.MapFlag;

class UserMemoryTest {
  private static final long VA = 0x1000_0000;

  private final MemoryFixture f = new MemoryFixture(4);
  private final AddressSpace s = f.kernel.newAddressSpace();

  @BeforeEach
  void map() {
    MemoryFixture.map(s, VA, 2, READ_WRITE, PRIVATE);
    MemoryFixture.map(s, VA + 2 * PAGE, 1, MapFlag.PROT_READ, PRIVATE);
  }

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void valuesCrossPages() {
    for (int i = -8; i <= 0; i++) {
      long va = VA + PAGE + i;
      s.writeLong(va, 0x0123_4567_89ab_cdefL);
      assertEquals(0x0123_4567_89ab_cdefL, s.readLong(va));
      s.writeInt(va, 0x8765_4321);
      assertEquals(0x8765_4321, s.readInt(va));
      s.writeShort(va, (short) 0xfedc);
      assertEquals((short) 0xfedc, s.readShort(va));
      assertEquals((byte) 0xdc, s.readByte(va));
    }
  }

  @Test
  void valueThatCrossesIntoForbiddenMemoryIsNotHalfWritten() {
    long va = VA + 2 * PAGE - 4;
    s.writeInt(va, 5);
    assertEquals(Errno.EFAULT, errno(() -> s.writeLong(va, -1)));
    assertEquals(5, s.readInt(va));
  }

  @Test
  void everythingOutsideIsAFault() {
    for (long va : new long[] {0, VA - 1, VA + 3 * PAGE, 1L << 39, -1, Long.MIN_VALUE, 1L << 56}) {
      assertEquals(Errno.EFAULT, errno(() -> s.readByte(va)));
      assertEquals(Errno.EFAULT, errno(() -> s.writeByte(va, (byte) 0)));
      assertEquals(Errno.EFAULT, errno(() -> s.readString(va, 10)));
      assertEquals(Errno.EFAULT, errno(() -> s.copyIn(va, new byte[2], 0, 2)));
      assertEquals(Errno.EFAULT, errno(() -> s.copyOut(new byte[2], 0, va, 2)));
    }
    assertEquals(Errno.EFAULT, errno(() -> s.writeByte(VA + 2 * PAGE, (byte) 0)));
    MemoryFixture.map(s, VA, 1, MapFlag.PROT_NONE, PRIVATE);
    assertEquals(Errno.EFAULT, errno(() -> s.readByte(VA)));
  }

  @Test
  void stringsCrossPagesAndHaveALimit() {
    byte[] text = new byte[300];
    Arrays.fill(text, (byte) 0xe4);
    text[299] = 0;
    s.copyOut(text, 0, VA + PAGE - 100, 300);
    assertEquals("\u00e4".repeat(299), s.readString(VA + PAGE - 100, 300));
    assertEquals(Errno.ENAMETOOLONG, errno(() -> s.readString(VA + PAGE - 100, 299)));
    for (int i = 0; i < 20; i++) {
      assertEquals("\u00e4".repeat(i), s.readString(VA + PAGE + 199 - i, 100));
    }
  }

  @Test
  void unterminatedStringAtTheEndOfMemoryFaults() {
    s.writeByte(VA + 2 * PAGE - 1, (byte) 'x');
    s.layout().unmap(VA + 2 * PAGE, PAGE);
    assertEquals(Errno.EFAULT, errno(() -> s.readString(VA + 2 * PAGE - 1, 100)));
  }
}
