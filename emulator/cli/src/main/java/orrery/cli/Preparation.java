package orrery.cli;

import orrery.unicorn.UnicornException;
import orrery.unicorn.UnicornLibrary;
import orrery.unicorn.host.Linkage;

/**
 * What every machine needs and takes long to make, begun on threads of its own while the command
 * line is read: the calls to C are linked, the engine's library is loaded. Who needs them meanwhile
 * waits for them.
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
    start("link", Linkage::prepare);
    start("engine", Preparation::loadEngine);
  }

  private static void start(String name, Runnable work) {
    Thread.ofPlatform().name("prepare-" + name).daemon().start(work);
  }

  private static void loadEngine() {
    try {
      UnicornLibrary.load();
    } catch (UnicornException e) {
      return; // the machine tries again, and tells what is wrong
    }
  }
}
