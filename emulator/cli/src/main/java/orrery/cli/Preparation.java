package orrery.cli;

import orrery.machine.MachineException;
import orrery.machine.boot.Firmware;
import orrery.unicorn.UnicornException;
import orrery.unicorn.UnicornLibrary;
import orrery.unicorn.host.Linkage;

/**
 * What every machine needs and takes long to make, begun on threads of its own while the command
 * line is read: calls to and from C are linked, the firmware is read, the engine's library is
 * loaded. Who needs them meanwhile waits for them.
 */
final class Preparation {
  private static volatile boolean begun;

  private Preparation() {}

  /** Whether this process calls C. */
  static boolean hasBegun() {
    return begun;
  }

  /** Begins; returns at once. */
  static void begin() {
    begun = true;
    start("calls", Linkage::prepareCalls);
    start("callbacks", Preparation::prepareCallbacks);
    start("engine", UnicornLibrary::load);
  }

  private static void start(String name, Runnable work) {
    Thread.ofPlatform().name("prepare-" + name).daemon().start(() -> attempt(work));
  }

  /** The firmware comes last: a machine waits for it last. */
  private static void prepareCallbacks() {
    Linkage.prepareCallbacks();
    Firmware.prepare();
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (UnicornException | MachineException e) {
      return; // the machine tries again, and tells what is wrong
    }
  }
}
