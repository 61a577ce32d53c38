package orrery.machine.boot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.machine.MachineException;
import orrery.machine.Ram;

class KernelLoaderTest {
  private static final long BASE = 0x4000_0000;
  private static final long MIB = 1 << 20;
  private static final int LAST = 77;

  private final Ram ram = new Ram(BASE, 32 * MIB);

  @AfterEach
  void close() {
    ram.close();
  }

  private LoadedKernel load(byte[] kernel) {
    return new KernelLoader(ram, 4 * MIB).load(KernelFile.of("test", kernel));
  }

  private void rejects(String part, byte[] kernel) {
    String message = assertThrows(MachineException.class, () -> load(kernel)).getMessage();
    assertTrue(message.startsWith("the kernel test ") && message.contains(part), message);
    assertEquals(1, message.lines().count());
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] image(long flags) {
    ByteBuffer image = bytes(0x1000).putLong(16, MIB).putLong(24, flags);
    image.put(56, new byte[] {'A', 'R', 'M', 0x64}).put(0xfff, (byte) LAST);
    return image.array();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  /** One segment of 0x100 bytes, 0x200 in memory, and its entry 8 bytes into it. */
  private static byte[] elf(long virtual, long physical) {
    ByteBuffer elf = bytes(0x200);
    elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putShort(16, (short) 2).putShort(18, (short) 183).putLong(24, virtual + 8);
    elf.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
    elf.putInt(64, 1).putLong(72, 0x100).putLong(80, virtual).putLong(88, physical);
    elf.putLong(96, 0x100).putLong(104, 0x200);
    return elf.put(0x1ff, (byte) LAST).array();
  }

  private int byteAt(long physical) {
    return ram.segment().get(JAVA_BYTE, physical - BASE);
  }

  @Test
  void unpacksGzip() throws IOException {
    LoadedKernel loaded = load(gzip(image(0xa)));
    assertEquals(BASE + 4 * MIB, loaded.entry());
    assertEquals(LAST, byteAt(loaded.entry() + 0xfff));
  }

  @Test
  void rejectsGzipThatIsDamagedTruncatedOrUnpacksToTooMuch() throws IOException {
    byte[] packed = gzip(image(0xa));
    rejects("truncated", Arrays.copyOf(packed, packed.length / 2));
    byte[] damaged = packed.clone();
    damaged[packed.length - 6] ^= 1; // the check sum
    rejects("damaged", damaged);
    rejects("--memory", gzip(new byte[33 << 20]));
  }

  @Test
  void unpacksAnEfiZbootImage() throws IOException {
    byte[] payload = gzip(image(0xa));
    ByteBuffer zboot = bytes(0x100 + payload.length);
    zboot.put(0, new byte[] {'M', 'Z', 0, 0, 'z', 'i', 'm', 'g'});
    zboot.putInt(8, 0x100).putInt(12, payload.length);
    zboot.put(24, new byte[] {'g', 'z', 'i', 'p'}).put(0x100, payload);
    assertEquals(LAST, byteAt(load(zboot.array()).entry() + 0xfff));
    zboot.putInt(12, payload.length + 1);
    rejects("truncated", zboot.array());
    zboot.put(24, new byte[] {'z', 's', 't', 'd'});
    rejects("zstd", zboot.array());
  }

  @Test
  void loadsElfByPhysicalAddressAndZeroesTheRest() {
    ram.segment().asSlice(5 * MIB, 0x200).fill((byte) 0);
    LoadedKernel loaded = load(elf(0xffff_8000_0000_0000L, BASE + 5 * MIB));
    assertEquals(BASE + 5 * MIB + 8, loaded.entry());
    assertEquals(LAST, byteAt(BASE + 5 * MIB + 0xff));
    assertEquals(BASE + 5 * MIB + 0x200, loaded.end());
  }

  @Test
  void loadsElfWithKernelVirtualAddressesAsAnImage() {
    long virtual = 0xffff_8000_8000_0000L;
    assertEquals(BASE + 4 * MIB + 8, load(elf(virtual, virtual)).entry());
  }

  @Test
  void rejectsElfThatIsOutOfPlaceOrCutOff() {
    rejects("below RAM", elf(0x1000, 0x1000));
    rejects("--memory", elf(BASE + 32 * MIB, BASE + 32 * MIB));
    rejects("truncated", Arrays.copyOf(elf(BASE, BASE), 0x180));
    rejects("truncated", Arrays.copyOf(elf(BASE, BASE), 20));
  }

  @Test
  void rejectsImagesThatTheCpuCannotRun() {
    rejects("big-endian", image(0xb));
    rejects("16 KiB", image(0xc));
  }

  @Test
  void rejectsKernelsOfOtherMachines() {
    ByteBuffer x86 = bytes(0x400).putShort(0x1fe, (short) 0xaa55);
    rejects("x86", x86.put(0x202, new byte[] {'H', 'd', 'r', 'S'}).array());
    rejects("unxz", new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0});
    rejects("--initrd", new byte[] {'0', '7', '0', '7', '0', '1'});
    rejects("empty", new byte[0]);
  }

  @Test
  void namesAddressesBySymbols() {
    SymbolTable table =
        new SymbolTable(
            List.of(
                new SymbolTable.Symbol(0xffff_8000_0000_1000L, 0x20, "high"),
                new SymbolTable.Symbol(0x1000, 0, "low")));
    assertEquals("low", table.symbol(0x1000));
    assertEquals("low+0x8", table.symbol(0x1008));
    assertEquals("high+0x1f", table.symbol(0xffff_8000_0000_101fL));
    assertNull(table.symbol(0xffff_8000_0000_1020L));
    assertNull(table.symbol(0xfff));
  }
}
