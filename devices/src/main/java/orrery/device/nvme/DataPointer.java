package orrery.device.nvme;

import orrery.machine.dma.DmaFault;
import orrery.machine.dma.DmaPort;

/**
 * Turns a command's data pointer into extents of guest memory: PRP entries and lists (Base, section
 * 4.3.1) and scatter gather lists (Base, section 4.3.2). Every walk is bounded by the length of the
 * data or by {@link #MAX_DESCRIPTORS}; nothing is transferred before the whole pointer is checked.
 */
final class DataPointer {
  /** SGL descriptors of a command, including those of length zero. */
  static final int MAX_DESCRIPTORS = Extents.LIMIT;

  private static final int ENTRY = Long.BYTES;
  private static final int PRP_ALIGNMENT_MASK = 3;

  // SGL descriptors (Base, section 4.3.2).
  private static final int DESCRIPTOR = 16;
  private static final int DESCRIPTOR_LENGTH = 8;
  private static final int DESCRIPTOR_TYPE = 15;
  private static final int TYPE_SHIFT = 4;
  private static final int SUBTYPE_MASK = 0xf;
  private static final int DATA_BLOCK = 0;
  private static final int BIT_BUCKET = 1;
  private static final int SEGMENT = 2;
  private static final int LAST_SEGMENT = 3;
  private static final long LENGTH_MASK = 0xffff_ffffL;
  private static final int BYTE_MASK = 0xff;

  private final DmaPort dma;

  DataPointer(DmaPort dma) {
    this.dma = dma;
  }

  /**
   * Fills the request's extents.
   *
   * @param length bytes of the data
   * @param toHost whether the controller writes to them
   * @param pageSize CC.MPS in bytes
   */
  int map(Request request, long length, boolean toHost, int pageSize) {
    request.extents.clear();
    if (length == 0) {
      return Status.SUCCESS;
    }
    try {
      int status =
          request.pointerKind() == 0
              ? pages(request, length, pageSize)
              : segments(request, length, toHost);
      return status == Status.SUCCESS ? reachable(request) : status;
    } catch (DmaFault e) {
      return request.wrong(Status.DATA_TRANSFER_ERROR, Request.AT_DATA);
    }
  }

  private int reachable(Request request) {
    Extents extents = request.extents;
    for (int i = 0; i < extents.count(); i++) {
      if (extents.address(i) != Extents.BUCKET
          && !dma.reaches(extents.address(i), extents.length(i))) {
        return request.wrong(Status.DATA_TRANSFER_ERROR, Request.AT_DATA);
      }
    }
    return Status.SUCCESS;
  }

  // ---- PRP ----

  private int pages(Request request, long length, int pageSize) {
    long first = request.quadword(Request.AT_DATA);
    if ((first & PRP_ALIGNMENT_MASK) != 0) {
      return request.wrong(Status.PRP_OFFSET_INVALID, Request.AT_DATA);
    }
    Extents extents = request.extents;
    long part = Math.min(length, pageSize - (first & pageSize - 1));
    extents.add(first, part);
    long left = length - part;
    if (left == 0) {
      return Status.SUCCESS;
    }
    long second = request.quadword(Request.AT_DATA_2);
    if (left <= pageSize) {
      if ((second & pageSize - 1) != 0) {
        return request.wrong(Status.PRP_OFFSET_INVALID, Request.AT_DATA_2);
      }
      extents.add(second, left);
      return Status.SUCCESS;
    }
    return pageList(request, second, left, pageSize);
  }

  /** Every list page after the first gives at least one entry, so the walk ends with the data. */
  private int pageList(Request request, long list, long length, int pageSize) {
    if ((list & ENTRY - 1) != 0) {
      return request.wrong(Status.PRP_OFFSET_INVALID, Request.AT_DATA_2);
    }
    long at = list;
    long left = length;
    while (left > 0) {
      long entry = dma.readLong(at);
      if ((entry & pageSize - 1) != 0) {
        return request.wrong(Status.PRP_OFFSET_INVALID, Request.AT_DATA_2);
      }
      boolean lastOfPage = (at & pageSize - 1) == pageSize - ENTRY;
      if (lastOfPage && left > pageSize) {
        at = entry;
        continue;
      }
      long part = Math.min(left, pageSize);
      if (!request.extents.add(entry, part)) {
        return request.wrong(Status.DATA_TRANSFER_ERROR, Request.AT_DATA_2);
      }
      left -= part;
      at += ENTRY;
    }
    return Status.SUCCESS;
  }

  // ---- SGL ----

  private int segments(Request request, long length, boolean toHost) {
    if (request.pointerKind() == 3) {
      return request.invalid(Request.AT_FLAGS);
    }
    long address = request.quadword(Request.AT_DATA);
    long size = request.dword(Request.AT_DATA_2) & LENGTH_MASK;
    int id = request.octet(Request.AT_DATA + DESCRIPTOR_TYPE) & BYTE_MASK;
    if ((id & SUBTYPE_MASK) != 0) {
      return request.wrong(Status.SGL_TYPE_INVALID, Request.AT_DATA);
    }
    int type = id >>> TYPE_SHIFT;
    if (type == DATA_BLOCK || type == BIT_BUCKET) {
      int status = block(request, type, address, size, length, toHost);
      return status == Status.SUCCESS ? complete(request, length) : status;
    }
    return chain(request, type, address, size, length, toHost);
  }

  private int chain(
      Request request, int firstType, long first, long firstSize, long length, boolean toHost) {
    int type = firstType;
    long address = first;
    long size = firstSize;
    int seen = 0;
    while (true) {
      if (type != SEGMENT && type != LAST_SEGMENT) {
        return request.wrong(Status.SGL_TYPE_INVALID, Request.AT_DATA);
      }
      if (size == 0 || size % DESCRIPTOR != 0) {
        return request.wrong(Status.SGL_SEGMENT_INVALID, Request.AT_DATA);
      }
      long count = size / DESCRIPTOR;
      seen += (int) Math.min(count, MAX_DESCRIPTORS);
      if (count > MAX_DESCRIPTORS || seen > MAX_DESCRIPTORS) {
        return request.wrong(Status.SGL_COUNT_INVALID, Request.AT_DATA);
      }
      if (!dma.reaches(address, size)) {
        return request.wrong(Status.DATA_TRANSFER_ERROR, Request.AT_DATA);
      }
      long end = address + size;
      boolean last = type == LAST_SEGMENT;
      type = DATA_BLOCK;
      for (long at = address; at < end; at += DESCRIPTOR) {
        int id = dma.readByte(at + DESCRIPTOR_TYPE) & BYTE_MASK;
        if ((id & SUBTYPE_MASK) != 0) {
          return request.wrong(Status.SGL_TYPE_INVALID, Request.AT_DATA);
        }
        type = id >>> TYPE_SHIFT;
        address = dma.readLong(at);
        size = dma.readInt(at + DESCRIPTOR_LENGTH) & LENGTH_MASK;
        if (type == SEGMENT || type == LAST_SEGMENT) {
          // Only at the end of a segment, and not in the last one.
          if (last || at + DESCRIPTOR != end) {
            return request.wrong(Status.SGL_SEGMENT_INVALID, Request.AT_DATA);
          }
        } else {
          int status = block(request, type, address, size, length, toHost);
          if (status != Status.SUCCESS) {
            return status;
          }
        }
      }
      if (last) {
        return complete(request, length);
      }
      if (type != SEGMENT && type != LAST_SEGMENT) {
        // A segment that is not the last one ends with the way to the next.
        return request.wrong(Status.SGL_SEGMENT_INVALID, Request.AT_DATA);
      }
    }
  }

  /** A data block or bit bucket descriptor; what lies behind the command's data is not used. */
  private int block(
      Request request, int type, long address, long size, long length, boolean toHost) {
    if (type != DATA_BLOCK && type != BIT_BUCKET) {
      return request.wrong(Status.SGL_TYPE_INVALID, Request.AT_DATA);
    }
    if (type == BIT_BUCKET && !toHost) {
      return Status.SUCCESS; // describes no source data
    }
    if (type == DATA_BLOCK && address == Extents.BUCKET) {
      return request.wrong(Status.DATA_TRANSFER_ERROR, Request.AT_DATA);
    }
    long part = Math.min(size, length - request.extents.total());
    if (part > 0 && !request.extents.add(type == BIT_BUCKET ? Extents.BUCKET : address, part)) {
      return request.wrong(Status.SGL_COUNT_INVALID, Request.AT_DATA);
    }
    return Status.SUCCESS;
  }

  private static int complete(Request request, long length) {
    return request.extents.total() == length
        ? Status.SUCCESS
        : request.wrong(Status.SGL_LENGTH_INVALID, Request.AT_DATA);
  }
}
