package orrery.machine;

import java.util.List;

/** Makes devices for a machine; found by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {
  /** The model's name, such as {@code pl011}. */
  String name();

  /** One line for people: what it models and which backends it takes. */
  String description();

  /** The devices this machine is to have; empty if nothing asks for them. */
  List<PlatformDevice> create(DeviceContext context);
}
