package orrery.machine.pci;

import java.util.List;

/** Makes PCI devices for a machine; found by {@link java.util.ServiceLoader}. */
public interface PciDeviceProvider {
  /** The model's name, such as {@code virtio-rng}. */
  String name();

  /** One line for people: what it models and which backends it takes. */
  String description();

  /** The devices this machine is to have, each in a slot of its own; empty if none is asked for. */
  List<PciDevice> create(PciContext context);
}
