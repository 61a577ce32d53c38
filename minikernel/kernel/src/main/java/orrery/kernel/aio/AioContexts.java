package orrery.kernel.aio;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.FrameAllocator;

/** All contexts of io_setup(2). */
public final class AioContexts {
  /** Operations of all contexts together (sysctl fs.aio-max-nr). */
  private static final int MOST = 1 << 16;

  private final FrameAllocator frames;
  private final List<AioContext> contexts = new ArrayList<>();

  /** None yet. */
  public AioContexts(FrameAllocator frames) {
    this.frames = frames;
  }

  /**
   * Makes a context and maps its ring.
   *
   * @param capacity operations at once
   * @throws ErrnoException EINVAL, EAGAIN if there are too many, ENOMEM
   */
  public AioContext make(AddressSpace space, int capacity) {
    if (capacity <= 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    contexts.removeIf(AioContext::isDead);
    if (capacity > MOST) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    AioContext made = new AioContext(space, frames, capacity);
    try {
      made.address(
          space
              .layout()
              .map(
                  0,
                  made.ring().size(),
                  MapFlag.PROT_READ | MapFlag.PROT_WRITE,
                  MapFlag.MAP_SHARED,
                  made.ring(),
                  0,
                  true,
                  "/[aio] (deleted)"));
    } catch (ErrnoException e) {
      made.kill();
      throw e;
    }
    contexts.add(made);
    return made;
  }

  /**
   * The context of that name.
   *
   * @throws ErrnoException EINVAL if there is none
   */
  public AioContext find(AddressSpace space, long address) {
    for (AioContext c : contexts) {
      if (c.address() == address && c.space() == space && !c.isDead()) {
        return c;
      }
    }
    throw ErrnoException.of(Errno.EINVAL);
  }
}
