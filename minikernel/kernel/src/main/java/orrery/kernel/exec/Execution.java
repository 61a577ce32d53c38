package orrery.kernel.exec;

import java.util.List;
import orrery.kernel.abi.AtFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.FileSystemContext;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.PathWalker;
import orrery.kernel.fs.Vfs;
import orrery.kernel.task.Credentials;
import orrery.kernel.task.NewProgram;
import orrery.kernel.task.ProgramExecution;
import orrery.kernel.task.SystemCallDispatcher;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** execve(2): finds the file, has it loaded, and replaces the old program once nothing can fail. */
public final class Execution implements ProgramExecution {
  /** Mount flag: nothing on it is executed. */
  private static final int MS_NOEXEC = 8;

  private final Vfs vfs;
  private final ProgramLoader loader;
  private final NewProgram newProgram;

  public Execution(Vfs vfs, ProgramLoader loader, NewProgram newProgram) {
    this.vfs = vfs;
    this.loader = loader;
    this.newProgram = newProgram;
  }

  /** Where the loader finds the interpreters of programs and scripts. */
  public static ProgramFiles interpreters(Vfs vfs) {
    return (c, path) -> open(vfs, c, ((Task) c).fs(), null, path, 0);
  }

  @Override
  public long execute(Task t, int directory, long path, long argv, long envp, int flags) {
    if ((flags & ~(AtFlag.AT_EMPTY_PATH | AtFlag.AT_SYMLINK_NOFOLLOW)) != 0) {
      return -Errno.EINVAL;
    }
    String name = t.memory().readString(path, PathWalker.PATH_MAX);
    int walk = (flags & AtFlag.AT_SYMLINK_NOFOLLOW) != 0 ? PathWalker.NO_FOLLOW : 0;
    walk |= (flags & AtFlag.AT_EMPTY_PATH) != 0 ? PathWalker.EMPTY : 0;
    Location start = start(t, directory, name);
    OpenedProgram file = open(vfs, t, t.fs(), start, name, walk);
    String shown =
        start == null
            ? name
            : name.isEmpty() ? "/dev/fd/" + directory : "/dev/fd/" + directory + "/" + name;
    run(t, file, shown, ProgramArguments.ofUser(t.memory(), argv, envp));
    return SystemCallDispatcher.NO_RESULT;
  }

  /**
   * Gives the first process its program.
   *
   * @throws ErrnoException as execve(2) fails
   */
  public void start(Task init, String path, List<String> arguments, List<String> environment) {
    OpenedProgram file = open(vfs, init, init.fs(), null, path, 0);
    run(init, file, path, ProgramArguments.of(arguments, environment));
  }

  private void run(Task t, OpenedProgram file, String path, ProgramArguments arguments) {
    Credentials c = t.process().credentials();
    ProgramIdentity identity =
        new ProgramIdentity(c.realUid(), c.effectiveUid(), c.realGid(), c.effectiveGid());
    ProgramImage image = loader.load(t, file, path, arguments, identity, t.process().limits());
    if (!t.process().gainsNoPrivileges()) {
      c.uids(c.realUid(), image.identity().effectiveUid(), image.identity().effectiveUid());
      c.gids(c.realGid(), image.identity().effectiveGid(), image.identity().effectiveGid());
    }
    newProgram.replace(
        t, image.space(), image.entry(), image.stackPointer(), image.name(), file(image));
  }

  /** The file that the loader ended up with: the program itself or a script's interpreter. */
  private static OpenFile file(ProgramImage image) {
    return ((OpenedProgram) image.file()).file();
  }

  /** Where a relative path starts; null for the current folder or an absolute path. */
  private static Location start(Task t, int directory, String name) {
    boolean absolute = !name.isEmpty() && name.charAt(0) == '/';
    if (directory == AtFlag.AT_FDCWD || absolute) {
      return null;
    }
    return t.files().getAny(directory).location();
  }

  private static OpenedProgram open(
      Vfs vfs, Caller c, FileSystemContext fs, Location start, String path, int walkFlags) {
    Location l = vfs.walker().find(c, fs, start, path, walkFlags);
    if (l.inode().isSymlink()) {
      throw ErrnoException.of(Errno.ELOOP);
    }
    if (!l.inode().isRegular() || l.mount() != null && (l.mount().flags() & MS_NOEXEC) != 0) {
      throw ErrnoException.of(Errno.EACCES);
    }
    l.inode().require(c, FileMode.MAY_EXEC);
    l.inode().beginExecution();
    try {
      // By the inode: a program that may be executed need not be readable.
      OpenFile file = l.inode().open(c, OpenFlag.O_RDONLY);
      file.place(l);
      return new OpenedProgram(file);
    } catch (ErrnoException e) {
      l.inode().endExecution();
      throw e;
    }
  }
}
