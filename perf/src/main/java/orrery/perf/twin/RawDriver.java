package orrery.perf.twin;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import orrery.kernel.block.BlockDriver;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockRequest;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.Disk;
import orrery.kernel.block.DiskController;
import orrery.kernel.device.PciDevice;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.Ring;
import orrery.kernel.hw.RingLayout;
import orrery.machine.Ram;
import orrery.machine.bus.BusRange;
import orrery.ownership.ProcessCtx;

/**
 * The hot path of an NVMe driver as it is without types: queues are addresses, registers numbers,
 * slots indices, and what the device says is believed. It reads only, up to two pages at once, by
 * one polled queue; it keeps what the real driver keeps of each command (whose it is, how often the
 * slot was used, when it is late) and recovers from nothing.
 *
 * <p>Its memory comes from the kernel's allocator, which lends it to the device for good; it is
 * accessed by address.
 */
final class RawDriver implements BlockDriver {
  static final int PAGE = 4096;

  /** As many as a polled queue of the real driver. */
  static final int SUBMISSIONS = 64;

  private static final int COMPLETIONS = 256;
  private static final int ENTRY_SHIFT = 6;
  private static final int COMPLETION_SHIFT = 4;

  /** For the allocation: a page of anything. */
  private static final RingLayout<RawDriver> LAYOUT =
      RingLayout.of(RawDriver.class, 1 << ENTRY_SHIFT);

  private static final MemorySegment MEMORY = Ram.unchecked();
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  // Registers (Base, section 3.1.4).
  private static final int CC = 0x14;
  private static final int CSTS = 0x1c;
  private static final int AQA = 0x24;
  private static final int ASQ = 0x28;
  private static final int ACQ = 0x30;
  private static final int DOORBELLS = 0x1000;
  private static final int DOORBELLS_OF_QUEUE = 8;
  private static final int ENABLE = 1 | 6 << 16 | 4 << 20;

  // Fields of entries (Base, figures 87 and 90).
  private static final int AT_8 = 8;
  private static final int AT_16 = 16;
  private static final int DATA_1 = 24;
  private static final int DATA_2 = 32;
  private static final int DWORDS_10 = 40;
  private static final int DWORDS_12 = 48;
  private static final int DWORDS_14 = 56;
  private static final int RESULT = 0;
  private static final int ID = 12;
  private static final int STATUS = 14;

  // Commands.
  private static final int CREATE_SUBMISSION = 0x01;
  private static final int CREATE_COMPLETION = 0x05;
  private static final int IDENTIFY = 0x06;
  private static final int SET_FEATURES = 0x09;
  private static final int NUMBER_OF_QUEUES = 7;
  private static final int READ = 2;
  private static final int NAMESPACE = 1;
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int PATIENCE = 300;

  private static final int SLOT_BITS = 10;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int GENERATION_MASK = 0x3f;
  private static final long UNSIGNED = 0xffff_ffffL;

  private final BusRange registers;
  private final DiskController controller;
  private final Dma dma;
  private final Queue admin;
  private final Queue io;
  private final BlockRequest[] requests = new BlockRequest[SUBMISSIONS];
  private final long blocks;
  private Disk disk;

  /** A queue pair. */
  private static final class Queue {
    private final Ring<RawDriver> submissionRing;
    private final Ring<RawDriver> completionRing;
    private final long submission;
    private final long completion;
    private final int doorbell;
    private final int[] free = new int[SUBMISSIONS];
    private final int[] generation = new int[SUBMISSIONS];
    private final int[] due = new int[SUBMISSIONS];
    private final boolean[] issued = new boolean[SUBMISSIONS];
    private int freeCount;
    private int timed;
    private int tail;
    private int head;
    private int phase = 1;
    private long result;
    private int status;

    Queue(Dma dma, Ram ram, int id) {
      submissionRing = dma.ring(LAYOUT, PAGE >>> ENTRY_SHIFT, Direction.TO_DEVICE);
      completionRing = dma.ring(LAYOUT, PAGE >>> ENTRY_SHIFT, Direction.FROM_DEVICE);
      submission = ram.hostAddress() + submissionRing.address() - ram.base();
      completion = ram.hostAddress() + completionRing.address() - ram.base();
      doorbell = DOORBELLS + id * DOORBELLS_OF_QUEUE;
      for (int i = SUBMISSIONS - 1; i > 0; i--) {
        free[freeCount++] = i - 1;
      }
    }
  }

  /** Starts the controller and makes its polled queue. */
  RawDriver(PciDevice device, Ram ram, BusRange registers, DiskController controller) {
    this.registers = registers;
    this.controller = controller;
    dma = device.dma();
    admin = new Queue(dma, ram, 0);
    io = new Queue(dma, ram, 1);
    registers.write(AQA, Integer.BYTES, COMPLETIONS - 1 << Short.SIZE | SUBMISSIONS - 1);
    registers.write(ASQ, Long.BYTES, admin.submissionRing.address());
    registers.write(ACQ, Long.BYTES, admin.completionRing.address());
    registers.write(CC, Integer.BYTES, ENABLE);
    if ((registers.read(CSTS, Integer.BYTES) & 1) == 0) {
      throw new HardwareException("it does not start at once");
    }
    run(SET_FEATURES, 0, 0, NUMBER_OF_QUEUES, 0);
    CpuBuffer page = dma.buffer(PAGE, Direction.FROM_DEVICE);
    var lent = page.toDevice();
    run(IDENTIFY, NAMESPACE, lent.address(), 0, 0);
    page = lent.toCpu();
    long size = page.readLong(0);
    int format = page.readInt(FORMATS + (page.readByte(FORMAT) & FORMAT_MASK) * Integer.BYTES);
    blocks = size << (format >>> Short.SIZE) >>> PAGE_SHIFT;
    blockShift = format >>> Short.SIZE;
    page.close();
    run(CREATE_COMPLETION, 0, io.completionRing.address(), 1 | COMPLETIONS - 1 << Short.SIZE, 1);
    run(
        CREATE_SUBMISSION,
        0,
        io.submissionRing.address(),
        1 | SUBMISSIONS - 1 << Short.SIZE,
        1 | 1 << Short.SIZE);
  }

  // Identify Namespace (NVM, figure 97).
  private static final int FORMAT = 26;
  private static final int FORMAT_MASK = 0xf;
  private static final int FORMATS = 128;
  private static final int PAGE_SHIFT = 12;
  private final int blockShift;

  /** The disk's size in pages. */
  long blocks() {
    return blocks;
  }

  void published(Disk itsDisk) {
    disk = itsDisk;
  }

  private void run(int opcode, int namespace, long data, int dword10, int dword11) {
    int slot = admin.free[--admin.freeCount];
    put(
        admin,
        slot,
        opcode,
        namespace,
        data,
        0,
        dword10 & UNSIGNED | (long) dword11 << Integer.SIZE,
        0,
        NEVER);
    registers.write(admin.doorbell, Integer.BYTES, admin.tail);
    if (reap(admin) != slot || admin.status != 0) {
      throw new HardwareException("admin command " + opcode + ": status " + admin.status);
    }
    registers.write(admin.doorbell + Integer.BYTES, Integer.BYTES, admin.head);
    admin.free[admin.freeCount++] = slot;
  }

  private static void put(
      Queue q,
      int slot,
      int flags,
      int namespace,
      long data1,
      long data2,
      long dwords10,
      long dwords12,
      int due) {
    q.generation[slot] = q.generation[slot] + 1 & GENERATION_MASK;
    q.issued[slot] = true;
    q.due[slot] = due;
    if (due != NEVER) {
      q.timed++;
    }
    int command = (q.generation[slot] << SLOT_BITS | slot) << Short.SIZE | flags;
    long entry = q.submission + ((long) q.tail << ENTRY_SHIFT);
    MEMORY.set(LONG, entry, command & UNSIGNED | (long) namespace << Integer.SIZE);
    MEMORY.set(LONG, entry + AT_8, 0);
    MEMORY.set(LONG, entry + AT_16, 0);
    MEMORY.set(LONG, entry + DATA_1, data1);
    MEMORY.set(LONG, entry + DATA_2, data2);
    MEMORY.set(LONG, entry + DWORDS_10, dwords10);
    MEMORY.set(LONG, entry + DWORDS_12, dwords12);
    MEMORY.set(LONG, entry + DWORDS_14, 0);
    q.tail = q.tail + 1 == SUBMISSIONS ? 0 : q.tail + 1;
  }

  private static int reap(Queue q) {
    long entry = q.completion + ((long) q.head << COMPLETION_SHIFT);
    int word = MEMORY.get(SHORT, entry + STATUS);
    VarHandle.acquireFence();
    if ((word & 1) != q.phase) {
      return -1;
    }
    if (++q.head == COMPLETIONS) {
      q.head = 0;
      q.phase ^= 1;
    }
    q.status = (word & 0xffff) >>> 1;
    q.result = MEMORY.get(LONG, entry + RESULT);
    int slot = MEMORY.get(SHORT, entry + ID) & SLOT_MASK;
    q.issued[slot] = false;
    if (q.due[slot] != NEVER) {
      q.timed--;
    }
    return slot;
  }

  @Override
  public void submit(BlockRequest request) {
    if (request.operation() != BlockOperation.READ || request.pages() > 2) {
      request.complete(BlockStatus.NOT_SUPPORTED);
      return;
    }
    int slot = io.free[--io.freeCount];
    requests[slot] = request;
    put(
        io,
        slot,
        READ,
        request.disk(),
        request.page(0) + request.offset(),
        request.pages() == 2 ? request.page(1) : 0,
        request.block() << PAGE_SHIFT >>> blockShift,
        (request.blocks() << PAGE_SHIFT >>> blockShift) - 1,
        PATIENCE);
  }

  @Override
  public void commit() {
    registers.write(io.doorbell, Integer.BYTES, io.tail);
  }

  @Override
  public void poll(int number) {
    int slot = reap(io);
    if (slot < 0) {
      return;
    }
    do {
      BlockRequest done = requests[slot];
      requests[slot] = null;
      io.free[io.freeCount++] = slot;
      done.complete(io.status == 0 ? BlockStatus.OK : BlockStatus.IO_ERROR);
      slot = reap(io);
    } while (slot >= 0);
    registers.write(io.doorbell + Integer.BYTES, Integer.BYTES, io.head);
  }

  @Override
  public void remove(ProcessCtx ctx) {
    registers.write(CC, Integer.BYTES, 0);
    disk.close();
    controller.close();
    io.submissionRing.close();
    io.completionRing.close();
    admin.submissionRing.close();
    admin.completionRing.close();
    dma.close();
  }
}
