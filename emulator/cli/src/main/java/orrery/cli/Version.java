package orrery.cli;

/** The program's version. */
final class Version {
  private static final String UNKNOWN = "(development)";

  private Version() {}

  /** As the build recorded it in the jar's manifest. */
  static String string() {
    String recorded = Version.class.getPackage().getImplementationVersion();
    return recorded == null ? UNKNOWN : recorded;
  }
}
