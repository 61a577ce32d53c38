package orrery.device.nvme;

import static orrery.device.nvme.CommandTable.CONTENT_CHANGE;
import static orrery.device.nvme.CommandTable.Scope.NAMESPACE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Commands on lists of ranges: Dataset Management and Copy (NVM, Dataset Management command;
 * section 3.2.2).
 */
final class RangeCommands {
  /** Most blocks of one range to deallocate: DMRSL. */
  static final int MAX_DISCARD = 1 << 18;

  /** Most ranges of a Copy: MSRC, 1's based here. */
  static final int COPY_RANGES = 128;

  /** Most bytes of a Copy and of one of its ranges: MCL and MSSRL. */
  static final int COPY_BYTES = 1 << 20;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int COUNT_MASK = 0xff;
  private static final int DEALLOCATE = 1 << 2;
  private static final long UNSIGNED = 0xffff_ffffL;

  // A range to deallocate.
  private static final int RANGE = 16;
  private static final int RANGE_BLOCKS = 4;
  private static final int RANGE_FIRST = 8;

  // A source range of Copy, format 0.
  private static final int SOURCE = 32;
  private static final int SOURCE_FIRST = 8;
  private static final int SOURCE_BLOCKS = 16;
  private static final int FORMAT_SHIFT = 8;
  private static final int FORMAT_MASK = 0xf;
  private static final int FORCE_UNIT_ACCESS = 1 << 30;

  private final NvmeState state;
  private final Health health;
  private final DataPointer pointer;
  private final Transfer transfer;
  private final byte[] list = new byte[(COUNT_MASK + 1) * SOURCE];

  RangeCommands(NvmeState state, Health health, DataPointer pointer, Transfer transfer) {
    this.state = state;
    this.health = health;
    this.pointer = pointer;
    this.transfer = transfer;
  }

  void addTo(CommandTable table) {
    table
        .add(Opcode.DATASET_MANAGEMENT, CONTENT_CHANGE, NAMESPACE, this::manage)
        .add(Opcode.COPY, CONTENT_CHANGE, NAMESPACE, this::copy);
  }

  private int fetchList(Request request, int bytes) {
    int status = pointer.map(request, bytes, false, state.pageSize());
    if (status == Status.SUCCESS) {
      transfer.fetch(request.extents, list);
    }
    return status;
  }

  /** The hints about use (IDR, IDW, context attributes) change nothing. */
  private int manage(Request request) {
    boolean deallocate = (request.dword(Request.AT_11) & DEALLOCATE) != 0;
    if (deallocate && NvmCommands.writable(request) != Status.SUCCESS) {
      return Status.WRITE_PROTECTED;
    }
    int count = (request.dword(Request.AT_10) & COUNT_MASK) + 1;
    int status = fetchList(request, count * RANGE);
    if (status != Status.SUCCESS) {
      return status;
    }
    Namespace namespace = request.namespace;
    for (int at = 0; at < count * RANGE; at += RANGE) {
      long blocks = (int) INT.get(list, at + RANGE_BLOCKS) & UNSIGNED;
      long first = (long) LONG.get(list, at + RANGE_FIRST);
      if (!namespace.contains(first, blocks)) {
        request.wrongBlock = first;
        return Status.LBA_OUT_OF_RANGE;
      }
      if (blocks > MAX_DISCARD && deallocate) {
        return Status.SIZE_LIMIT_EXCEEDED;
      }
    }
    return deallocate ? deallocate(namespace, count) : Status.SUCCESS;
  }

  private int deallocate(Namespace namespace, int count) {
    int shift = namespace.blockShift();
    for (int at = 0; at < count * RANGE; at += RANGE) {
      long blocks = (int) INT.get(list, at + RANGE_BLOCKS) & UNSIGNED;
      long first = (long) LONG.get(list, at + RANGE_FIRST);
      int status = Transfer.discard(namespace.medium, first << shift, blocks << shift);
      if (status != Status.SUCCESS) {
        return status;
      }
    }
    return state.features.writeCache == 0 ? Transfer.flush(namespace.medium) : Status.SUCCESS;
  }

  /** All sources are read before anything is written, so that overlaps do no harm. */
  private int copy(Request request) {
    int status = NvmCommands.writable(request);
    if (status != Status.SUCCESS) {
      return status;
    }
    int control = request.dword(Request.AT_12);
    if ((control >>> FORMAT_SHIFT & FORMAT_MASK) != 0) {
      return request.invalid(Request.AT_12);
    }
    int count = (control & COUNT_MASK) + 1;
    if (count > COPY_RANGES) {
      return request.wrong(Status.SIZE_LIMIT_EXCEEDED, Request.AT_12);
    }
    status = fetchList(request, count * SOURCE);
    if (status == Status.SUCCESS) {
      status = checkSources(request, count);
    }
    return status == Status.SUCCESS ? copyChecked(request, count) : status;
  }

  private int checkSources(Request request, int count) {
    Namespace namespace = request.namespace;
    long limit = COPY_BYTES >>> namespace.blockShift();
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += sourceBlocks(i);
      if (sourceBlocks(i) > limit || total > limit) {
        return Status.SIZE_LIMIT_EXCEEDED;
      }
    }
    if (!namespace.contains(NvmCommands.firstBlock(request), total)) {
      request.wrongBlock = NvmCommands.firstBlock(request);
      return request.wrong(Status.LBA_OUT_OF_RANGE, Request.AT_10);
    }
    for (int i = 0; i < count; i++) {
      if (!namespace.contains(sourceFirst(i), sourceBlocks(i))) {
        // Dword 0 names the first range that was not copied; here nothing was.
        request.wrongBlock = sourceFirst(i);
        return Status.LBA_OUT_OF_RANGE;
      }
    }
    return Status.SUCCESS;
  }

  private int copyChecked(Request request, int count) {
    Namespace namespace = request.namespace;
    int shift = namespace.blockShift();
    int loaded = 0;
    for (int i = 0; i < count; i++) {
      long bytes = sourceBlocks(i) << shift;
      int status = transfer.load(namespace.medium, sourceFirst(i) << shift, loaded, bytes);
      if (status != Status.SUCCESS) {
        return status;
      }
      loaded += (int) bytes;
    }
    long offset = NvmCommands.firstBlock(request) << shift;
    int status = transfer.store(namespace.medium, offset, loaded);
    health.read(loaded);
    health.written(loaded);
    boolean durable =
        (request.dword(Request.AT_12) & FORCE_UNIT_ACCESS) != 0 || state.features.writeCache == 0;
    return status == Status.SUCCESS && durable
        ? Transfer.flush(namespace.medium, offset, loaded)
        : status;
  }

  private long sourceFirst(int i) {
    return (long) LONG.get(list, i * SOURCE + SOURCE_FIRST);
  }

  private long sourceBlocks(int i) {
    return ((short) SHORT.get(list, i * SOURCE + SOURCE_BLOCKS) & 0xffff) + 1L;
  }
}
