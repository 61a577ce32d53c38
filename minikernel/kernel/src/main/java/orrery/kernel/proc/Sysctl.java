package orrery.kernel.proc;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.FileTable;
import orrery.kernel.system.SystemNames;
import orrery.kernel.task.ProcessTable;

/** The texts in /proc/sys. */
final class Sysctl {
  private final ProcContext context;
  private final SystemFiles files;
  private String bootId;

  Sysctl(ProcContext context, SystemFiles files) {
    this.context = context;
    this.files = files;
  }

  void addTo(StaticDirectory sys) {
    kernel(sys.folder("kernel"));
    StaticDirectory fs = sys.folder("fs");
    fs.constant("file-max", Integer.toString(1 << 17));
    fs.constant("nr_open", Integer.toString(FileTable.MAX_LIMIT));
    fs.constant("pipe-max-size", Integer.toString(1 << 20));
    StaticDirectory vm = sys.folder("vm");
    vm.constant("overcommit_memory", "1");
    vm.constant("overcommit_ratio", "50");
    vm.constant("swappiness", "0");
    vm.constant("mmap_min_addr", "65536");
    vm.constant("max_map_count", "65530");
  }

  private void kernel(StaticDirectory kernel) {
    SystemNames names = context.names();
    kernel.constant("ostype", SystemNames.SYSTEM);
    kernel.constant("osrelease", SystemNames.RELEASE);
    kernel.constant("version", SystemNames.VERSION);
    kernel.setting(
        "hostname",
        (c, to) -> to.append(names.host()).append('\n'),
        (c, text) -> names.host(name(text)));
    kernel.setting(
        "domainname",
        (c, to) -> to.append(names.domain()).append('\n'),
        (c, text) -> names.domain(name(text)));
    kernel.constant("pid_max", Integer.toString(ProcessTable.PID_MAX));
    kernel.constant("threads-max", Integer.toString(context.processes().maxThreads()));
    kernel.constant("ngroups_max", "65536");
    kernel.constant("cap_last_cap", "40");
    kernel.constant("overflowuid", "65534");
    kernel.constant("overflowgid", "65534");
    kernel.constant("randomize_va_space", "0");
    kernel.constant("core_pattern", "core");
    kernel.constant("tainted", "0");
    kernel.constant("printk", "4\t4\t1\t7");
    StaticDirectory random = kernel.folder("random");
    random.text("boot_id", (c, to) -> to.append(bootId()).append('\n'));
    random.text("uuid", (c, to) -> to.append(files.uuid()).append('\n'));
    random.constant("entropy_avail", "256");
    random.constant("poolsize", "256");
    StaticDirectory pty = kernel.folder("pty");
    pty.constant("max", "256");
  }

  private String bootId() {
    if (bootId == null) {
      bootId = files.uuid();
    }
    return bootId;
  }

  private static String name(String text) {
    int end = text.indexOf('\n');
    String name = end < 0 ? text : text.substring(0, end);
    if (name.length() > SystemNames.MAX_LENGTH) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return name;
  }
}
