package orrery.device.notice;

import java.util.List;
import orrery.machine.DeviceContext;
import orrery.machine.DeviceProvider;
import orrery.machine.PlatformDevice;
import orrery.machine.bus.MmioDevice;

/** Gives a machine its host-notice device if somebody listens to it. */
public final class HostNoticeProvider implements DeviceProvider {
  /** The backend (a {@link NoticeListener}) that is told. */
  public static final String LISTENER = "host-notice";

  private static final long BASE = 0x0903_0000;

  /** For {@link java.util.ServiceLoader}. */
  public HostNoticeProvider() {}

  @Override
  public String name() {
    return "host-notice";
  }

  @Override
  public String description() {
    return "a guest's exit status and readiness for input; backend: " + LISTENER;
  }

  @Override
  public List<PlatformDevice> create(DeviceContext context) {
    NoticeListener listener = context.backend(LISTENER, NoticeListener.class);
    return listener == null ? List.of() : List.of(new Device(new HostNotice(listener)));
  }

  private record Device(MmioDevice registers) implements PlatformDevice {
    @Override
    public String name() {
      return "host-notice";
    }

    @Override
    public long base() {
      return BASE;
    }

    @Override
    public long size() {
      return HostNotice.REGISTERS_SIZE;
    }

    @Override
    public List<String> compatible() {
      return List.of("orrery,host-notice");
    }

    @Override
    public int[] interrupts() {
      return new int[0];
    }
  }
}
