package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;

/**
 * The offsets are those that a C compiler for arm64 gives for the structures in {@code
 * asm/sigcontext.h} and {@code asm-generic/siginfo.h}.
 */
final class SignalFrameTest {
  private static final int RECORDS = 592;

  private final SignalFrame frame = new SignalFrame();

  @BeforeEach
  void begin() {
    frame.clear();
    frame.beginVectors(0x11, 0x22);
  }

  @Test
  void frameHasTheLayoutOfLinux() {
    assertEquals(4688, SignalFrame.SIZE);
    frame.x(0, 100);
    frame.x(30, 130);
    frame.putLong(SignalFrame.SP, 131);
    frame.putLong(SignalFrame.PC, 132);
    frame.putLong(SignalFrame.PSTATE, 0x8000_0000L);
    frame.putLong(SignalFrame.MASK, 42);
    frame.v(31, 7, 8);
    assertEquals(100, frame.getLong(312));
    assertEquals(130, frame.getLong(312 + 240));
    assertEquals(131, frame.getLong(560));
    assertEquals(132, frame.getLong(568));
    assertEquals(0x8000_0000L, frame.getLong(576));
    assertEquals(42, frame.getLong(168));
    assertEquals(0x4650_8001, frame.getInt(RECORDS));
    assertEquals(528, frame.getInt(RECORDS + 4));
    assertEquals(0x11, frame.getInt(RECORDS + 8));
    assertEquals(0x22, frame.getInt(RECORDS + 12));
    assertEquals(7, frame.getLong(RECORDS + 16 + 31 * 16));
    assertEquals(8, frame.getLong(RECORDS + 16 + 31 * 16 + 8));
  }

  @Test
  void informationHasTheLayoutOfLinux() {
    frame.info(new SignalInfo().child(Signal.SIGCHLD, SigInfo.CLD_EXITED, 12, 34, 5, 6, 7));
    assertEquals(Signal.SIGCHLD, frame.getInt(0));
    assertEquals(0, frame.getInt(4));
    assertEquals(SigInfo.CLD_EXITED, frame.getInt(8));
    assertEquals(12, frame.getInt(16));
    assertEquals(34, frame.getInt(20));
    assertEquals(5, frame.getInt(24));
    assertEquals(6, frame.getLong(32));
    assertEquals(7, frame.getLong(40));
  }

  @Test
  void frameOfTheKernelIsAcceptedBack() {
    assertTrue(frame.findVectors());
    assertEquals(0x11, frame.fpsr());
    assertEquals(0x22, frame.fpcr());
  }

  @Test
  void frameWithSyndromeIsAcceptedBack() {
    frame.addSyndrome(0x9200_0046L);
    assertEquals(0x4553_5201, frame.getInt(RECORDS + 528));
    assertEquals(0x9200_0046L, frame.getLong(RECORDS + 528 + 8));
    assertTrue(frame.findVectors());
  }

  @Test
  void frameWithoutVectorsIsRejected() {
    frame.putInt(RECORDS, 0);
    frame.putInt(RECORDS + 4, 0);
    assertFalse(frame.findVectors());
  }

  @Test
  void vectorsOfAnotherSizeAreRejected() {
    frame.putInt(RECORDS + 4, 512);
    assertFalse(frame.findVectors());
  }

  @Test
  void secondVectorRecordIsRejected() {
    frame.putInt(RECORDS + 528, 0x4650_8001);
    frame.putInt(RECORDS + 532, 528);
    assertFalse(frame.findVectors());
  }

  @Test
  void recordThatIsTooLongOrEndlessIsRejected() {
    for (int size : new int[] {0, 8, 17, -16, Integer.MIN_VALUE, 4096, Integer.MAX_VALUE & -16}) {
      frame.putInt(RECORDS + 528, 0x4553_5201);
      frame.putInt(RECORDS + 532, size);
      assertFalse(frame.findVectors(), "size " + size);
    }
  }

  @Test
  void unknownRecordIsRejected() {
    frame.putInt(RECORDS + 528, 0x5356_4501);
    frame.putInt(RECORDS + 532, 16);
    assertFalse(frame.findVectors());
  }

  @Property
  void nothingInAFrameMakesItsReadingFail(
      @ForAll @Size(4096) byte[] records, @ForAll boolean plausible) {
    ByteBuffer random = ByteBuffer.wrap(records).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = plausible ? 8 : 0; i < records.length; i += 8) {
      frame.putLong(RECORDS + i, random.getLong(i));
    }
    if (frame.findVectors()) {
      frame.vHigh(31);
    }
  }
}
