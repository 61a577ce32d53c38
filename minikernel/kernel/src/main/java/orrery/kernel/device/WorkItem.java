package orrery.kernel.device;

/** A place in the {@link WorkQueue}: what a {@link Work} is to it. */
final class WorkItem {
  private final Binding binding;
  private final int number;
  boolean scheduled;

  // maintained by the queue
  WorkItem next;

  WorkItem(Binding binding, int number) {
    this.binding = binding;
    this.number = number;
  }

  void run() {
    scheduled = false;
    binding.work(number);
  }
}
