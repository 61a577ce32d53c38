package orrery.kernel.tty;

import static orrery.kernel.abi.TerminalIoctl.FIONREAD;
import static orrery.kernel.abi.TerminalIoctl.TCFLSH;
import static orrery.kernel.abi.TerminalIoctl.TCGETS;
import static orrery.kernel.abi.TerminalIoctl.TCGETS2;
import static orrery.kernel.abi.TerminalIoctl.TCIFLUSH;
import static orrery.kernel.abi.TerminalIoctl.TCIOFF;
import static orrery.kernel.abi.TerminalIoctl.TCIOFLUSH;
import static orrery.kernel.abi.TerminalIoctl.TCION;
import static orrery.kernel.abi.TerminalIoctl.TCOFLUSH;
import static orrery.kernel.abi.TerminalIoctl.TCOOFF;
import static orrery.kernel.abi.TerminalIoctl.TCOON;
import static orrery.kernel.abi.TerminalIoctl.TCSBRK;
import static orrery.kernel.abi.TerminalIoctl.TCSBRKP;
import static orrery.kernel.abi.TerminalIoctl.TCSETS;
import static orrery.kernel.abi.TerminalIoctl.TCSETS2;
import static orrery.kernel.abi.TerminalIoctl.TCSETSF;
import static orrery.kernel.abi.TerminalIoctl.TCSETSF2;
import static orrery.kernel.abi.TerminalIoctl.TCSETSW;
import static orrery.kernel.abi.TerminalIoctl.TCSETSW2;
import static orrery.kernel.abi.TerminalIoctl.TCXONC;
import static orrery.kernel.abi.TerminalIoctl.TIOCEXCL;
import static orrery.kernel.abi.TerminalIoctl.TIOCGETD;
import static orrery.kernel.abi.TerminalIoctl.TIOCGEXCL;
import static orrery.kernel.abi.TerminalIoctl.TIOCGPGRP;
import static orrery.kernel.abi.TerminalIoctl.TIOCGSID;
import static orrery.kernel.abi.TerminalIoctl.TIOCGWINSZ;
import static orrery.kernel.abi.TerminalIoctl.TIOCNOTTY;
import static orrery.kernel.abi.TerminalIoctl.TIOCNXCL;
import static orrery.kernel.abi.TerminalIoctl.TIOCOUTQ;
import static orrery.kernel.abi.TerminalIoctl.TIOCSCTTY;
import static orrery.kernel.abi.TerminalIoctl.TIOCSETD;
import static orrery.kernel.abi.TerminalIoctl.TIOCSPGRP;
import static orrery.kernel.abi.TerminalIoctl.TIOCSTI;
import static orrery.kernel.abi.TerminalIoctl.TIOCSWINSZ;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;
import orrery.kernel.abi.TermiosFlag;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessGroup;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** Requests (ioctl) to a terminal. See ioctl_tty(2). */
final class TerminalRequests {
  private final Terminal terminal;

  TerminalRequests(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A request through a program's open file of the terminal itself. */
  long request(Caller c, TerminalFile file, int request, long argument) {
    if (file.isHungUp()) {
      return request == TIOCSPGRP ? -Errno.ENOTTY : -Errno.EIO;
    }
    Task t = (Task) c;
    return switch (request) {
      case TIOCSCTTY -> control(t, file, argument);
      case TIOCNOTTY -> giveUp(t);
      case TIOCGPGRP -> {
        if (!terminal.jobs().controls(t.process())) {
          yield -Errno.ENOTTY;
        }
        yield foreground(t, argument);
      }
      case TIOCGSID -> {
        if (!terminal.jobs().controls(t.process())) {
          yield -Errno.ENOTTY;
        }
        yield session(t, argument);
      }
      default -> request(t, request, argument);
    };
  }

  /** A request through either end of a pair. */
  long request(Task t, int request, long argument) {
    AddressSpace memory = t.memory();
    return switch (request) {
      case TCGETS -> settings(memory, argument, false);
      case TCGETS2 -> settings(memory, argument, true);
      case TCSETS, TCSETSW, TCSETSF, TCSETS2, TCSETSW2, TCSETSF2 -> change(t, request, argument);
      case TCFLSH -> flush(t, (int) argument);
      case TCXONC -> flow(t, (int) argument);
      case TCSBRK, TCSBRKP -> drained(t, Signal.SIGTTOU);
      case TIOCGPGRP -> foreground(t, argument);
      case TIOCSPGRP -> moveToForeground(t, argument);
      case TIOCGSID -> session(t, argument);
      case TIOCGWINSZ -> {
        terminal.window().write(memory, argument);
        yield 0;
      }
      case TIOCSWINSZ -> {
        if (terminal.window().read(memory, argument)) {
          terminal.resized();
        }
        yield 0;
      }
      case FIONREAD -> {
        LineDiscipline d = terminal.discipline();
        memory.writeInt(argument, d.isCanonical() ? d.input().readable() : d.input().count());
        yield 0;
      }
      case TIOCOUTQ -> {
        memory.writeInt(argument, terminal.port().pending());
        yield 0;
      }
      case TIOCSTI -> simulateTyping(t, argument);
      case TIOCEXCL -> exclusive(true);
      case TIOCNXCL -> exclusive(false);
      case TIOCGEXCL -> {
        memory.writeInt(argument, terminal.isExclusive() ? 1 : 0);
        yield 0;
      }
      case TIOCGETD -> {
        memory.writeInt(argument, terminal.termios().line);
        yield 0;
      }
      case TIOCSETD -> memory.readInt(argument) == 0 ? 0 : -Errno.EINVAL;
      default -> -Errno.ENOTTY;
    };
  }

  private long settings(AddressSpace memory, long to, boolean second) {
    TermiosLayout.write(terminal.termios(), memory, to, second);
    return 0;
  }

  private long change(Task t, int request, long argument) {
    boolean second = request == TCSETS2 || request == TCSETSW2 || request == TCSETSF2;
    Termios wanted = new Termios();
    wanted.set(terminal.termios());
    TermiosLayout.read(wanted, t.memory(), argument, second);
    boolean now = request == TCSETS || request == TCSETS2;
    long waited = now ? terminal.jobs().check(t, Signal.SIGTTOU) : drained(t, Signal.SIGTTOU);
    if (waited != 0) {
      return waited;
    }
    if (request == TCSETSF || request == TCSETSF2) {
      terminal.flushInput();
    }
    terminal.settings(wanted);
    return 0;
  }

  /** Waits until everything written has left. */
  private long drained(Task t, int signal) {
    long refused = terminal.jobs().check(t, signal);
    if (refused != 0) {
      return refused;
    }
    return terminal.port().pending() == 0 ? 0 : t.sleepOn(terminal.writers());
  }

  private long flush(Task t, int what) {
    long refused = terminal.jobs().check(t, Signal.SIGTTOU);
    if (refused != 0) {
      return refused;
    }
    switch (what) {
      case TCIFLUSH -> terminal.flushInput();
      case TCOFLUSH -> terminal.flushOutput();
      case TCIOFLUSH -> {
        terminal.flushInput();
        terminal.flushOutput();
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private long flow(Task t, int what) {
    long refused = terminal.jobs().check(t, Signal.SIGTTOU);
    if (refused != 0) {
      return refused;
    }
    switch (what) {
      case TCOOFF -> terminal.discipline().stopByRequest();
      case TCOON -> terminal.discipline().startByRequest();
      case TCIOFF -> sendFlow(TermiosFlag.VSTOP);
      case TCION -> sendFlow(TermiosFlag.VSTART);
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private void sendFlow(int place) {
    int c = terminal.termios().character(place);
    if (c != TermiosFlag.DISABLED && terminal.port().room() > 0) {
      terminal.port().put(c);
      terminal.port().flush();
    }
  }

  private long control(Task t, TerminalFile file, long steal) {
    Process p = t.process();
    TerminalJobs jobs = terminal.jobs();
    if (p.isSessionLeader() && jobs.session() == p.session()) {
      return 0;
    }
    if (!p.isSessionLeader() || p.session().terminal() != null) {
      return -Errno.EPERM;
    }
    if (jobs.session() != null) {
      if (steal != 1 || t.uid() != 0) {
        return -Errno.EPERM;
      }
      jobs.release();
    }
    if (!file.isReadable() && t.uid() != 0) {
      return -Errno.EPERM;
    }
    jobs.take(p);
    return 0;
  }

  private long giveUp(Task t) {
    Process p = t.process();
    TerminalJobs jobs = terminal.jobs();
    if (!jobs.controls(p)) {
      return -Errno.ENOTTY;
    }
    if (p.isSessionLeader()) {
      jobs.signalForeground(Signal.SIGHUP);
      jobs.signalForeground(Signal.SIGCONT);
      jobs.release();
    }
    return 0;
  }

  private long foreground(Task t, long to) {
    ProcessGroup group = terminal.jobs().foreground();
    t.memory().writeInt(to, group == null ? 0 : group.id());
    return 0;
  }

  private long moveToForeground(Task t, long from) {
    long refused = terminal.jobs().check(t, Signal.SIGTTOU);
    if (refused != 0) {
      return refused == -Errno.EIO ? -Errno.ENOTTY : refused;
    }
    if (!terminal.jobs().controls(t.process())) {
      return -Errno.ENOTTY;
    }
    int id = t.memory().readInt(from);
    if (id < 0) {
      return -Errno.EINVAL;
    }
    ProcessGroup group = t.process().table().group(id);
    if (group == null) {
      return -Errno.ESRCH;
    }
    if (group.session() != t.process().session()) {
      return -Errno.EPERM;
    }
    terminal.jobs().foreground(group);
    return 0;
  }

  private long session(Task t, long to) {
    if (terminal.jobs().session() == null) {
      return -Errno.ENOTTY;
    }
    t.memory().writeInt(to, terminal.jobs().session().id());
    return 0;
  }

  private long simulateTyping(Task t, long from) {
    if (t.uid() != 0 && !terminal.jobs().controls(t.process())) {
      return -Errno.EPERM;
    }
    int c = t.memory().readByte(from) & 0xff;
    if (terminal.accepts()) {
      terminal.receive(c, t.now());
    }
    return 0;
  }

  private long exclusive(boolean only) {
    terminal.exclusive(only);
    return 0;
  }
}
