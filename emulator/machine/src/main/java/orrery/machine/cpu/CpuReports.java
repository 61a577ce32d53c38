package orrery.machine.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import orrery.unicorn.Arm64Register;
import orrery.unicorn.SystemRegister;
import orrery.unicorn.Unicorn;

/**
 * Takes {@link CpuReport}s. Any thread may ask; the vCPU's thread looks between two instructions,
 * or whoever asks while nothing runs.
 */
final class CpuReports {
  private static final SystemRegister ESR_EL1 = new SystemRegister(3, 0, 5, 2, 0);
  private static final SystemRegister FAR_EL1 = new SystemRegister(3, 0, 6, 0, 0);
  private static final SystemRegister ELR_EL1 = new SystemRegister(3, 0, 4, 0, 1);
  private static final SystemRegister VBAR_EL1 = new SystemRegister(3, 0, 12, 0, 0);
  private static final long PSTATE_MASK = 0xffff_ffffL;
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final Unicorn engine;
  private final Rotation rotation;
  private final Kicker kicker;
  private volatile Request request;

  /** A thread waits for a report. */
  private static final class Request {
    final CountDownLatch done = new CountDownLatch(1);
    List<CpuReport> answer;
  }

  CpuReports(Unicorn engine, Rotation rotation, Kicker kicker) {
    this.engine = engine;
    this.rotation = rotation;
    this.kicker = kicker;
  }

  /** Any thread. */
  synchronized List<CpuReport> take() throws InterruptedException {
    Request mine = new Request();
    request = mine;
    while (true) {
      if (kicker.isIdle() || kicker.isVcpu()) {
        answer();
      } else {
        kicker.signal();
      }
      // A run that ends just now answers no more.
      if (mine.done.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        return mine.answer;
      }
    }
  }

  /** On the vCPU's thread, between two instructions: answers who asked. */
  void answer() {
    Request asked = request;
    if (asked != null) {
      request = null;
      asked.answer = look();
      asked.done.countDown();
    }
  }

  private List<CpuReport> look() {
    List<CpuReport> reports = new ArrayList<>();
    Core running = rotation.current();
    rotation.visit(core -> reports.add(look(core, core == running)));
    return List.copyOf(reports);
  }

  private CpuReport look(Core core, boolean running) {
    return new CpuReport(
        core.index,
        core.state.on,
        core.state.waiting,
        running,
        engine.read(Arm64Register.PC),
        engine.read(Arm64Register.x(30)),
        engine.read(Arm64Register.SP),
        engine.read(Arm64Register.PSTATE) & PSTATE_MASK,
        engine.read(ESR_EL1),
        engine.read(FAR_EL1),
        engine.read(ELR_EL1),
        engine.read(VBAR_EL1));
  }
}
