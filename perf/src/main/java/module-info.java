/** Benchmarks of the machine and the kernel, and side-by-side runs against peers. */
module orrery.perf {
  requires java.management;
  requires jmh.core;
  requires orrery.cli;
  requires orrery.devices;
  requires orrery.kernel;
}
