package orrery.machine.cpu;

import orrery.unicorn.Arm64Register;
import orrery.unicorn.CpuContext;
import orrery.unicorn.Protection;
import orrery.unicorn.PublicCpu;
import orrery.unicorn.Unicorn;
import orrery.unicorn.UnicornException;

/**
 * An external abort of which only the block is known. While a device is accessed the registers are
 * those of the instruction that makes the access: it is the one in the block whose address they
 * give.
 */
final class PublicAbort extends ExternalAbort implements AutoCloseable {
  private static final int CODE_BYTES = 4096;

  private final PublicCpu cpu;
  private final Unicorn engine;
  private final CpuContext context;
  private boolean inCallback;
  private long start;
  private int size;

  PublicAbort(PublicCpu cpu) {
    super(cpu);
    this.cpu = cpu;
    engine = cpu.engine();
    context = engine.saveContext();
  }

  @Override
  boolean isFetch() {
    // Before a block is translated PC is where it will start; that block has not been entered.
    long pc = engine.read(Arm64Register.PC);
    start = cpu.blockStart();
    size = Math.clamp(cpu.blockSize(), 0, CODE_BYTES);
    inCallback = true;
    return isAt(pc, Protection.EXECUTE);
  }

  @Override
  void keep() {
    context.save();
  }

  @Override
  void restore() {
    context.restore();
    if (inCallback && !fetch()) {
      engine.write(Arm64Register.PC, find());
    }
    inCallback = false;
  }

  /** Whether a virtual address is that of the access. */
  private boolean isAt(long virtual, int access) {
    try {
      return engine.translate(virtual, access) == physical();
    } catch (UnicornException e) {
      return false; // nothing is mapped there
    }
  }

  /**
   * The instruction that made the access: the first whose address fits, unless it had another
   * address when it ran, because its registers have changed on the way to one that fits, too.
   */
  private long find() {
    long found = start;
    int match = 0;
    boolean stale = true;
    for (long at = start; at < start + size; at += Integer.BYTES) {
      int word = word(at);
      if (stale && fits(at, word)) {
        found = at;
        match = word;
        stale = false;
      } else if (match != 0 && LoadStore.changesAddress(word, match)) {
        stale = true;
      }
    }
    return found;
  }

  private boolean fits(long at, int word) {
    if (!LoadStore.is(word) || LoadStore.isLoadOnly(word) && isWrite()) {
      return false;
    }
    if (LoadStore.isStoreOnly(word) && !isWrite()) {
      return false;
    }
    long address = LoadStore.address(word, at, cpu);
    for (int offset = 0; offset < LoadStore.bytes(word); offset += 4) {
      if (isAt(address + offset, isWrite() ? Protection.WRITE : Protection.READ)) {
        return true;
      }
    }
    return false;
  }

  private int word(long virtual) {
    byte[] bytes = engine.readVirtual(virtual, Protection.EXECUTE, Integer.BYTES);
    return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
  }

  @Override
  public void close() {
    context.close();
  }
}
