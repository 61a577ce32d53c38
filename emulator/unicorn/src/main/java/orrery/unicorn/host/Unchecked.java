package orrery.unicorn.host;

/** What a native call threw: only errors of the JVM, since C throws nothing. */
final class Unchecked {
  private Unchecked() {}

  static RuntimeException of(Throwable thrown) {
    if (thrown instanceof RuntimeException runtime) {
      return runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(thrown);
  }
}
