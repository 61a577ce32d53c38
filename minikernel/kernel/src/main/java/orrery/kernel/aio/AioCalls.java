package orrery.kernel.aio;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.LittleEndian;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.disk.AsynchronousFile;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.event.EventFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/**
 * io_setup(2), io_submit(2), io_getevents(2), io_cancel(2), io_destroy(2). Source of the layout of
 * struct iocb: Linux {@code include/uapi/linux/aio_abi.h}.
 */
public final class AioCalls {
  private static final int BLOCK_SIZE = 64;
  private static final int BLOCK_DATA = 0;
  private static final int BLOCK_KEY = 8;
  private static final int BLOCK_RW_FLAGS = 12;
  private static final int BLOCK_OPCODE = 16;
  private static final int BLOCK_FD = 20;
  private static final int BLOCK_BUFFER = 24;
  private static final int BLOCK_LENGTH = 32;
  private static final int BLOCK_OFFSET = 40;
  private static final int BLOCK_RESERVED = 48;
  private static final int BLOCK_FLAGS = 56;
  private static final int BLOCK_EVENT_FD = 60;
  private static final int FLAG_EVENT_FD = 1;
  private static final int FLAG_PRIORITY = 2;

  private static final int PREAD = 0;
  private static final int PWRITE = 1;
  private static final int FSYNC = 2;
  private static final int FDSYNC = 3;
  private static final int NOOP = 6;
  private static final int PREADV = 7;
  private static final int PWRITEV = 8;

  /** RWF_HIPRI, RWF_DSYNC, RWF_SYNC. */
  private static final int RWF_KNOWN = 7;

  private static final int RWF_SAFE = 6;

  /** {@link #start}: the kernel does not know what the block asks for. */
  private static final long REFUSED_OPCODE = Long.MIN_VALUE + 3;

  private final AioContexts contexts;
  private final byte[] block = new byte[BLOCK_SIZE];
  private final IoBuffer io = new IoBuffer();
  private final Plug plug = new Plug();

  /** The calls. */
  public AioCalls(FrameAllocator frames) {
    contexts = new AioContexts(frames);
  }

  /** io_setup(2). */
  public long setUp(Caller c, int events, long name) {
    AddressSpace m = c.memory();
    if (m.readLong(name) != 0) {
      return -Errno.EINVAL;
    }
    AioContext made = contexts.make(m, events);
    try {
      m.writeLong(name, made.address());
    } catch (ErrnoException e) {
      m.layout().unmap(made.address(), made.ring().size());
      throw e;
    }
    return 0;
  }

  /** io_destroy(2): waits for what is under way. */
  public long destroy(Caller c, long name) {
    AioContext context = contexts.find(c.memory(), name);
    context.look();
    if (context.isBusy()) {
      return c.sleepThroughSignals(context.waiters());
    }
    long length = context.ring().size();
    context.kill();
    c.memory().layout().unmap(name, length);
    return 0;
  }

  /** io_cancel(2): as in Linux no read or write that is under way can be taken back. */
  public long cancel(Caller c, long name, long at) {
    if (c.memory().readInt(at + BLOCK_KEY) != 0) {
      return -Errno.EINVAL; // not one that was submitted
    }
    contexts.find(c.memory(), name);
    return -Errno.EINVAL;
  }

  /** io_submit(2). */
  public long submit(Caller c, FileTable files, long name, long count, long blocks) {
    if (count < 0) {
      return -Errno.EINVAL;
    }
    AioContext context = contexts.find(c.memory(), name);
    long done = 0;
    long failure = 0;
    try {
      for (; done < count && failure == 0; done++) {
        failure = submitOne(c, files, context, c.memory().readLong(blocks + done * Long.BYTES));
      }
    } catch (ErrnoException e) {
      failure = -e.errno();
      done++;
    } finally {
      plug.release();
    }
    if (failure == 0) {
      return done;
    }
    return done > 1 ? done - 1 : failure;
  }

  private int int32(int at) {
    return LittleEndian.getInt(block, at);
  }

  private long int64(int at) {
    return LittleEndian.getLong(block, at);
  }

  /** 0, or {@code -errno} if the block was refused. */
  private long submitOne(Caller c, FileTable files, AioContext context, long at) {
    c.memory().copyIn(at, block, 0, BLOCK_SIZE);
    int flags = int32(BLOCK_FLAGS);
    long length = int64(BLOCK_LENGTH);
    if (int64(BLOCK_RESERVED) != 0
        || length < 0
        || (flags & ~(FLAG_EVENT_FD | FLAG_PRIORITY)) != 0) {
      return -Errno.EINVAL;
    }
    if ((int32(BLOCK_RW_FLAGS) & ~RWF_KNOWN) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    OpenFile file = files.get(int32(BLOCK_FD));
    EventFile event = null;
    if ((flags & FLAG_EVENT_FD) != 0) {
      if (!(files.get(int32(BLOCK_EVENT_FD)) instanceof EventFile e)) {
        return -Errno.EINVAL;
      }
      event = e;
    }
    c.memory().writeInt(at + BLOCK_KEY, 0);
    Operation o = context.begin();
    if (o == null) {
      return -Errno.EAGAIN;
    }
    o.begin(int64(BLOCK_DATA), at, event);
    long result;
    try {
      result = start(c, context, file, o, length);
    } catch (ErrnoException e) {
      context.refuse(o);
      throw e;
    }
    if (result == REFUSED_OPCODE) {
      context.refuse(o);
      return -Errno.EINVAL;
    }
    if (result != AsynchronousFile.BEGUN) {
      o.ended(result);
    }
    return 0;
  }

  private long start(Caller c, AioContext context, OpenFile file, Operation o, long length) {
    int opcode = int32(BLOCK_OPCODE) & 0xffff;
    long buffer = int64(BLOCK_BUFFER);
    switch (opcode) {
      case PREAD, PREADV -> {
        requireOpen(file.isReadable());
        memory(c, opcode == PREADV, buffer, length);
        return transfer(c, context, file, o, false);
      }
      case PWRITE, PWRITEV -> {
        requireOpen(file.isWritable());
        memory(c, opcode == PWRITEV, buffer, length);
        return transfer(c, context, file, o, true);
      }
      case FSYNC, FDSYNC -> {
        return file instanceof AsynchronousFile a ? a.syncInPlace() : file.sync(c);
      }
      case NOOP -> {
        return 0;
      }
      default -> {
        return REFUSED_OPCODE;
      }
    }
  }

  private static void requireOpen(boolean open) {
    if (!open) {
      throw ErrnoException.of(Errno.EBADF);
    }
  }

  private void memory(Caller c, boolean vector, long address, long length) {
    if (vector) {
      io.vector(c.memory(), address, length);
    } else {
      io.user(c.memory(), address, length);
    }
  }

  private long transfer(Caller c, AioContext context, OpenFile file, Operation o, boolean writing) {
    long offset = int64(BLOCK_OFFSET);
    if (offset < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (file instanceof AsynchronousFile a) {
      plug.on(a);
      context.used(a);
      boolean safe =
          (int32(BLOCK_RW_FLAGS) & RWF_SAFE) != 0 || (file.flags() & OpenFlag.O_DSYNC) != 0;
      return a.begin(c, io, offset, writing, safe, o);
    }
    try {
      return writing ? file.writeAt(c, io, offset) : file.readAt(c, io, offset);
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  /**
   * io_getevents(2), io_pgetevents(2); the deadline is set.
   *
   * @return how many, {@code -errno}, or {@link Caller#BLOCKED}
   */
  public long getEvents(Caller c, long name, long least, long most, long events) {
    AioContext context = contexts.find(c.memory(), name);
    if (least < 0 || most < 0 || least > most) {
      return -Errno.EINVAL;
    }
    long done = c.progress();
    if (done + context.ready() < least) {
      context.look();
    }
    try {
      int room = (int) Math.min(most - done, Integer.MAX_VALUE);
      done += context.take(c.memory(), events + done * AioContext.EVENT_SIZE, room);
    } catch (ErrnoException e) {
      return done > 0 ? done : -e.errno();
    }
    if (done >= least || c.timedOut() || context.isDead()) {
      return done;
    }
    c.progress(done);
    c.add(context.waiters());
    long answer = c.sleep(Errno.EINTR);
    return answer != Caller.BLOCKED && done > 0 ? done : answer;
  }
}
