package orrery.device.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostNoticeTest {
  private final List<String> told = new ArrayList<>();
  private final HostNotice device =
      new HostNotice(
          new NoticeListener() {
            @Override
            public void ready() {
              told.add("ready");
            }

            @Override
            public void exitStatus(int status) {
              told.add("status " + status);
            }
          });

  @Test
  void tellsTheHostWhatTheGuestWrites() {
    device.write(HostNotice.READY, 4, 1);
    device.write(HostNotice.EXIT_STATUS, 4, 0x1_07);
    assertEquals(List.of("ready", "status 7"), told);
    assertEquals(7, device.read(HostNotice.EXIT_STATUS, 4));
  }

  @Test
  void ignoresAllElse() {
    device.write(8, 4, 1);
    assertEquals(List.of(), told);
    assertEquals(0, device.read(8, 4));
    assertEquals(0, device.read(HostNotice.READY, 4));
    assertEquals(0, device.read(HostNotice.EXIT_STATUS, 4));
  }
}
