package orrery.kernel.proc;

import java.util.function.Function;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.PathNames;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** A link that leads to a file itself and not by its path: exe, cwd, root. */
final class PlaceLink extends Inode {
  private static final int EVERYTHING = 0777;

  private final Subject subject;
  private final Function<Subject, Location> place;

  PlaceLink(ProcFileSystem fs, long number, Subject subject, Function<Subject, Location> place) {
    super(fs, number, FileMode.S_IFLNK | EVERYTHING, 0, 0);
    this.subject = subject;
    this.place = place;
  }

  @Override
  public Location followLink(Caller c) {
    subject.requireAccess(c);
    Location l = place.apply(subject);
    if (l == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return l;
  }

  @Override
  public String readLink(Caller c) {
    return PathNames.of(followLink(c), ((Task) c).fs().root());
  }
}
