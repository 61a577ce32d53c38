package orrery.device.nvme;

import static orrery.device.nvme.CommandTable.Scope.OWN;

/** Creating and deleting I/O queues (PCIe Transport; Base, sections 5.3.1 to 5.3.4). */
final class QueueCommands {
  private static final int ID_MASK = 0xffff;
  private static final int CONTIGUOUS = 1;
  private static final int INTERRUPTS = 1 << 1;

  private final NvmeState state;
  private final Interrupts interrupts;
  private final HeldCommands held;

  QueueCommands(NvmeState state, Interrupts interrupts, HeldCommands held) {
    this.state = state;
    this.interrupts = interrupts;
    this.held = held;
  }

  void addTo(CommandTable table) {
    table
        .add(Opcode.CREATE_COMPLETION_QUEUE, 0, OWN, this::createCompletion)
        .add(Opcode.CREATE_SUBMISSION_QUEUE, 0, OWN, this::createSubmission)
        .add(Opcode.DELETE_COMPLETION_QUEUE, 0, OWN, this::deleteCompletion)
        .add(Opcode.DELETE_SUBMISSION_QUEUE, 0, OWN, this::deleteSubmission);
  }

  private int createCompletion(Request request) {
    int id = id(request);
    int status = check(request, id, state.completion, RegisterMap.CC_COMPLETION_SIZE_SHIFT);
    if (status != Status.SUCCESS) {
      return status;
    }
    int flags = request.dword(Request.AT_11);
    int vector = flags >>> Short.SIZE;
    if (vector >= RegisterMap.QUEUES || vector != 0 && !interrupts.usesMessages()) {
      return request.wrong(Status.VECTOR_INVALID, Request.AT_11);
    }
    state.completion[id] =
        new CompletionQueue(
            id,
            request.quadword(Request.AT_DATA),
            entries(request),
            vector,
            (flags & INTERRUPTS) != 0);
    return Status.SUCCESS;
  }

  private int createSubmission(Request request) {
    int id = id(request);
    int target = request.dword(Request.AT_11) >>> Short.SIZE;
    if (target == 0) {
      return request.wrong(Status.QUEUE_ID_INVALID, Request.AT_11);
    }
    if (target >= RegisterMap.QUEUES || state.completion[target] == null) {
      return request.wrong(Status.COMPLETION_QUEUE_INVALID, Request.AT_11);
    }
    int status = check(request, id, state.submission, RegisterMap.CC_SUBMISSION_SIZE_SHIFT);
    if (status != Status.SUCCESS) {
      return status;
    }
    CompletionQueue completion = state.completion[target];
    completion.users++;
    state.submission[id] =
        new SubmissionQueue(id, request.quadword(Request.AT_DATA), entries(request), completion);
    return Status.SUCCESS;
  }

  /** What both kinds have in common: identifier, size, memory. Priorities do not matter here. */
  private int check(Request request, int id, Object[] queues, int sizeShift) {
    int count =
        1
            + (sizeShift == RegisterMap.CC_COMPLETION_SIZE_SHIFT
                ? state.features.queues >>> Short.SIZE
                : state.features.queues & ID_MASK);
    if (id == 0 || id > count || queues[id] != null) {
      return request.wrong(Status.QUEUE_ID_INVALID, Request.AT_10);
    }
    int size = request.dword(Request.AT_10) >>> Short.SIZE;
    int entrySize = state.configuration >>> sizeShift & RegisterMap.CC_SIZE_MASK;
    int wanted =
        sizeShift == RegisterMap.CC_COMPLETION_SIZE_SHIFT
            ? RegisterMap.COMPLETION_SHIFT
            : RegisterMap.SUBMISSION_SHIFT;
    if (size == 0 || size >= RegisterMap.MAX_QUEUE_ENTRIES || entrySize != wanted) {
      return request.wrong(Status.QUEUE_SIZE_INVALID, Request.AT_10);
    }
    if ((request.dword(Request.AT_11) & CONTIGUOUS) == 0) {
      return request.invalid(Request.AT_11); // CAP.CQR
    }
    long base = request.quadword(Request.AT_DATA);
    return base == 0 || (base & state.pageSize() - 1) != 0
        ? request.wrong(Status.PRP_OFFSET_INVALID, Request.AT_DATA)
        : Status.SUCCESS;
  }

  private static int id(Request request) {
    return request.dword(Request.AT_10) & ID_MASK;
  }

  private static int entries(Request request) {
    return (request.dword(Request.AT_10) >>> Short.SIZE) + 1;
  }

  private int deleteCompletion(Request request) {
    int id = id(request);
    if (id == 0 || id >= RegisterMap.QUEUES || state.completion[id] == null) {
      return request.wrong(Status.QUEUE_ID_INVALID, Request.AT_10);
    }
    CompletionQueue queue = state.completion[id];
    if (queue.users > 0) {
      return request.wrong(Status.QUEUE_DELETION_INVALID, Request.AT_10);
    }
    held.forget(queue);
    state.completion[id] = null;
    interrupts.updatePin();
    return Status.SUCCESS;
  }

  private int deleteSubmission(Request request) {
    int id = id(request);
    if (id == 0 || id >= RegisterMap.QUEUES || state.submission[id] == null) {
      return request.wrong(Status.QUEUE_ID_INVALID, Request.AT_10);
    }
    state.submission[id].completion.users--;
    state.submission[id] = null;
    state.ready &= ~(1L << id - 1);
    held.abortAll(id);
    return Status.SUCCESS;
  }
}
