package orrery.device.nvme;

import static orrery.device.nvme.RegisterMap.*;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import orrery.device.storage.SparseMemory;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.GuardMode;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultPlan;
import orrery.machine.fault.FaultRule;

/**
 * Bytes as a program of a hostile host: register accesses, commands, garbage in memory, resets,
 * time. The bytes choose what happens and with which numbers; those of a real driver are more
 * likely than others. Every program ends, and the same bytes do the same.
 */
final class FuzzProgram {
  /** Below this the controller was lent the memory, above it was not. */
  private static final long LENT_END = NvmeHost.DATA + (4 << 20);

  /** Behind what was lent, and at the end of memory: as much as a command can transfer at least. */
  private static final int FORBIDDEN = Transfer.MAX_BYTES + (64 << 10);

  private static final byte CANARY = 0x5a;
  private static final MemorySegment CANARIES =
      MemorySegment.ofArray(new byte[FORBIDDEN]).fill(CANARY);
  private static final int REQUESTER = 1 << 3;
  private static final int SLOT = 1 << 15;
  private static final int BURST = 40;

  private static final int[] ADMIN = {
    Opcode.DELETE_SUBMISSION_QUEUE,
    Opcode.CREATE_SUBMISSION_QUEUE,
    Opcode.GET_LOG_PAGE,
    Opcode.DELETE_COMPLETION_QUEUE,
    Opcode.CREATE_COMPLETION_QUEUE,
    Opcode.IDENTIFY,
    Opcode.ABORT,
    Opcode.SET_FEATURES,
    Opcode.GET_FEATURES,
    Opcode.ASYNC_EVENT_REQUEST,
    Opcode.DOORBELL_BUFFER_CONFIG,
    Opcode.FORMAT
  };

  private static final int[] IO = {
    Opcode.FLUSH,
    Opcode.WRITE,
    Opcode.READ,
    Opcode.COMPARE,
    Opcode.WRITE_ZEROES,
    Opcode.DATASET_MANAGEMENT,
    Opcode.VERIFY,
    Opcode.COPY
  };

  private static final int[] REGISTERS = {
    CAP, VS, INTMS, INTMC, CC, CSTS, NSSR, AQA, ASQ, ASQ_HIGH, ACQ, ACQ_HIGH, CRTO
  };

  /** What the first blocks do when they are verified; those behind are as they should be. */
  private static final List<FaultRule> FAULTS =
      faults(
          new Fault.Event(Surroundings.TEMPERATURE, 0, 400),
          new Fault.Event(Surroundings.TEMPERATURE, 0, 0),
          new Fault.Event(Surroundings.CAPACITY, 1, 1 << 16),
          new Fault.Event(Surroundings.CAPACITY, 1, Long.MAX_VALUE),
          new Fault.Event(Surroundings.DETACH, 1, 0),
          new Fault.Event(Surroundings.ATTACH, 1, 0),
          new Fault.DropCompletion(),
          new Fault.Delay(Duration.ofMillis(1)),
          new Fault.LoseInterrupt());

  private final byte[] bytes;
  private int at;
  private NvmeHost host;

  private static List<FaultRule> faults(Fault... faults) {
    List<FaultRule> rules = new ArrayList<>();
    for (int block = 0; block < faults.length; block++) {
      rules.add(
          FaultRule.always(faults[block]).operation(Engine.IO, Opcode.VERIFY).range(block, block));
    }
    return rules;
  }

  FuzzProgram(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Runs it on a fresh controller.
   *
   * @throws AssertionError if the controller has touched memory that it was not lent
   */
  void run() {
    DmaGuard guard = new DmaGuard(GuardMode.STRICT, line -> {});
    guard
        .windows(REQUESTER)
        .define(
            NvmeHost.MEMORY, LENT_END - NvmeHost.MEMORY, true, true, "the host's queues and data")
        .open();
    try (NvmeHost made =
        new NvmeHost(
            guard,
            new FaultPlan(FAULTS),
            new SparseMemory(NvmeHost.DISK),
            new SparseMemory(NvmeHost.DISK / 2))) {
      host = made;
      MemorySegment behind = forbidden(LENT_END);
      MemorySegment end = forbidden(NvmeHost.MEMORY_END - FORBIDDEN);
      host.start();
      while (at < bytes.length) {
        step();
      }
      if (behind.mismatch(CANARIES) >= 0 || end.mismatch(CANARIES) >= 0) {
        throw new AssertionError("memory was written that was not lent");
      }
    }
  }

  private MemorySegment forbidden(long from) {
    MemorySegment memory = host.ram.segment().asSlice(NvmeHost.at(from), FORBIDDEN);
    return memory.fill(CANARY);
  }

  private void step() {
    switch (next() & 15) {
      case 0, 1 -> host.window.write(NvmeHost.BAR + register(), width(), value());
      case 2 -> host.window.read(NvmeHost.BAR + register(), width());
      case 3 -> doorbell();
      case 4, 5, 6 -> command(host.admin, ADMIN);
      case 7, 8, 9, 10 -> command(host.io, IO);
      case 11 -> garbage();
      case 12 -> host.advance(1L << (next() & 31));
      case 13 -> revive();
      case 14 -> configuration();
      default -> host.window.write(NvmeHost.BAR + MSI_X_TABLE + (next() & 0xff) * 4L, 4, word());
    }
  }

  private int next() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }

  private int word() {
    return next() | next() << 8 | next() << 16 | next() << 24;
  }

  private int width() {
    return (next() & 1) == 0 ? 4 : 8;
  }

  private long register() {
    int choice = next();
    return choice < 128
        ? REGISTERS[choice % REGISTERS.length] & (width() == 4 ? -1 : ~7)
        : (next() << 8 | next()) % BAR_SIZE & ~7;
  }

  /** Nothing, everything, something small, an address, or anything. */
  private long value() {
    return switch (next() & 7) {
      case 0 -> 0;
      case 1 -> -1;
      case 2, 3 -> next();
      case 4 -> address();
      case 5 -> NvmeHost.CC_STANDARD | next() & 1;
      default -> word() & 0xffff_ffffL | (long) word() << 32;
    };
  }

  /** Lent memory more often than its ends, what was not lent, and what is no memory at all. */
  private long address() {
    int choice = next();
    long offset = (long) (next() << 8 | next()) * ((choice & 1) == 0 ? 4096 : 37);
    return switch (choice >>> 1 & 7) {
      case 0, 1 -> NvmeHost.DATA + offset % (4 << 20);
      case 2, 3 -> NvmeHost.LISTS + offset % (1 << 20);
      case 4 -> LENT_END - (offset & 0xffff);
      case 5 -> NvmeHost.MEMORY_END - (offset & 0x1_ffff);
      case 6 -> Long.MAX_VALUE - offset;
      default -> (long) word() << 32 | word() & 0xffff_ffffL;
    };
  }

  private void doorbell() {
    host.window.write(NvmeHost.BAR + DOORBELLS + 4L * (next() % 140), 4, next() & 0x7f);
  }

  private int namespace() {
    return switch (next() & 7) {
      case 0 -> word();
      case 1 -> 0;
      case 2 -> Request.BROADCAST;
      default -> 1 + next() % 3;
    };
  }

  private void command(NvmeHost.Queue queue, int[] opcodes) {
    int count = 1 + next() % 3;
    for (int i = 0; i < count; i++) {
      int opcode = next();
      NvmeHost.Entry entry =
          host.entry(opcode < 240 ? opcodes[opcode % opcodes.length] : next())
              .namespace(namespace())
              .pages(address(), address());
      int flags = next();
      if (flags < 96) {
        entry.flags(flags & 0xc3);
        entry.dword(8, word()).dword(9, (next() & 0xf3) << 24);
      }
      for (int dword = 10; dword < 16; dword++) {
        int shape = next();
        if (shape < 96) {
          entry.dword(dword, shape & 31); // an identifier, a page, a structure, a count
        } else if (shape < 128) {
          entry.dword(dword, word());
        } else if (shape < 160) {
          entry.dword(dword, next() | next() << 16);
        } else if (shape < 192) {
          entry.dword(dword, 4 * next());
        }
      }
      queue.put(entry);
    }
    queue.ring();
    for (int i = 0; i < BURST && queue.hasCompletion(); i++) {
      queue.take();
    }
  }

  /** Descriptors, page entries and ranges where pointers lead. */
  private void garbage() {
    long to = (next() & 1) == 0 ? NvmeHost.LISTS : NvmeHost.DATA;
    int pages = next() & 0xff;
    for (int i = 0; i < 16; i++) {
      host.set64(to + pages * 4096L + i * 8, value());
    }
  }

  private void revive() {
    host.config.write(SLOT + 0x10, 8, NvmeHost.BAR);
    host.config.write(SLOT + 4, 2, 6);
    host.write(CC, 0);
    try {
      host.start();
    } catch (AssertionError e) {
      return; // the program has bent what a start needs, such as vectors' addresses
    }
  }

  private void configuration() {
    host.config.write(SLOT + (next() & 0xff & ~3), 4, word() & 0xffff_ffffL);
  }
}
