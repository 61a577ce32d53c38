package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The C arrays of a batch call: register numbers, pointers to values and, for some, sizes. */
final class RegisterBatch implements AutoCloseable {
  private static final long VALUE = 16; // room for the largest register

  private final Arena arena = Arena.ofConfined();
  final MemorySegment ids;
  final MemorySegment pointers;
  final MemorySegment sizes;
  private final MemorySegment values;

  RegisterBatch(int[] registers, long[] initial) {
    this(registers, initial.length);
    for (int i = 0; i < initial.length; i++) {
      values.set(JAVA_LONG, i * VALUE, initial[i]);
      pointers.setAtIndex(ADDRESS, i, values.asSlice(i * VALUE));
    }
  }

  RegisterBatch(int[] registers, MemorySegment[] buffers) {
    this(registers, buffers.length);
    for (int i = 0; i < buffers.length; i++) {
      sizes.setAtIndex(JAVA_LONG, i, buffers[i].byteSize());
      pointers.setAtIndex(ADDRESS, i, buffers[i]);
    }
  }

  private RegisterBatch(int[] registers, int count) {
    if (registers.length != count) {
      throw new IllegalArgumentException(registers.length + " registers, " + count + " values");
    }
    int room = Math.max(1, count);
    ids = arena.allocate(JAVA_INT, room);
    MemorySegment.copy(registers, 0, ids, JAVA_INT, 0, count);
    pointers = arena.allocate(ADDRESS, room);
    sizes = arena.allocate(JAVA_LONG, room);
    values = arena.allocate(room * VALUE, VALUE);
  }

  void copyTo(long[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = values.get(JAVA_LONG, i * VALUE);
    }
  }

  long[] sizes() {
    return sizes.toArray(JAVA_LONG);
  }

  @Override
  public void close() {
    arena.close();
  }
}
