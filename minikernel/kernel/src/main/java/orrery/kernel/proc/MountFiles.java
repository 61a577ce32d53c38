package orrery.kernel.proc;

import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.Mount;
import orrery.kernel.fs.PathNames;
import orrery.kernel.wait.Caller;

/** The mounts as a process sees them. */
final class MountFiles {
  private final Subject subject;

  MountFiles(Subject subject) {
    this.subject = subject;
  }

  /** /proc/PID/mounts: source, place, type, options, 0 0. */
  void mounts(Caller c, StringBuilder to) {
    for (Mount m : subject.context().vfs().mounts().all()) {
      escape(to, m.source()).append(' ');
      escape(to, place(m)).append(' ').append(m.fileSystem().type()).append(' ');
      to.append(m.isReadOnly() ? "ro" : "rw");
      flags(to, m).append(m.fileSystem().options()).append(" 0 0\n");
    }
  }

  /** /proc/PID/mountinfo. */
  void information(Caller c, StringBuilder to) {
    for (Mount m : subject.context().vfs().mounts().all()) {
      Location place = m.place();
      FileSystem fs = m.fileSystem();
      to.append(m.id()).append(' ').append(place == null ? 0 : place.mount().id()).append(' ');
      to.append(FileSystem.major(fs.device())).append(':').append(FileSystem.minor(fs.device()));
      to.append(" / ");
      escape(to, place(m)).append(' ').append(m.isReadOnly() ? "ro" : "rw");
      flags(to, m).append(" - ").append(fs.type()).append(' ');
      escape(to, m.source()).append(' ').append(m.isReadOnly() ? "ro" : "rw");
      to.append(fs.options()).append('\n');
    }
  }

  private String place(Mount m) {
    return PathNames.of(m.rootLocation(), subject.rootFolder());
  }

  private static StringBuilder flags(StringBuilder to, Mount m) {
    flag(to, m, Mount.MS_NOSUID, ",nosuid");
    flag(to, m, Mount.MS_NODEV, ",nodev");
    flag(to, m, Mount.MS_NOEXEC, ",noexec");
    flag(to, m, Mount.MS_NOATIME, ",noatime");
    flag(to, m, Mount.MS_NODIRATIME, ",nodiratime");
    flag(to, m, Mount.MS_RELATIME, ",relatime");
    return to;
  }

  private static void flag(StringBuilder to, Mount m, int flag, String name) {
    if ((m.flags() & flag) != 0) {
      to.append(name);
    }
  }

  /** Spaces and their like as octal, so that fields stay apart. */
  private static StringBuilder escape(StringBuilder to, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\\' || c == '#') {
        to.append('\\').append((char) ('0' + (c >> 6)));
        to.append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
      } else {
        to.append(c);
      }
    }
    return to;
  }
}
