package orrery.device.nvme;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the controller remembers: properties, queues, features, outstanding commands, events. All of
 * a snapshot but the namespaces' contents and {@link Health}.
 */
final class NvmeState {
  static final int POWER_STATES = 5;

  // Properties.
  int configuration;
  int status;
  int interruptMask;
  int adminSizes;
  long adminSubmission;
  long adminCompletion;

  /** The power is off, or was cut: nothing answers. */
  boolean dead;

  // Queues by identifier; null where there is none.
  final SubmissionQueue[] submission = new SubmissionQueue[RegisterMap.QUEUES];
  final CompletionQueue[] completion = new CompletionQueue[RegisterMap.QUEUES];

  /** I/O submission queues that may have work, bit identifier - 1. */
  long ready;

  boolean adminReady;

  /** The I/O submission queue whose turn is next. */
  int turn = 1;

  /** Addresses of shadow doorbells and event indices, 0 without (Base, section 5.3.5). */
  long shadowDoorbells;

  long eventIndices;

  // Commands without a completion yet.
  final List<HeldCommand> held = new ArrayList<>();

  /** Identifiers of outstanding Asynchronous Event Requests, oldest first. */
  final int[] eventRequests = new int[AsyncEvents.REQUESTS];

  int eventRequestCount;

  /** Events to report, oldest first, as dword 0 of the completion. */
  final int[] events = new int[AsyncEvents.EVENTS];

  int eventCount;

  /** Types of events reported and not acknowledged yet, by bit. */
  int eventsMasked;

  /** Identifiers of namespaces that changed since the host read of it, ascending. */
  final int[] changed;

  int changedCount;

  final FeatureState features = new FeatureState();

  /** When the coalescing of interrupts ends, by vector; 0 if nothing waits. */
  final long[] interruptDue = new long[RegisterMap.QUEUES];

  /** The state of a controller with so many namespaces, after power-on. */
  NvmeState(int namespaces) {
    changed = new int[namespaces];
  }

  /** A command whose completion was delayed or dropped, or waits for room in its queue. */
  static final class HeldCommand {
    int submissionId;
    int submissionHead;
    int commandId;
    CompletionQueue completion;
    int status;
    int result;
    int result2;
    boolean quiet;

    /** Machine time in nanoseconds; {@link Long#MAX_VALUE} for never. */
    long due;
  }

  /** As a controller level reset leaves it (Base, section 3.7.2), but for the admin queue's. */
  void reset() {
    configuration = 0;
    status &= RegisterMap.CSTS_SUBSYSTEM_RESET;
    interruptMask = 0;
    Arrays.fill(submission, null);
    Arrays.fill(completion, null);
    ready = 0;
    adminReady = false;
    turn = 1;
    shadowDoorbells = 0;
    eventIndices = 0;
    held.clear();
    eventRequestCount = 0;
    eventCount = 0;
    eventsMasked = 0;
    changedCount = 0;
    features.reset();
    Arrays.fill(interruptDue, 0);
  }

  /** As after power-on or a function level reset. */
  void resetAll() {
    reset();
    status = 0;
    adminSizes = 0;
    adminSubmission = 0;
    adminCompletion = 0;
    dead = false;
  }

  boolean isReady() {
    return (status & (RegisterMap.CSTS_READY | RegisterMap.CSTS_FATAL)) == RegisterMap.CSTS_READY
        && (status & RegisterMap.CSTS_SHUTDOWN_MASK) == 0
        && !dead;
  }

  /** CC.MPS in bytes. */
  int pageSize() {
    return 1
        << RegisterMap.MIN_PAGE_SHIFT
            + (configuration >>> RegisterMap.CC_PAGE_SHIFT & RegisterMap.CC_PAGE_MASK);
  }
}
