package orrery.kernel;

final class Placeholder {
  private Placeholder() {}
}
