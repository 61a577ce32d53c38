package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.nvme.NvmeHost.DATA;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueuesTest {
  private final NvmeHost host = NvmeHost.ready();

  @AfterEach
  void close() {
    host.close();
  }

  private static int code(int status) {
    return status & Status.CODE_MASK;
  }

  private int create(int opcode, int id, int size, int flags, long address) {
    return host.admin
        .run(host.entry(opcode).pages(address, 0).dword(10, id | size - 1 << 16).dword(11, flags))
        .code();
  }

  @Test
  @Clause(value = "Base 5.3.1", demands = "Create I/O Completion Queue refuses nonsense")
  void completionQueuesAreChecked() {
    int create = Opcode.CREATE_COMPLETION_QUEUE;
    assertEquals(code(Status.QUEUE_ID_INVALID), create(create, 0, 8, 1, DATA));
    assertEquals(code(Status.QUEUE_ID_INVALID), create(create, 1, 8, 1, DATA));
    assertEquals(code(Status.QUEUE_ID_INVALID), create(create, 65, 8, 1, DATA));
    assertEquals(code(Status.QUEUE_SIZE_INVALID), create(create, 2, 1, 1, DATA));
    assertEquals(code(Status.QUEUE_SIZE_INVALID), create(create, 2, 4097, 1, DATA));
    assertEquals(code(Status.INVALID_FIELD), create(create, 2, 8, 0, DATA));
    assertEquals(code(Status.PRP_OFFSET_INVALID), create(create, 2, 8, 1, DATA + 8));
    assertEquals(code(Status.VECTOR_INVALID), create(create, 2, 8, 3 | 65 << 16, DATA));
    assertEquals(0, create(create, 2, 4096, 3 | 64 << 16, DATA));
  }

  @Test
  @Clause(value = "Base 5.3.2", demands = "Create I/O Submission Queue refuses nonsense")
  void submissionQueuesAreChecked() {
    int create = Opcode.CREATE_SUBMISSION_QUEUE;
    assertEquals(code(Status.QUEUE_ID_INVALID), create(create, 1, 8, 1 | 1 << 16, DATA));
    assertEquals(code(Status.QUEUE_ID_INVALID), create(create, 2, 8, 1, DATA));
    assertEquals(code(Status.COMPLETION_QUEUE_INVALID), create(create, 2, 8, 1 | 9 << 16, DATA));
    assertEquals(code(Status.COMPLETION_QUEUE_INVALID), create(create, 2, 8, 1 | 99 << 16, DATA));
    assertEquals(code(Status.QUEUE_SIZE_INVALID), create(create, 2, 1, 1 | 1 << 16, DATA));
    assertEquals(0, create(create, 2, 8, 1 | 1 << 16, DATA));
  }

  @Test
  @Clause(value = "Base 5.3.3", demands = "a completion queue in use cannot be deleted")
  void deletionKeepsTheOrder() {
    NvmeHost.Entry delete = host.entry(Opcode.DELETE_COMPLETION_QUEUE).dword(10, 1);
    assertEquals(code(Status.QUEUE_DELETION_INVALID), host.admin.run(delete).code());
    delete = host.entry(Opcode.DELETE_SUBMISSION_QUEUE).dword(10, 1);
    assertEquals(0, host.admin.run(delete).status());
    delete = host.entry(Opcode.DELETE_SUBMISSION_QUEUE).dword(10, 1);
    assertEquals(code(Status.QUEUE_ID_INVALID), host.admin.run(delete).code());
    delete = host.entry(Opcode.DELETE_COMPLETION_QUEUE).dword(10, 1);
    assertEquals(0, host.admin.run(delete).status());
    for (int id : new int[] {0, 1, 65, 0xffff}) {
      delete = host.entry(Opcode.DELETE_COMPLETION_QUEUE).dword(10, id);
      assertEquals(code(Status.QUEUE_ID_INVALID), host.admin.run(delete).code());
    }
  }

  @Test
  @Clause(value = "Base 3.3.1", demands = "64 I/O queue pairs work side by side")
  void manyQueues() {
    List<NvmeHost.Queue> queues = new ArrayList<>();
    for (int id = 2; id <= RegisterMap.IO_QUEUES; id++) {
      queues.add(host.createQueue(id, 4, id));
    }
    for (NvmeHost.Queue queue : queues) {
      host.messages.clear();
      assertEquals(queue.id, queue.run(host.blocks(Opcode.READ, 0, 1)).queue());
      assertEquals(List.of(queue.id), host.messages);
    }
  }

  @Test
  @Clause(value = "Base 3.3.1.2.1", demands = "a full completion queue holds commands back")
  void fullCompletionQueuesHoldBack() {
    NvmeHost.Queue small = host.createQueue(2, 4, 2);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 3; i++) {
        small.put(host.blocks(Opcode.READ, 0, 1));
      }
      small.ring();
      for (int i = 0; i < 3; i++) {
        assertEquals(0, small.peek().status());
      }
      assertFalse(small.hasCompletion());
      for (int i = 0; i < 3; i++) {
        small.put(host.blocks(Opcode.READ, 0, 1));
      }
      small.ring();
      assertFalse(small.hasCompletion(), "no room until the host tells what it saw");
      host.write(RegisterMap.DOORBELLS + 8 * 2 + 4, small.head);
      for (int i = 0; i < 3; i++) {
        assertEquals(0, small.take().status());
      }
    }
  }

  @Test
  @Clause(value = "Base 3.4.4.1", demands = "round robin takes a burst of each queue in turns")
  void roundRobin() {
    assertEquals(0, host.setFeature(Features.ARBITRATION, 1).status());
    NvmeHost.Queue a = host.io;
    // Both complete into queue 1, whose entries so tell the order; it is full at first.
    NvmeHost.Queue b = host.new Queue(2, 16);
    assertEquals(0, create(Opcode.CREATE_SUBMISSION_QUEUE, 2, 16, 1 | 1 << 16, b.submission));
    for (int i = 0; i < NvmeHost.ENTRIES - 1; i++) {
      a.put(host.blocks(Opcode.READ, 0, 1));
    }
    a.ring();
    for (int i = 0; i < NvmeHost.ENTRIES - 1; i++) {
      a.peek();
    }
    for (int i = 0; i < 6; i++) {
      a.put(host.blocks(Opcode.READ, 0, 1));
      b.put(host.blocks(Opcode.READ, 0, 1));
    }
    a.ring();
    b.ring();
    assertFalse(a.hasCompletion());
    host.write(RegisterMap.DOORBELLS + 8 + 4, a.head);
    StringBuilder order = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      order.append(a.take().queue());
    }
    assertTrue(
        order.toString().equals("112211221122") || order.toString().equals("221122112211"),
        order.toString());
  }

  @Test
  @Clause(value = "Base 4.2.3.1", demands = "a command identifier in use is a conflict")
  void conflictingIdentifiers() {
    host.admin.put(host.entry(Opcode.ASYNC_EVENT_REQUEST).id(9));
    host.admin.ring();
    NvmeHost.Entry again = host.entry(Opcode.IDENTIFY).id(9).pages(DATA, 0).dword(10, 1);
    assertEquals(code(Status.COMMAND_ID_CONFLICT), host.admin.run(again).code());
  }

  @Test
  @Clause(value = "Base 5.3.5", demands = "shadow doorbells replace doorbells", optional = true)
  void shadowDoorbells() {
    long shadow = NvmeHost.LISTS;
    long indices = NvmeHost.LISTS + 4096;
    host.fill(shadow, 8192, 0);
    NvmeHost.Entry configure = host.entry(Opcode.DOORBELL_BUFFER_CONFIG).pages(shadow, indices);
    assertEquals(0, host.admin.run(configure).status());
    host.io.put(host.blocks(Opcode.READ, 0, 1));
    host.io.put(host.blocks(Opcode.READ, 0, 1));
    host.set32(shadow + 8, 2);
    host.write(RegisterMap.DOORBELLS + 8, 1);
    assertEquals(0, host.io.peek().status());
    assertEquals(0, host.io.peek().status());
    assertEquals(2, host.intAt(indices + 8), "from there on the doorbell is needed");
    host.set32(shadow + 8, 9999);
    host.io.put(host.blocks(Opcode.READ, 0, 1));
    host.io.ring();
    assertEquals(0, host.io.peek().status());
    configure = host.entry(Opcode.DOORBELL_BUFFER_CONFIG).pages(shadow + 4, indices);
    assertEquals(code(Status.INVALID_FIELD), host.admin.run(configure).code());
  }

  @Test
  @Clause(value = "Base 5.3.5", demands = "a full queue asks for its doorbell", optional = true)
  void shadowHeads() {
    long shadow = NvmeHost.LISTS;
    long indices = NvmeHost.LISTS + 4096;
    host.fill(shadow, 8192, 0);
    NvmeHost.Queue small = host.createQueue(2, 4, 2);
    NvmeHost.Entry configure = host.entry(Opcode.DOORBELL_BUFFER_CONFIG).pages(shadow, indices);
    assertEquals(0, host.admin.run(configure).status());
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 3; i++) {
        small.put(host.blocks(Opcode.READ, 0, 1));
      }
      host.set32(shadow + 16, small.tail);
      small.ring();
      for (int i = 0; i < 3; i++) {
        assertEquals(0, small.peek().status(), "the head is read from memory");
      }
      host.set32(shadow + 20, small.head);
    }
  }

  /** Linux resumes its queues before it configures the buffers again after a reset. */
  @Test
  void shadowDoorbellsOfQueuesInUse() {
    long shadow = NvmeHost.LISTS;
    long indices = NvmeHost.LISTS + 4096;
    host.fill(shadow, 8192, 0);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).status());
    }
    host.io.put(host.blocks(Opcode.READ, 0, 1));
    host.set32(shadow + 8, host.io.tail);
    NvmeHost.Entry configure = host.entry(Opcode.DOORBELL_BUFFER_CONFIG).pages(shadow, indices);
    assertEquals(0, host.admin.run(configure).status());
    assertEquals(0, host.io.peek().status(), "the tail is read from memory");
    assertEquals(host.io.tail, host.intAt(indices + 8), "a doorbell is wanted from here on");
  }

  /** Else a pin would stay asserted for heads that are in memory only. */
  @Test
  void shadowHeadsAskForDoorbellsWherePinsNeedThem() {
    long shadow = NvmeHost.LISTS;
    long indices = NvmeHost.LISTS + 4096;
    host.fill(shadow, 8192, 0);
    NvmeHost.Entry configure = host.entry(Opcode.DOORBELL_BUFFER_CONFIG).pages(shadow, indices);
    assertEquals(0, host.admin.run(configure).status());
    assertEquals(0, host.setFeature(8, 3 | 5 << 8).status());
    for (int i = 0; i < 2; i++) {
      host.io.put(host.blocks(Opcode.READ, 0, 1));
      host.set32(shadow + 8, host.io.tail);
      host.io.ring();
      assertEquals(i, host.intAt(indices + 12), "the head that asks for a doorbell");
      host.io.peek();
      host.set32(shadow + 12, host.io.head);
    }
  }

  @Test
  @Clause(
      value = "PCIe Transport: Interrupts",
      demands = "the pin follows unseen completions and INTMS")
  void pinInterrupts() {
    try (NvmeHost pinned = new NvmeHost()) {
      pinned.enable();
      assertEquals(
          code(Status.VECTOR_INVALID),
          pinned
              .admin
              .run(
                  pinned
                      .entry(Opcode.CREATE_COMPLETION_QUEUE)
                      .pages(DATA, 0)
                      .dword(10, 1 | 7 << 16)
                      .dword(11, 3 | 1 << 16))
              .code());
      pinned.admin.put(pinned.entry(Opcode.IDENTIFY).pages(DATA, 0).dword(10, 1));
      pinned.admin.ring();
      assertTrue(pinned.pins[1].asserted());
      pinned.write(RegisterMap.INTMS, 1);
      assertFalse(pinned.pins[1].asserted());
      pinned.write(RegisterMap.INTMC, 1);
      assertTrue(pinned.pins[1].asserted());
      pinned.admin.take();
      assertFalse(pinned.pins[1].asserted());
    }
  }

  @Test
  @Clause(value = "Base 5.2.26.2.2", demands = "coalescing waits for a number of entries or a time")
  void coalescesInterrupts() {
    assertEquals(0, host.setFeature(8, 3 | 5 << 8).status());
    host.messages.clear();
    for (int i = 0; i < 3; i++) {
      host.io.put(host.blocks(Opcode.READ, 0, 1));
      host.io.ring();
    }
    assertEquals(List.of(), host.messages);
    host.io.put(host.blocks(Opcode.READ, 0, 1));
    host.io.ring();
    assertEquals(List.of(1), host.messages);
    for (int i = 0; i < 4; i++) {
      host.io.take();
    }
    host.messages.clear();
    host.io.put(host.blocks(Opcode.READ, 0, 1));
    host.io.ring();
    assertEquals(List.of(), host.messages);
    host.advance(500_000);
    assertEquals(List.of(1), host.messages);
  }

  @Test
  @Clause(value = "Base 5.2.26.2.3", demands = "coalescing can be disabled for a vector")
  void vectorsWithoutCoalescing() {
    assertEquals(0, host.setFeature(8, 3 | 5 << 8).status());
    assertEquals(0, host.setFeature(9, 1 | 1 << 16).status());
    host.messages.clear();
    host.io.run(host.blocks(Opcode.READ, 0, 1));
    assertEquals(List.of(1), host.messages);
  }

  @Test
  @Clause(value = "Base 5.2.2", demands = "a doorbell value that cannot be is an event")
  void impossibleDoorbellsChangeNothing() {
    host.write(RegisterMap.DOORBELLS + 8 + 4, 3);
    host.write(RegisterMap.DOORBELLS + 8, NvmeHost.ENTRIES);
    host.log(1, 64);
    assertEquals(2, host.longAt(DATA));
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).status());
  }
}
