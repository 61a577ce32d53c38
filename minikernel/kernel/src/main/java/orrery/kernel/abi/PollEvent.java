package orrery.kernel.abi;

/**
 * Events of poll(2) and epoll(7), which share their bits. Source: Linux {@code
 * include/uapi/asm-generic/poll.h} and {@code eventpoll.h}.
 */
public final class PollEvent {
  public static final int POLLIN = 0x1;
  public static final int POLLPRI = 0x2;
  public static final int POLLOUT = 0x4;
  public static final int POLLERR = 0x8;
  public static final int POLLHUP = 0x10;
  public static final int POLLNVAL = 0x20;
  public static final int POLLRDNORM = 0x40;
  public static final int POLLRDBAND = 0x80;
  public static final int POLLWRNORM = 0x100;
  public static final int POLLWRBAND = 0x200;
  public static final int POLLMSG = 0x400;
  public static final int POLLRDHUP = 0x2000;

  /** Data can be read. */
  public static final int READABLE = POLLIN | POLLRDNORM;

  /** Data can be written. */
  public static final int WRITABLE = POLLOUT | POLLWRNORM;

  /** Reported whether asked for or not. */
  public static final int ALWAYS = POLLERR | POLLHUP;

  public static final int EPOLLEXCLUSIVE = 1 << 28;
  public static final int EPOLLWAKEUP = 1 << 29;
  public static final int EPOLLONESHOT = 1 << 30;
  public static final int EPOLLET = 1 << 31;

  private PollEvent() {}
}
