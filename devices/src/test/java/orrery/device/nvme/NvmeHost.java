package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.nvme.RegisterMap.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import orrery.device.TestLine;
import orrery.device.storage.Medium;
import orrery.device.storage.SparseMemory;
import orrery.machine.Ram;
import orrery.machine.bus.MmioDevice;
import orrery.machine.clock.Alarm;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.DmaMemory;
import orrery.machine.fault.FaultPlan;
import orrery.machine.fault.FaultRule;
import orrery.machine.pci.PciHost;

/**
 * A machine with nothing but memory and a controller, and a host driver that can be told to do
 * everything wrong. Time stands still unless {@link #advance} moves it.
 */
final class NvmeHost implements AutoCloseable {
  static final long MEMORY = 0x4000_0000;
  static final long MEMORY_SIZE = 64 << 20;
  static final long MEMORY_END = MEMORY + MEMORY_SIZE;
  static final long BAR = 0x1000_0000;
  static final int ENTRIES = 32;
  static final int DISK = 8 << 20;

  private static final long QUEUES_AT = MEMORY + 0x10_0000;
  private static final long QUEUE_SPACE = 0x4_0000;

  /** Where commands find their data. */
  static final long DATA = MEMORY + 0x200_0000;

  static final long LISTS = MEMORY + 0x180_0000;

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private static final long DOORBELL = 0x0802_0040;
  private static final int SLOT = 1 << 15;
  private static final int MSI_X_CAPABILITY_ID = 0x11;

  final Ram ram = new Ram(MEMORY, MEMORY_SIZE);
  final List<Integer> messages = new ArrayList<>();
  final TestLine[] pins = {new TestLine(), new TestLine(), new TestLine(), new TestLine()};
  final NvmeController controller;
  final MmioDevice config;
  final MmioDevice window;

  private Runnable expired;
  long now = 1_000_000;
  long wakeAt = Long.MAX_VALUE;

  /** The host's view of its queues. */
  final class Queue {
    final int id;
    final int entries;
    final long submission;
    final long completion;
    int tail;
    int head;
    boolean phase = true;

    Queue(int id, int entries) {
      this.id = id;
      this.entries = entries;
      submission = QUEUES_AT + id * QUEUE_SPACE;
      completion = submission + QUEUE_SPACE / 2;
    }

    /** Puts an entry without telling the controller. */
    void put(Entry entry) {
      entry.write(submission + (long) tail * SUBMISSION_SIZE);
      tail = (tail + 1) % entries;
    }

    void ring() {
      write(DOORBELLS + 8L * id, tail);
    }

    boolean hasCompletion() {
      int status = ram.segment().get(INT, at(completion + (long) head * COMPLETION_SIZE + 12));
      return (status >>> 16 & 1) == (phase ? 1 : 0);
    }

    /** Takes a completion and tells the controller. */
    Completion take() {
      Completion taken = peek();
      write(DOORBELLS + 8L * id + 4, head);
      return taken;
    }

    /** Takes a completion without telling the controller. */
    Completion peek() {
      assertTrue(hasCompletion(), "no completion");
      long from = at(completion + (long) head * COMPLETION_SIZE);
      var memory = ram.segment();
      Completion taken =
          new Completion(
              memory.get(INT, from),
              memory.get(INT, from + 8) & 0xffff,
              memory.get(INT, from + 8) >>> 16,
              memory.get(INT, from + 12) & 0xffff,
              memory.get(INT, from + 12) >>> 17);
      head = (head + 1) % entries;
      phase ^= head == 0;
      return taken;
    }

    Completion run(Entry entry) {
      put(entry);
      ring();
      return take();
    }
  }

  record Completion(int result, int submissionHead, int queue, int command, int status) {
    /** Type and code. */
    int code() {
      return status & Status.CODE_MASK;
    }
  }

  /** A submission queue entry under construction. */
  final class Entry {
    private final int[] words = new int[16];

    Entry(int opcode) {
      words[0] = opcode | nextCommand++ << 16;
    }

    Entry id(int command) {
      words[0] = words[0] & 0xffff | command << 16;
      return this;
    }

    int id() {
      return words[0] >>> 16;
    }

    /** Bits 15:8 of dword 0. */
    Entry flags(int flags) {
      words[0] |= flags << 8;
      return this;
    }

    Entry namespace(int id) {
      words[1] = id;
      return this;
    }

    Entry pages(long first, long second) {
      word64(6, first);
      return word64(8, second);
    }

    /** One SGL descriptor instead of PRPs. */
    Entry sgl(long address, int length, int type) {
      flags(1 << 6);
      word64(6, address);
      words[8] = length;
      words[9] = type << 28;
      return this;
    }

    Entry dword(int number, int value) {
      words[number] = value;
      return this;
    }

    Entry word64(int number, long value) {
      words[number] = (int) value;
      words[number + 1] = (int) (value >>> 32);
      return this;
    }

    void write(long address) {
      for (int i = 0; i < words.length; i++) {
        ram.segment().set(INT, at(address) + 4L * i, words[i]);
      }
    }
  }

  int nextCommand = 1;
  Queue admin = new Queue(0, ENTRIES);
  Queue io;

  NvmeHost(FaultPlan faults, Medium... media) {
    this(DmaGuard.off(), faults, media);
  }

  NvmeHost(DmaGuard guard, FaultPlan faults, Medium... media) {
    controller =
        new NvmeController(
            new NvmeController.Setup("TEST-1", List.of(media), null, faults, this::cutPower),
            () -> now,
            expiry -> {
              expired = expiry;
              return new Alarm() {
                @Override
                public void set(long nanos) {
                  wakeAt = nanos;
                }

                @Override
                public void setNoLater(long nanos) {
                  wakeAt = Math.min(wakeAt, nanos);
                }

                @Override
                public void close() {
                  wakeAt = Long.MAX_VALUE;
                }
              };
            });
    PciHost host =
        new PciHost(
            new DmaMemory(ram, (address, length) -> {}, this::message, guard),
            pins[0],
            pins[1],
            pins[2],
            pins[3]);
    host.plug(1, controller);
    config = host.ecam();
    window = host.memoryWindow(0);
    plugIn();
  }

  /** Gives the function its address and lets it work, as firmware does. */
  void plugIn() {
    config.write(SLOT + 0x10, 8, BAR);
    mastering(true);
  }

  NvmeHost(FaultRule... rules) {
    this(new FaultPlan(List.of(rules)), new SparseMemory(DISK), new SparseMemory(DISK / 2));
  }

  /** A controller that is enabled and has one I/O queue pair. */
  static NvmeHost ready(FaultRule... rules) {
    NvmeHost host = new NvmeHost(rules);
    host.start();
    return host;
  }

  void start() {
    useMessages();
    enable();
    io = createQueue(1, ENTRIES, 1);
  }

  private void cutPower() {
    controller.losePower();
  }

  private boolean message(long address, int data) {
    if (address != DOORBELL) {
      return false;
    }
    messages.add(data);
    return true;
  }

  void useMessages() {
    for (int vector = 0; vector < QUEUES; vector++) {
      write(MSI_X_TABLE + 16L * vector, (int) DOORBELL);
      write(MSI_X_TABLE + 16L * vector + 4, 0);
      write(MSI_X_TABLE + 16L * vector + 8, vector);
      write(MSI_X_TABLE + 16L * vector + 12, 0);
    }
    config.write(SLOT + capability(MSI_X_CAPABILITY_ID) + 2, 2, 1 << 15);
  }

  private int capability(int id) {
    int at = (int) config.read(SLOT + 0x34, 1);
    while (config.read(SLOT + at, 1) != id) {
      at = (int) config.read(SLOT + at + 1, 1);
    }
    return at;
  }

  void functionReset() {
    int express = capability(0x10);
    config.write(SLOT + express + 8, 2, 1 << 15);
  }

  void mastering(boolean on) {
    config.write(SLOT + 4, 2, on ? 6 : 2);
  }

  int read(long register) {
    return (int) window.read(BAR + register, 4);
  }

  void write(long register, int value) {
    window.write(BAR + register, 4, value & 0xffff_ffffL);
  }

  static final int CC_STANDARD = 6 << CC_SUBMISSION_SIZE_SHIFT | 4 << CC_COMPLETION_SIZE_SHIFT;

  void enable() {
    admin = new Queue(0, ENTRIES);
    ram.segment().asSlice(at(admin.completion), QUEUE_SPACE / 2).fill((byte) 0);
    write(AQA, ENTRIES - 1 | ENTRIES - 1 << 16);
    window.write(BAR + ASQ, 8, admin.submission);
    window.write(BAR + ACQ, 8, admin.completion);
    write(CC, CC_STANDARD | CC_ENABLE);
    assertEquals(CSTS_READY, read(CSTS) & (CSTS_READY | CSTS_FATAL));
  }

  Queue createQueue(int id, int entries, int vector) {
    Queue queue = new Queue(id, entries);
    ram.segment().asSlice(at(queue.completion), QUEUE_SPACE / 2).fill((byte) 0);
    Entry completion =
        entry(Opcode.CREATE_COMPLETION_QUEUE)
            .pages(queue.completion, 0)
            .dword(10, id | entries - 1 << 16)
            .dword(11, 3 | vector << 16);
    assertEquals(0, admin.run(completion).status());
    Entry submission =
        entry(Opcode.CREATE_SUBMISSION_QUEUE)
            .pages(queue.submission, 0)
            .dword(10, id | entries - 1 << 16)
            .dword(11, 1 | id << 16);
    assertEquals(0, admin.run(submission).status());
    return queue;
  }

  Entry entry(int opcode) {
    return new Entry(opcode);
  }

  /** Reads or writes at most two pages of blocks at {@link #DATA}. */
  Entry blocks(int opcode, long first, int count) {
    return entry(opcode)
        .namespace(1)
        .pages(DATA, DATA + 4096)
        .word64(10, first)
        .dword(12, count - 1);
  }

  Completion identify(int structure, int namespace) {
    return admin.run(
        entry(Opcode.IDENTIFY).namespace(namespace).pages(DATA, 0).dword(10, structure));
  }

  Completion log(int page, int bytes) {
    return admin.run(
        entry(Opcode.GET_LOG_PAGE)
            .namespace(-1)
            .pages(DATA, DATA + 4096)
            .dword(10, page | bytes / 4 - 1 << 16));
  }

  Completion setFeature(int id, int value) {
    return admin.run(entry(Opcode.SET_FEATURES).pages(DATA, 0).dword(10, id).dword(11, value));
  }

  Completion getFeature(int id, int value) {
    return admin.run(entry(Opcode.GET_FEATURES).pages(DATA, 0).dword(10, id).dword(11, value));
  }

  /** Moves time and calls the controller if it asked for that. */
  void advance(long nanos) {
    now += nanos;
    if (wakeAt <= now) {
      wakeAt = Long.MAX_VALUE;
      expired.run();
    }
  }

  static long at(long address) {
    return address - MEMORY;
  }

  int byteAt(long address) {
    return ram.segment().get(ValueLayout.JAVA_BYTE, at(address)) & 0xff;
  }

  int shortAt(long address) {
    return byteAt(address) | byteAt(address + 1) << 8;
  }

  int intAt(long address) {
    return ram.segment().get(INT, at(address));
  }

  long longAt(long address) {
    return ram.segment().get(LONG, at(address));
  }

  void set32(long address, int value) {
    ram.segment().set(INT, at(address), value);
  }

  void set64(long address, long value) {
    ram.segment().set(LONG, at(address), value);
  }

  void fill(long address, long length, int value) {
    ram.segment().asSlice(at(address), length).fill((byte) value);
  }

  String text(long address, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(ram.segment(), ValueLayout.JAVA_BYTE, at(address), bytes, 0, length);
    return new String(bytes, StandardCharsets.US_ASCII).trim();
  }

  @Override
  public void close() {
    controller.powerOff(Long.MAX_VALUE);
    ram.close();
  }
}
