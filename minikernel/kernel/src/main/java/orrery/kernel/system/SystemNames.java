package orrery.kernel.system;

/** What uname(2) tells; the host and domain names can be set. */
public final class SystemNames {
  /** The most bytes of a name: __NEW_UTS_LEN of Linux {@code include/uapi/linux/utsname.h}. */
  public static final int MAX_LENGTH = 64;

  public static final String SYSTEM = "Linux";

  /** The Linux version whose interface this kernel offers. */
  public static final String RELEASE = "6.1.0-orrery";

  public static final String VERSION = "#1 SMP PREEMPT Orrery";
  public static final String MACHINE = "aarch64";

  private String host = "orrery";
  private String domain = "(none)";

  public String host() {
    return host;
  }

  /** Sets the host name, at most {@link #MAX_LENGTH} bytes. */
  public void host(String name) {
    host = name;
  }

  public String domain() {
    return domain;
  }

  /** Sets the domain name, at most {@link #MAX_LENGTH} bytes. */
  public void domain(String name) {
    domain = name;
  }
}
