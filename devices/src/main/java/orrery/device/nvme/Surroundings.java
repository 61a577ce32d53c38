package orrery.device.nvme;

import java.io.IOException;
import java.util.Arrays;
import orrery.machine.fault.Fault;

/**
 * What happens to a drive without the host's doing: it warms up, a namespace changes or comes and
 * goes. The host is told by the events it asked for (Base, section 5.2.2).
 */
final class Surroundings {
  // Codes of Fault.Event.
  /** The composite temperature is this many kelvins. */
  static final int TEMPERATURE = 0;

  /** A namespace has this many bytes, but not more than its medium. */
  static final int CAPACITY = 1;

  /** A namespace is detached from the controller. */
  static final int DETACH = 2;

  /** A namespace is attached to the controller. */
  static final int ATTACH = 3;

  /** Asynchronous Event Configuration: critical warning of the temperature. */
  static final int TEMPERATURE_EVENT = 1 << 1;

  /** Asynchronous Event Configuration, and OAES: Attached Namespace Attribute Notices. */
  static final int NAMESPACE_NOTICE = 1 << 8;

  private final NvmeState state;
  private final Namespace[] namespaces;
  private final Health health;
  private final AsyncEvents events;

  Surroundings(NvmeState state, Namespace[] namespaces, Health health, AsyncEvents events) {
    this.state = state;
    this.namespaces = namespaces;
    this.health = health;
    this.events = events;
  }

  /** Something happens; what changes nothing tells nobody. */
  void happen(Fault.Event event) {
    if (event.code() == TEMPERATURE) {
      health.temperature = (int) event.value();
      checkTemperature();
      return;
    }
    Namespace namespace = namespaces[event.unit() - 1];
    if (change(namespace, event)) {
      changed(namespace.id);
    }
  }

  /** Looks whether images have become longer on the host; the guest's host is told. */
  void lookForGrowth() {
    for (Namespace namespace : namespaces) {
      try {
        if (namespace.grow() && namespace.attached) {
          changed(namespace.id);
        }
      } catch (IOException e) {
        health.mediaErrors++; // the namespace stays as it was
      }
    }
  }

  private static boolean change(Namespace namespace, Fault.Event event) {
    long blocks = namespace.blocks();
    boolean attached = namespace.attached;
    switch (event.code()) {
      case CAPACITY -> namespace.resize(event.value());
      case DETACH -> namespace.attached = false;
      case ATTACH -> namespace.attached = true;
      default -> throw new IllegalArgumentException("no event has code " + event.code());
    }
    return namespace.attached != attached || attached && namespace.blocks() != blocks;
  }

  private void changed(int namespace) {
    int at = Arrays.binarySearch(state.changed, 0, state.changedCount, namespace);
    if (at < 0) {
      System.arraycopy(state.changed, ~at, state.changed, ~at + 1, state.changedCount - ~at);
      state.changed[~at] = namespace;
      state.changedCount++;
    }
    if ((state.features.asyncEvents & NAMESPACE_NOTICE) != 0) {
      events.happened(
          AsyncEvents.TYPE_NOTICE, AsyncEvents.NAMESPACE_CHANGED, LogPages.CHANGED_NAMESPACES);
    }
  }

  /** The temperature, its thresholds or the events that the host wants have changed. */
  void checkTemperature() {
    if (health.warnings(state.features) != 0
        && (state.features.asyncEvents & TEMPERATURE_EVENT) != 0) {
      events.happened(AsyncEvents.TYPE_HEALTH, AsyncEvents.TEMPERATURE, LogPages.HEALTH);
    }
  }
}
