package orrery.device.nvme;

/**
 * Asynchronous events (Base, section 5.2.2): an event completes an outstanding request, and its
 * type is not reported again until the host has read the log page that tells of it.
 */
final class AsyncEvents {
  /** Requests that may be outstanding. */
  static final int REQUESTS = 8;

  /** Events that wait for a request; more of the same kind are one. */
  static final int EVENTS = 32;

  static final int TYPE_ERROR = 0;
  static final int TYPE_HEALTH = 1;
  static final int TYPE_NOTICE = 2;

  // Error events.
  static final int INVALID_DOORBELL = 0;
  static final int INVALID_DOORBELL_VALUE = 1;

  // Health events.
  static final int TEMPERATURE = 1;

  // Notices.
  static final int NAMESPACE_CHANGED = 0;

  private static final int INFORMATION_SHIFT = 8;
  private static final int LOG_SHIFT = 16;
  private static final int TYPE_MASK = 7;

  private final NvmeState state;

  /** Takes results of event requests to the admin completion queue. */
  interface Completer {
    /** Whether the completion could be posted. */
    boolean complete(int commandId, int result);
  }

  private Completer completer;

  AsyncEvents(NvmeState state) {
    this.state = state;
  }

  void completer(Completer to) {
    completer = to;
  }

  /** The Asynchronous Event Request command. */
  int request(Request request) {
    if (state.eventRequestCount == REQUESTS) {
      return Status.EVENT_LIMIT;
    }
    state.eventRequests[state.eventRequestCount++] = request.id();
    return Status.PENDING;
  }

  /** Whether such a request was outstanding; it no longer is. */
  boolean abort(int commandId) {
    for (int i = 0; i < state.eventRequestCount; i++) {
      if (state.eventRequests[i] == commandId) {
        remove(state.eventRequests, i, state.eventRequestCount--);
        return true;
      }
    }
    return false;
  }

  boolean isOutstanding(int commandId) {
    for (int i = 0; i < state.eventRequestCount; i++) {
      if (state.eventRequests[i] == commandId) {
        return true;
      }
    }
    return false;
  }

  /** Something happened that log page {@code log} tells more about. */
  void happened(int type, int information, int log) {
    int event = type | information << INFORMATION_SHIFT | log << LOG_SHIFT;
    for (int i = 0; i < state.eventCount; i++) {
      if (state.events[i] == event) {
        return;
      }
    }
    if (state.eventCount < EVENTS) {
      state.events[state.eventCount++] = event;
    }
    deliver();
  }

  /** The host has read the log page without retaining the event. */
  void acknowledge(int type) {
    state.eventsMasked &= ~(1 << type);
    for (int i = state.eventCount - 1; i >= 0; i--) {
      if ((state.events[i] & TYPE_MASK) == type) {
        remove(state.events, i, state.eventCount--);
      }
    }
  }

  /** Reports what can be reported. */
  void deliver() {
    for (int i = 0; i < state.eventCount && state.eventRequestCount > 0; ) {
      int event = state.events[i];
      int type = 1 << (event & TYPE_MASK);
      if ((state.eventsMasked & type) != 0) {
        i++;
      } else if (completer.complete(state.eventRequests[0], event)) {
        remove(state.eventRequests, 0, state.eventRequestCount--);
        remove(state.events, i, state.eventCount--);
        state.eventsMasked |= type;
      } else {
        return; // no room in the completion queue; tried again when there is
      }
    }
  }

  private static void remove(int[] from, int index, int count) {
    System.arraycopy(from, index + 1, from, index, count - index - 1);
  }
}
