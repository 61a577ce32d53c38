package orrery.cli;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/** The program's version. */
final class Version {
  private static final String UNKNOWN = "(development)";

  private Version() {}

  /** As the build recorded it in the module; unknown outside of one, as on a class path. */
  static String string() {
    return Optional.ofNullable(Version.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse(UNKNOWN);
  }
}
