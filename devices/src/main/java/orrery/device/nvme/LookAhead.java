package orrery.device.nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Looks at what the next command will read just before the present one's data are copied: while
 * that goes on, the host's processor fetches the next data's address translation and first lines,
 * and its prefetcher begins with the rest. Nothing depends on what is seen.
 */
final class LookAhead {
  /** What a processor fetches at once, in bytes; where it is another size this is only slower. */
  private static final int LINE = 64;

  /** Four lines were faster than one, two or eight, and than one of each command of a burst. */
  private static final long SEEN = 4 * LINE;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int OPCODE_MASK = 0xff;

  private final Namespace[] namespaces;
  private final Fetched fetched;

  /** Kept, because a compiler leaves out loads of what nobody needs. */
  private long seen;

  /** Looks at the commands of {@code fetched}. */
  LookAhead(Namespace[] namespaces, Fetched fetched) {
    this.namespaces = namespaces;
    this.fetched = fetched;
  }

  /** Looks at the data of the I/O command after the one in execution, if it is known. */
  void look() {
    if (!fetched.hasAnother()
        || (fetched.dwordOfNext(Request.AT_OPCODE) & OPCODE_MASK) != Opcode.READ) {
      return;
    }
    int id = fetched.dwordOfNext(Request.AT_NAMESPACE);
    if (id <= 0 || id > namespaces.length) {
      return;
    }
    Namespace namespace = namespaces[id - 1];
    MemorySegment memory = namespace.medium.memory();
    long block = fetched.quadwordOfNext(Request.AT_10);
    if (memory != null && namespace.contains(block, 1)) {
      look(memory, block << namespace.blockShift());
    }
  }

  private void look(MemorySegment memory, long at) {
    if (at > memory.byteSize() - SEEN) {
      return;
    }
    try {
      seen +=
          memory.get(LONG, at)
              + memory.get(LONG, at + LINE)
              + memory.get(LONG, at + 2 * LINE)
              + memory.get(LONG, at + 3 * LINE);
    } catch (InternalError e) {
      return; // the host cannot read it: the command itself will fail and say so
    }
  }
}
