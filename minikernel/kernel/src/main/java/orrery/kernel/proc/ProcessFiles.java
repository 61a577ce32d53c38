package orrery.kernel.proc;

import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Limits;
import orrery.kernel.wait.Caller;

/** What a process has: its arguments, environment, mappings and limits. */
final class ProcessFiles {
  private static final String[] LIMITS = {
    "Max cpu time", "seconds",
    "Max file size", "bytes",
    "Max data size", "bytes",
    "Max stack size", "bytes",
    "Max core file size", "bytes",
    "Max resident set", "bytes",
    "Max processes", "processes",
    "Max open files", "files",
    "Max locked memory", "bytes",
    "Max address space", "bytes",
    "Max file locks", "locks",
    "Max pending signals", "signals",
    "Max msgqueue size", "bytes",
    "Max nice priority", "",
    "Max realtime priority", "",
    "Max realtime timeout", "us",
  };

  private final Subject subject;

  ProcessFiles(Subject subject) {
    this.subject = subject;
  }

  void limits(Caller c, StringBuilder to) {
    subject.require();
    row(to, "Limit", "Soft Limit", "Hard Limit", "Units");
    Limits limits = subject.process().limits();
    for (int i = 0; i < Limits.COUNT; i++) {
      row(to, LIMITS[2 * i], value(limits.soft(i)), value(limits.hard(i)), LIMITS[2 * i + 1]);
    }
  }

  private static String value(long limit) {
    return limit == Limits.INFINITY ? "unlimited" : Long.toUnsignedString(limit);
  }

  private static void row(StringBuilder to, String name, String soft, String hard, String unit) {
    padded(to, name, 25);
    padded(to, soft, 20);
    padded(to, hard, 20);
    padded(to, unit, 10);
    to.setLength(to.length() - 1);
    to.append('\n');
  }

  private static void padded(StringBuilder to, String text, int width) {
    to.append(text).repeat(' ', Math.max(0, width - text.length())).append(' ');
  }

  void inputOutput(Caller c, StringBuilder to) {
    subject.requireAccess(c);
    to.append("rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\n");
    to.append("cancelled_write_bytes: 0\n");
  }

  void commandLine(Caller c, StringBuilder to) {
    subject.require();
    AddressSpace space = subject.memory();
    if (space != null) {
      ProgramText.arguments(space, to);
    }
  }

  void environment(Caller c, StringBuilder to) {
    subject.requireAccess(c);
    AddressSpace space = subject.memory();
    if (space != null) {
      ProgramText.environment(space, to);
    }
  }

  void maps(Caller c, StringBuilder to) {
    subject.requireAccess(c);
    AddressSpace space = subject.memory();
    if (space != null) {
      ProgramText.maps(space, to);
    }
  }
}
