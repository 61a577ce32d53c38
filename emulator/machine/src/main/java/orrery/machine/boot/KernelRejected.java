package orrery.machine.boot;

/** What is wrong with a kernel's content, to be said after its name. */
final class KernelRejected extends RuntimeException {
  private static final long serialVersionUID = 1;

  KernelRejected(String complaint) {
    super(complaint);
  }
}
