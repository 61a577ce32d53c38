package orrery.device.nvme;

/**
 * The commands of one set: what the engine executes and what the log of supported commands says. A
 * further command set is a further table.
 */
final class CommandTable {
  private static final int OPCODES = 256;

  // Commands Supported and Effects (Base, section 5.2.12.1.6).
  static final int SUPPORTED = 1;
  static final int CONTENT_CHANGE = 1 << 1;
  static final int NAMESPACE_CHANGE = 1 << 2;

  /** No other command may be outstanding for the same namespace. */
  static final int ALONE_IN_NAMESPACE = 1 << 16;

  /** Executes a command. */
  @FunctionalInterface
  interface Handler {
    /** Returns its status, or {@link Status#PENDING} or {@link Status#PUT_OFF}. */
    int execute(Request request);
  }

  /** How a command uses its namespace identifier. */
  enum Scope {
    /** As the command itself says. */
    OWN,
    /** One namespace. */
    NAMESPACE,
    /** One namespace, or all; then {@link Request#namespace} is null. */
    NAMESPACE_OR_ALL
  }

  private record Entry(int effects, Scope scope, Handler handler) {}

  private final Entry[] entries = new Entry[OPCODES];

  CommandTable add(int opcode, int effects, Scope scope, Handler handler) {
    entries[opcode] = new Entry(SUPPORTED | effects, scope, handler);
    return this;
  }

  /** Effects of a command, 0 for one that is not supported. */
  int effects(int opcode) {
    return entries[opcode] == null ? 0 : entries[opcode].effects;
  }

  /** Executes the request with this set. */
  int execute(Request request, Namespace[] namespaces) {
    Entry entry = entries[request.opcode()];
    if (entry == null) {
      return request.wrong(Status.INVALID_OPCODE, Request.AT_OPCODE);
    }
    if (request.fused() != 0) {
      return request.invalid(Request.AT_FLAGS);
    }
    if (entry.scope != Scope.OWN) {
      int id = request.namespaceId();
      if (id > 0 && id <= namespaces.length) {
        request.namespace = namespaces[id - 1];
        if (!request.namespace.attached) {
          return request.invalid(Request.AT_NAMESPACE);
        }
      } else if (entry.scope == Scope.NAMESPACE || id != Request.BROADCAST) {
        return request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE);
      }
    }
    return entry.handler.execute(request);
  }
}
