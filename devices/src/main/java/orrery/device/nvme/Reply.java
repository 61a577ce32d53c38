package orrery.device.nvme;

/** Exchanges the data structures of admin commands with the host. */
final class Reply {
  private final NvmeState state;
  private final DataPointer pointer;
  private final Transfer transfer;

  Reply(NvmeState state, DataPointer pointer, Transfer transfer) {
    this.state = state;
    this.pointer = pointer;
    this.transfer = transfer;
  }

  /** Sends a whole structure. */
  int send(Request request, byte[] bytes) {
    return send(request, bytes, 0, bytes.length);
  }

  /** Sends a part of a structure. */
  int send(Request request, byte[] bytes, int offset, int length) {
    int status = pointer.map(request, length, true, state.pageSize());
    if (status == Status.SUCCESS) {
      transfer.deliver(bytes, offset, request.extents);
    }
    return status;
  }

  /** Receives a structure as long as the array. */
  int receive(Request request, byte[] to) {
    int status = pointer.map(request, to.length, false, state.pageSize());
    if (status == Status.SUCCESS) {
      transfer.fetch(request.extents, to);
    }
    return status;
  }
}
