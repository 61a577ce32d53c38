package orrery.device.nvme;

import static orrery.device.nvme.CommandTable.CONTENT_CHANGE;
import static orrery.device.nvme.CommandTable.Scope.NAMESPACE;
import static orrery.device.nvme.CommandTable.Scope.NAMESPACE_OR_ALL;

/** Reading, writing, comparing, verifying, zeroing and flushing blocks (NVM, I/O commands). */
final class NvmCommands {
  private static final int BLOCKS_MASK = 0xffff;
  private static final int FORCE_UNIT_ACCESS = 1 << 30;

  /** DEAC of Write Zeroes (NVM, section 3.2.8). */
  private static final int DEALLOCATE = 1 << 25;

  private final NvmeState state;
  private final Namespace[] namespaces;
  private final Health health;
  private final DataPointer pointer;
  private final Transfer transfer;

  NvmCommands(
      NvmeState state,
      Namespace[] namespaces,
      Health health,
      DataPointer pointer,
      Transfer transfer) {
    this.state = state;
    this.namespaces = namespaces;
    this.health = health;
    this.pointer = pointer;
    this.transfer = transfer;
  }

  void addTo(CommandTable table) {
    table
        .add(Opcode.FLUSH, 0, NAMESPACE_OR_ALL, this::flush)
        .add(Opcode.WRITE, CONTENT_CHANGE, NAMESPACE, this::write)
        .add(Opcode.READ, 0, NAMESPACE, this::read)
        .add(Opcode.COMPARE, 0, NAMESPACE, this::compare)
        .add(Opcode.WRITE_ZEROES, CONTENT_CHANGE, NAMESPACE, this::writeZeroes)
        .add(Opcode.VERIFY, 0, NAMESPACE, this::verify);
  }

  static long firstBlock(Request request) {
    return request.quadword(Request.AT_10);
  }

  static long blockCount(Request request) {
    return (request.dword(Request.AT_12) & BLOCKS_MASK) + 1;
  }

  private int flush(Request request) {
    if (request.namespace != null) {
      return Transfer.flush(request.namespace.medium);
    }
    int status = Status.SUCCESS;
    for (Namespace namespace : namespaces) {
      int one = Transfer.flush(namespace.medium);
      status = one == Status.SUCCESS ? status : one;
    }
    return status;
  }

  private int read(Request request) {
    int status = prepare(request, true);
    if (status == Status.SUCCESS && isForced(request)) {
      // What is read must be durable then (NVM, Read command).
      status = flushRange(request);
    }
    if (status == Status.SUCCESS) {
      status = transfer.read(request.namespace.medium, offset(request), request.extents);
      health.read(length(request));
    }
    return status;
  }

  private int write(Request request) {
    int status = writable(request);
    if (status == Status.SUCCESS) {
      status = prepare(request, false);
    }
    if (status == Status.SUCCESS) {
      status = transfer.write(request.namespace.medium, offset(request), request.extents);
      health.written(length(request));
    }
    return status == Status.SUCCESS ? settle(request) : status;
  }

  private int compare(Request request) {
    int status = prepare(request, false);
    if (status != Status.SUCCESS) {
      return status;
    }
    health.read(length(request));
    return transfer.compare(request.namespace.medium, offset(request), request.extents);
  }

  private int verify(Request request) {
    int status = range(request);
    if (status != Status.SUCCESS) {
      return status;
    }
    health.read(length(request));
    return transfer.verify(request.namespace.medium, offset(request), length(request));
  }

  /** The blocks read as zeros either way (DLFEAT); DEAC decides whether they are deallocated. */
  private int writeZeroes(Request request) {
    int status = writable(request);
    if (status == Status.SUCCESS) {
      status = range(request);
    }
    if (status == Status.SUCCESS) {
      boolean deallocate = (request.dword(Request.AT_12) & DEALLOCATE) != 0;
      status =
          deallocate
              ? Transfer.discard(request.namespace.medium, offset(request), length(request))
              : Transfer.zero(request.namespace.medium, offset(request), length(request));
    }
    return status == Status.SUCCESS ? settle(request) : status;
  }

  /** Makes a write durable if it must be: FUA, or no volatile write cache. */
  private int settle(Request request) {
    return isForced(request) || state.features.writeCache == 0
        ? flushRange(request)
        : Status.SUCCESS;
  }

  private static boolean isForced(Request request) {
    return (request.dword(Request.AT_12) & FORCE_UNIT_ACCESS) != 0;
  }

  private static int flushRange(Request request) {
    return Transfer.flush(request.namespace.medium, offset(request), length(request));
  }

  static int writable(Request request) {
    return request.namespace.medium.isReadOnly()
        ? request.wrong(Status.WRITE_PROTECTED, Request.AT_NAMESPACE)
        : Status.SUCCESS;
  }

  private static int range(Request request) {
    if (!request.namespace.contains(firstBlock(request), blockCount(request))) {
      request.wrongBlock = firstBlock(request);
      return request.wrong(Status.LBA_OUT_OF_RANGE, Request.AT_10);
    }
    return Status.SUCCESS;
  }

  private int prepare(Request request, boolean toHost) {
    long length = length(request);
    if (length > Transfer.MAX_BYTES) {
      return request.invalid(Request.AT_12);
    }
    int status = range(request);
    return status == Status.SUCCESS
        ? pointer.map(request, length, toHost, state.pageSize())
        : status;
  }

  private static long offset(Request request) {
    return firstBlock(request) << request.namespace.blockShift();
  }

  private static long length(Request request) {
    return blockCount(request) << request.namespace.blockShift();
  }
}
