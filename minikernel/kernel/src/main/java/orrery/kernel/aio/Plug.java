package orrery.kernel.aio;

import orrery.kernel.disk.AsynchronousFile;

/** Holds back the requests of the file that several submissions in a row are for. */
final class Plug {
  private AsynchronousFile file;

  /** The next submission is for {@code next}: the requests of another file go now. */
  void on(AsynchronousFile next) {
    if (next == file) {
      return;
    }
    release();
    file = next;
    next.plug();
  }

  /** There is no next submission: all requests go now. */
  void release() {
    if (file != null) {
      file.unplug();
      file = null;
    }
  }
}
