package orrery.kernel.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.machine.bus.MmioDevice;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.OwnershipException;

class IoMemTest {
  /** A block with a register of each width. */
  private static final class Block {
    static final RegisterBlock<Block> BLOCK = RegisterBlock.of(Block.class, 0x20);
    static final Register.U32<Block, Access.ReadOnly> ID = BLOCK.readOnly32(0x0);
    static final Register.U32<Block, Access.ReadWrite> CONTROL = BLOCK.readWrite32(0x4);
    static final Register.U32<Block, Access.WriteOneToClear> STATUS = BLOCK.writeOneToClear32(0x8);
    static final Register.U64<Block, Access.ReadWrite> ADDRESS = BLOCK.readWrite64(0x10);
    static final Register.U16<Block, Access.ReadWrite> SELECT = BLOCK.readWrite16(0x18);
    static final Register.U8<Block, Access.ReadWrite> BYTE = BLOCK.readWrite8(0x1a);
  }

  /** Remembers the last write; reads tell where they were. */
  private static final class Echo implements MmioDevice {
    String last = "";

    @Override
    public int widths() {
      return 1 | 2 | 4 | 8;
    }

    @Override
    public long read(long offset, int width) {
      return offset << 8 | width;
    }

    @Override
    public void write(long offset, int width, long value) {
      last = Long.toHexString(offset) + "/" + width + "=" + Long.toHexString(value);
    }
  }

  private final SurfaceFixture surface = new SurfaceFixture();
  private final Echo echo = new Echo();

  private IoMem<Block> map() {
    surface.attach(0x100, echo);
    return IoMem.map(surface.resources, surface.bus, SurfaceFixture.REGISTERS, 0x100, Block.BLOCK);
  }

  @AfterEach
  void free() {
    surface.close();
  }

  /** Else a register of the larger block would lie behind the device's last. */
  @Test
  void classNamesOneBlockOnly() {
    assertThrows(IllegalArgumentException.class, () -> RegisterBlock.of(Block.class, 0x40));
    assertEquals(0x20, RegisterBlock.of(Block.class, 0x20).size());
  }

  @Test
  void registersAreAccessedAtTheirPlaceAndWidth() {
    IoMem<Block> io = map();
    assertEquals(0x004, io.read(Block.ID));
    assertEquals(0x404, io.read(Block.CONTROL));
    assertEquals(0x1008, io.read(Block.ADDRESS));
    assertEquals(0x1802, io.read(Block.SELECT));
    assertEquals(0x1a01, io.read(Block.BYTE));
    io.write(Block.CONTROL, -1);
    assertEquals("4/4=ffffffff", echo.last);
    io.write(Block.SELECT, 0x12345);
    assertEquals("18/2=2345", echo.last);
    io.write(Block.BYTE, -1);
    assertEquals("1a/1=ff", echo.last);
    io.write(Block.ADDRESS, -1);
    assertEquals("10/8=ffffffffffffffff", echo.last);
    io.clear(Block.STATUS, 4);
    assertEquals("8/4=4", echo.last);
    io.close();
  }

  @Test
  void runTimeOffsetsAreChecked() throws OutOfRangeException {
    IoMem<Block> io = map();
    assertEquals(0xfc04, io.tryRead32(0xfc));
    io.tryWrite16(0xfe, 7);
    assertEquals("fe/2=7", echo.last);
    for (long offset : new long[] {-4, 0xfe, 0x100, Long.MAX_VALUE, Long.MIN_VALUE, 2}) {
      assertThrows(OutOfRangeException.class, () -> io.tryRead32(offset), () -> "at " + offset);
      assertThrows(OutOfRangeException.class, () -> io.tryWrite32(offset, 0));
    }
    io.close();
  }

  @Test
  void blockLargerThanTheDeviceIsNotMapped() {
    HardwareException e =
        assertThrows(
            HardwareException.class,
            () ->
                IoMem.map(
                    surface.resources, surface.bus, SurfaceFixture.REGISTERS, 0x1f, Block.BLOCK));
    assertEquals("test device has 31 bytes where Block needs 32", e.getMessage());
  }

  @Test
  void registersOutsideTheirBlockAreNotMade() {
    RegisterBlock<Block> block = Block.BLOCK;
    assertThrows(IllegalArgumentException.class, () -> block.readOnly32(0x1e));
    assertThrows(IllegalArgumentException.class, () -> block.readOnly64(0x1c));
    assertThrows(IllegalArgumentException.class, () -> block.readWrite16(0x11));
    assertThrows(IllegalArgumentException.class, () -> block.writeOnly8(-1));
  }

  @Test
  void useAfterCloseOrRevocationIsADefinedError() {
    IoMem<Block> io = map();
    io.close();
    assertThrows(OwnershipException.class, () -> io.read(Block.ID));
    assertThrows(OwnershipException.class, io::close);
    IoMem<Block> other =
        IoMem.map(surface.resources, surface.bus, SurfaceFixture.REGISTERS, 0x100, Block.BLOCK);
    assertEquals(2, surface.resources.revokeAll()); // this and the fixture's Dma
    OwnershipException e =
        assertThrows(OwnershipException.class, () -> other.write(Block.CONTROL, 1));
    assertEquals("IoMem of test device is used after it was closed or revoked", e.getMessage());
    assertEquals(0, surface.census.live());
  }
}
