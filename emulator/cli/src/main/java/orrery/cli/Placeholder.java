package orrery.cli;

final class Placeholder {
  private Placeholder() {}
}
