/** Device models. They know the machine and nothing above it. */
module orrery.devices {
  requires transitive orrery.machine;

  exports orrery.device.console;
  exports orrery.device.notice;
  exports orrery.device.nvme;
  exports orrery.device.storage;
  exports orrery.device.uart;
  exports orrery.device.virtio;

  provides orrery.machine.DeviceProvider with
      orrery.device.console.ConsoleControlProvider,
      orrery.device.notice.HostNoticeProvider,
      orrery.device.rtc.Pl031Provider,
      orrery.device.uart.Pl011Provider;
  provides orrery.machine.pci.PciDeviceProvider with
      orrery.device.nvme.NvmeProvider,
      orrery.device.virtio.VirtioConsoleProvider,
      orrery.device.virtio.VirtioRngProvider;
}
