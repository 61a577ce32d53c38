/** The top floor: assembles a machine from options and runs it. It alone knows everyone. */
module orrery.cli {
  requires info.picocli;
  requires orrery.devices;
  requires orrery.drivers;
  requires orrery.kernel;
  requires org.jline.terminal;
}
