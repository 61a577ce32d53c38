package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.task.Task;

/** Sockets: there is no address family yet, so none can be made and no descriptor is one. */
final class SocketCalls {
  private static final int TYPE_MASK = 0xf;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int MAX_TYPE = 10;
  private static final int MAX_FAMILY = 46;

  long socket(int family, int type) {
    if ((type & ~(TYPE_MASK | SOCK_CLOEXEC | SOCK_NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    if (family >= 0 && family < MAX_FAMILY && (type & TYPE_MASK) > MAX_TYPE) {
      return -Errno.EINVAL;
    }
    return -Errno.EAFNOSUPPORT;
  }

  /** Any call on the socket {@code fd}. */
  long onDescriptor(Task t, int fd) {
    t.files().get(fd);
    return -Errno.ENOTSOCK;
  }
}
