package orrery.device.nvme;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import orrery.device.storage.Medium;
import orrery.machine.dma.DmaPort;
import orrery.machine.fault.Fault;

/**
 * Moves data between the guest's memory and a medium: in one copy where the medium is memory, else
 * through a buffer. The extents have been checked against the guest's memory.
 */
final class Transfer {
  /** The largest transfer of a command in bytes: MDTS. */
  static final int MAX_BYTES = 2 << 20;

  private final DmaPort dma;
  private final ReadBatch batch;

  /** Made when first needed. */
  private MemorySegment buffer;

  private MemorySegment second;

  /** What changes a byte of the next data; null for nothing. */
  private Fault.CorruptData corruption;

  Transfer(DmaPort dma, ReadBatch batch) {
    this.dma = dma;
    this.batch = batch;
  }

  /** Lets a byte of the data change on its way from now on, or with null none. */
  void corrupt(Fault.CorruptData how) {
    corruption = how;
  }

  /**
   * Changes the byte if it is in this piece.
   *
   * @param before bytes of the data before the piece
   * @param total of the data
   */
  private void corrupt(MemorySegment piece, long before, long length, long total) {
    long at = corruption.offset() % total - before;
    if (at >= 0 && at < length) {
      byte old = piece.get(ValueLayout.JAVA_BYTE, at);
      piece.set(ValueLayout.JAVA_BYTE, at, (byte) (old ^ corruption.flipped()));
    }
  }

  /** Bytes of the medium to the guest, or later: then {@link Status#PUT_OFF}. */
  int read(Medium medium, long offset, Extents to) {
    MemorySegment direct = corruption == null ? medium.memory() : null;
    if (direct != null
        && to.count() == 1
        && batch.add(to.address(0), direct, offset, to.length(0))) {
      return Status.PUT_OFF;
    }
    batch.copy(); // what was put off comes first
    long at = offset;
    try {
      for (int i = 0; i < to.count(); i++) {
        long length = to.length(i);
        if (to.address(i) == Extents.BUCKET) {
          at += length;
        } else if (direct != null) {
          dma.write(to.address(i), direct, at, length);
          at += length;
        } else {
          medium.read(at, buffer(), 0, length);
          if (corruption != null) {
            corrupt(buffer(), at - offset, length, to.total());
          }
          dma.write(to.address(i), buffer(), 0, length);
          at += length;
        }
      }
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.READ_ERROR;
    }
  }

  /** Bytes of the guest to the medium. */
  int write(Medium medium, long offset, Extents from) {
    MemorySegment direct = corruption == null ? medium.memory() : null;
    long at = offset;
    try {
      for (int i = 0; i < from.count(); i++) {
        long length = from.length(i);
        if (direct != null) {
          dma.read(from.address(i), direct, at, length);
        } else {
          dma.read(from.address(i), buffer(), 0, length);
          if (corruption != null) {
            corrupt(buffer(), at - offset, length, from.total());
          }
          medium.write(at, buffer(), 0, length);
        }
        at += length;
      }
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.WRITE_FAULT;
    }
  }

  /** Whether the guest's bytes are the medium's. */
  int compare(Medium medium, long offset, Extents with) {
    long at = offset;
    try {
      for (int i = 0; i < with.count(); i++) {
        long length = with.length(i);
        dma.read(with.address(i), buffer(), 0, length);
        medium.read(at, second(), 0, length);
        if (MemorySegment.mismatch(buffer(), 0, length, second(), 0, length) >= 0) {
          return Status.COMPARE_FAILURE;
        }
        at += length;
      }
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.READ_ERROR;
    }
  }

  /** Reads bytes of the medium to see whether that works. */
  int verify(Medium medium, long offset, long length) {
    try {
      for (long done = 0; done < length; ) {
        long part = Math.min(MAX_BYTES, length - done);
        medium.read(offset + done, buffer(), 0, part);
        done += part;
      }
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.READ_ERROR;
    }
  }

  /** Reads bytes of the medium into the buffer, from {@code at} on. */
  int load(Medium medium, long offset, int at, long length) {
    try {
      medium.read(offset, buffer(), at, length);
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.READ_ERROR;
    }
  }

  /** Writes what was {@link #load loaded}. */
  int store(Medium medium, long offset, long length) {
    try {
      medium.write(offset, buffer(), 0, length);
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.WRITE_FAULT;
    }
  }

  /** Zeros bytes of the medium and keeps their space. */
  static int zero(Medium medium, long offset, long length) {
    try {
      medium.zero(offset, length);
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.WRITE_FAULT;
    }
  }

  /** Zeros bytes of the medium and gives their space back. */
  static int discard(Medium medium, long offset, long length) {
    try {
      medium.discard(offset, length);
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.WRITE_FAULT;
    }
  }

  /** Makes everything durable. */
  static int flush(Medium medium) {
    try {
      medium.flush();
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.WRITE_FAULT;
    }
  }

  /** Makes a range durable. */
  static int flush(Medium medium, long offset, long length) {
    try {
      medium.flush(offset, length);
      return Status.SUCCESS;
    } catch (IOException | InternalError e) {
      return Status.WRITE_FAULT;
    }
  }

  /** The guest's bytes as an array. */
  void fetch(Extents from, byte[] to) {
    int at = 0;
    for (int i = 0; i < from.count(); i++) {
      int length = (int) from.length(i);
      dma.read(from.address(i), to, at, length);
      at += length;
    }
  }

  /** Bytes of an array, from {@code offset} on, to the guest. */
  void deliver(byte[] bytes, int offset, Extents to) {
    byte[] from = bytes;
    if (corruption != null && to.total() != 0) {
      from = bytes.clone();
      corrupt(MemorySegment.ofArray(from).asSlice(offset), 0, to.total(), to.total());
    }
    int at = offset;
    for (int i = 0; i < to.count(); i++) {
      int length = (int) to.length(i);
      if (to.address(i) != Extents.BUCKET) {
        dma.write(to.address(i), from, at, length);
      }
      at += length;
    }
  }

  private MemorySegment buffer() {
    if (buffer == null) {
      buffer = Arena.ofAuto().allocate(MAX_BYTES);
    }
    return buffer;
  }

  private MemorySegment second() {
    if (second == null) {
      second = Arena.ofAuto().allocate(MAX_BYTES);
    }
    return second;
  }
}
