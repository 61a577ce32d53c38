package orrery.machine;

final class Placeholder {
  private Placeholder() {}
}
