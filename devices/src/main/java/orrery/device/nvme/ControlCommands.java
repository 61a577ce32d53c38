package orrery.device.nvme;

import static orrery.device.nvme.CommandTable.CONTENT_CHANGE;
import static orrery.device.nvme.CommandTable.NAMESPACE_CHANGE;
import static orrery.device.nvme.CommandTable.Scope.NAMESPACE_OR_ALL;
import static orrery.device.nvme.CommandTable.Scope.OWN;

import java.util.function.LongSupplier;

/** Abort, Asynchronous Event Request, Doorbell Buffer Config and Format NVM. */
final class ControlCommands {
  private static final int ID_MASK = 0xffff;
  private static final int NOT_ABORTED = 1;

  // Format NVM (Base, section 5.2.10).
  private static final int FORMAT_MASK = 0xf;
  private static final int FORMAT_UPPER_SHIFT = 12;
  private static final int FORMAT_UPPER_MASK = 3;
  private static final int PROTECTION_SHIFT = 5;
  private static final int PROTECTION_MASK = 7;
  private static final int ERASE_SHIFT = 9;
  private static final int ERASE_MASK = 7;
  private static final int ERASE_USER_DATA = 1;

  private final NvmeState state;
  private final Namespace[] namespaces;
  private final AsyncEvents events;
  private final HeldCommands held;
  private final LongSupplier clock;

  ControlCommands(
      NvmeState state,
      Namespace[] namespaces,
      AsyncEvents events,
      HeldCommands held,
      LongSupplier clock) {
    this.state = state;
    this.namespaces = namespaces;
    this.events = events;
    this.held = held;
    this.clock = clock;
  }

  void addTo(CommandTable table) {
    int effects = CONTENT_CHANGE | NAMESPACE_CHANGE | CommandTable.ALONE_IN_NAMESPACE;
    table
        .add(Opcode.ABORT, 0, OWN, this::abort)
        .add(Opcode.ASYNC_EVENT_REQUEST, 0, OWN, events::request)
        .add(Opcode.DOORBELL_BUFFER_CONFIG, 0, OWN, this::configureDoorbells)
        .add(Opcode.FORMAT, effects, NAMESPACE_OR_ALL, this::format);
  }

  /** Only commands that wait can be aborted (Base, section 5.2.1); dword 0 says whether one was. */
  private int abort(Request request) {
    int queue = request.dword(Request.AT_10) & ID_MASK;
    int command = request.dword(Request.AT_10) >>> Short.SIZE;
    boolean aborted = held.abort(queue, command, clock.getAsLong());
    if (!aborted && queue == 0 && events.abort(command)) {
      NvmeState.HeldCommand given = new NvmeState.HeldCommand();
      given.submissionHead = request.queue.head;
      given.commandId = command;
      given.completion = request.queue.completion;
      given.status = Status.ABORT_REQUESTED;
      given.due = Long.MIN_VALUE;
      state.held.add(given);
      held.post(clock.getAsLong());
      aborted = true;
    }
    request.result = aborted ? 0 : NOT_ABORTED;
    return Status.SUCCESS;
  }

  /** Shadow doorbells and event indices, a page each (Base, section 5.3.5). */
  private int configureDoorbells(Request request) {
    long doorbells = request.quadword(Request.AT_DATA);
    long indices = request.quadword(Request.AT_DATA_2);
    int mask = state.pageSize() - 1;
    if (doorbells == 0 || (doorbells & mask) != 0) {
      return request.invalid(Request.AT_DATA);
    }
    if (indices == 0 || (indices & mask) != 0) {
      return request.invalid(Request.AT_DATA_2);
    }
    state.shadowDoorbells = doorbells;
    state.eventIndices = indices;
    // What came by doorbells until now did not move the event indices, and the host may have left
    // out a doorbell already: all queues are looked at.
    for (int id = 1; id < RegisterMap.QUEUES; id++) {
      state.ready |= state.submission[id] == null ? 0 : 1L << id - 1;
    }
    return Status.SUCCESS;
  }

  private int format(Request request) {
    int control = request.dword(Request.AT_10);
    int index =
        control & FORMAT_MASK
            | (control >>> FORMAT_UPPER_SHIFT & FORMAT_UPPER_MASK) << Integer.BYTES;
    if (index >= Namespace.FORMATS.length
        || (control >>> PROTECTION_SHIFT & PROTECTION_MASK) != 0) {
      return request.wrong(Status.FORMAT_INVALID, Request.AT_10);
    }
    if ((control >>> ERASE_SHIFT & ERASE_MASK) > ERASE_USER_DATA) {
      return request.invalid(Request.AT_10); // FNA names no cryptographic erase
    }
    for (Namespace namespace : namespaces) {
      if (isMeant(request, namespace) && namespace.medium.isReadOnly()) {
        return request.wrong(Status.WRITE_PROTECTED, Request.AT_NAMESPACE);
      }
    }
    for (Namespace namespace : namespaces) {
      if (isMeant(request, namespace)) {
        int status = Transfer.discard(namespace.medium, 0, namespace.medium.size());
        if (status == Status.SUCCESS) {
          status = Transfer.flush(namespace.medium);
        }
        if (status != Status.SUCCESS) {
          return status;
        }
        namespace.format(index);
        namespace.errorRecovery = 0;
      }
    }
    return Status.SUCCESS;
  }

  private static boolean isMeant(Request request, Namespace namespace) {
    return namespace.attached && (request.namespace == null || request.namespace == namespace);
  }
}
