package orrery.device.virtio;

import java.security.SecureRandom;
import java.util.List;
import java.util.random.RandomGenerator;
import orrery.machine.pci.PciContext;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciDeviceProvider;

/** Gives every machine with PCI a source of entropy. */
public final class VirtioRngProvider implements PciDeviceProvider {
  /** The backend ({@link RandomGenerator}) of the source; the host's entropy without one. */
  public static final String ENTROPY = "entropy";

  /** For {@link java.util.ServiceLoader}. */
  public VirtioRngProvider() {}

  @Override
  public String name() {
    return "virtio-rng";
  }

  @Override
  public String description() {
    return "entropy source (virtio 1.2, PCI); backend: " + ENTROPY;
  }

  @Override
  public List<PciDevice> create(PciContext context) {
    RandomGenerator random = context.backend(ENTROPY, RandomGenerator.class);
    return List.of(new VirtioFunction(new VirtioRng(random == null ? new SecureRandom() : random)));
  }
}
