package orrery.perf.twin;

import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaPort;
import orrery.machine.pci.PciConfiguration;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciFunction;

/**
 * As little of an NVMe controller as a driver starts with: it fetches each command and posts its
 * completion (Base, section 4.1), and a read moves nothing. It has one namespace of 4 KiB blocks
 * and never interrupts. The vCPU's thread.
 */
final class BareController implements PciDevice, MmioDevice {
  private static final int VENDOR = 0x1b36;
  private static final int DEVICE = 0x0010;
  private static final int CLASS = 0x01_08_02;
  private static final int BAR_SIZE = 0x4000;
  private static final int VECTORS = 3;
  private static final int MSI_X_TABLE = 0x2000;
  private static final int MSI_X_PENDING = 0x3000;

  // Properties (Base, section 3.1.4).
  private static final int CAP = 0x00;
  private static final int CAP_HIGH = 0x04;
  private static final int VS = 0x08;
  private static final int CC = 0x14;
  private static final int CSTS = 0x1c;
  private static final int AQA = 0x24;
  private static final int ASQ = 0x28;
  private static final int ACQ = 0x30;
  private static final int DOORBELLS = 0x1000;

  /** Queues of 1024 entries that lie side by side, ready in 500 ms, the NVM command set. */
  private static final long CAPABILITIES = 1023 | 1L << 16 | 1L << 24 | 1L << 37;

  private static final int VERSION = 0x0002_0000;
  private static final int CC_ENABLE = 1;
  private static final int CC_SHUTDOWN_MASK = 3 << 14;
  private static final int READY = 1;
  private static final int SHUTDOWN_COMPLETE = 2 << 2;

  private static final int ENTRY = 64;
  private static final int COMPLETION = 16;
  private static final int COMPLETION_SHIFT = 4;
  private static final int PHASE = 1 << 16;
  private static final int AT_NAMESPACE = 4;
  private static final int AT_DATA = 24;
  private static final int AT_10 = 40;
  private static final int AT_11 = 44;
  private static final int QUEUES = 8;

  // Admin commands (Base, section 5).
  private static final int CREATE_SUBMISSION = 0x01;
  private static final int CREATE_COMPLETION = 0x05;
  private static final int IDENTIFY = 0x06;
  private static final int SET_FEATURES = 0x09;
  private static final int EVENT_REQUEST = 0x0c;
  private static final int LOW_16 = 0xffff;
  private static final int LOW_8 = 0xff;

  private final long blocks;
  private final Queue[] queues = new Queue[QUEUES];
  private DmaPort dma;
  private int configuration;
  private int status;
  private int adminSizes;
  private long adminSubmission;
  private long adminCompletion;

  /** A submission queue and the completion queue of the same number. */
  private static final class Queue {
    private long submission;
    private int submissions;
    private int head;
    private int tail;
    private long completion;
    private int completions;
    private int posted;
    private int phase = PHASE;
  }

  BareController(long blocks) {
    this.blocks = blocks;
  }

  @Override
  public PciConfiguration configuration() {
    return new PciConfiguration(VENDOR, DEVICE, CLASS, 0)
        .memory64(0, BAR_SIZE, this)
        .express()
        .msiX(VECTORS, 0, MSI_X_TABLE, MSI_X_PENDING);
  }

  @Override
  public void connected(PciFunction function) {
    dma = function.dma();
  }

  @Override
  public void reset() {
    configuration = 0;
    status = 0;
  }

  @Override
  public int widths() {
    return Integer.BYTES | Long.BYTES;
  }

  @Override
  public long read(long offset, int width) {
    return switch ((int) offset) {
      case CAP -> width == Long.BYTES ? CAPABILITIES : (int) CAPABILITIES;
      case CAP_HIGH -> CAPABILITIES >>> Integer.SIZE;
      case VS -> VERSION;
      case CC -> configuration;
      case CSTS -> status;
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int width, long value) {
    int at = (int) offset;
    if (at >= DOORBELLS) {
      doorbell((at - DOORBELLS) / Integer.BYTES, (int) value);
      return;
    }
    switch (at) {
      case CC -> configure((int) value);
      case AQA -> adminSizes = (int) value;
      case ASQ -> adminSubmission = value; // drivers here write both halves at once
      case ACQ -> adminCompletion = value;
      default -> {
        return; // nothing that a driver here needs
      }
    }
  }

  private void configure(int value) {
    configuration = value;
    status = (value & CC_ENABLE) != 0 ? READY : 0;
    if ((value & CC_SHUTDOWN_MASK) != 0) {
      status |= SHUTDOWN_COMPLETE;
    }
    Queue admin = new Queue();
    admin.submission = adminSubmission;
    admin.submissions = (adminSizes & LOW_16) + 1;
    admin.completion = adminCompletion;
    admin.completions = (adminSizes >>> Short.SIZE) + 1;
    queues[0] = admin;
  }

  private void doorbell(int index, int value) {
    if ((index & 1) != 0) {
      return; // the completion queues are as long as the submission queues at least
    }
    Queue queue = queues[index / 2];
    queue.tail = value;
    while (queue.head != queue.tail) {
      long entry = queue.submission + (long) queue.head * ENTRY;
      queue.head = queue.head + 1 == queue.submissions ? 0 : queue.head + 1;
      int word = dma.readInt(entry);
      if (index == 0) {
        administer(queue, entry, word);
      } else {
        post(queue, word, 0);
      }
    }
  }

  private void post(Queue queue, int command, int result) {
    long id = command >>> Short.SIZE | queue.phase;
    dma.writeLongs(
        queue.completion + ((long) queue.posted << COMPLETION_SHIFT),
        result,
        queue.head | id << Integer.SIZE);
    if (++queue.posted == queue.completions) {
      queue.posted = 0;
      queue.phase ^= PHASE;
    }
  }

  private void administer(Queue queue, long entry, int word) {
    int what = dma.readInt(entry + AT_10);
    int how = dma.readInt(entry + AT_11);
    long data = dma.readLong(entry + AT_DATA);
    switch (word & LOW_8) {
      case IDENTIFY -> identify(what, dma.readInt(entry + AT_NAMESPACE), data);
      case CREATE_COMPLETION -> {
        Queue made = new Queue();
        made.completion = data;
        made.completions = (what >>> Short.SIZE) + 1;
        queues[what & LOW_16] = made;
      }
      case CREATE_SUBMISSION -> {
        queues[what & LOW_16].submission = data;
        queues[what & LOW_16].submissions = (what >>> Short.SIZE) + 1;
      }
      case EVENT_REQUEST -> {
        return; // nothing ever happens
      }
      default -> {
        // everything else succeeds
      }
    }
    post(queue, word, (word & LOW_8) == SET_FEATURES ? how : 0);
  }

  // Identify (Base, section 5.17).
  private static final int ACTIVE_NAMESPACES = 2;
  private static final int OF_CONTROLLER = 1;
  private static final int PAGE = 4096;
  private static final int AT_SQES = 512;
  private static final int AT_CQES = 513;
  private static final int AT_LBAF = 128;
  private static final byte SQES = 0x66;
  private static final byte CQES = 0x44;
  private static final int BLOCKS_OF_4096 = 12 << 16;

  private void identify(int structure, int namespace, long to) {
    dma.fill(to, PAGE, (byte) 0);
    switch (structure & LOW_8) {
      case OF_CONTROLLER -> {
        dma.writeByte(to + AT_SQES, SQES);
        dma.writeByte(to + AT_CQES, CQES);
      }
      case ACTIVE_NAMESPACES -> dma.writeInt(to, namespace == 0 ? 1 : 0);
      default -> {
        dma.writeLong(to, blocks);
        dma.writeInt(to + AT_LBAF, BLOCKS_OF_4096);
      }
    }
  }
}
