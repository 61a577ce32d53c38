package orrery.machine.boot;

import java.lang.foreign.MemorySegment;

/** Formats that are mistaken for kernels of this machine; each with what to bring instead. */
final class ForeignFormats {
  private static final int X86_BOOT_FLAG = 0x1fe;
  private static final int X86_HEADER = 0x202;
  private static final int ARM32_MAGIC = 0x24;
  private static final int RISCV_MAGIC = 0x38;

  private static final String BRING =
      ": bring an arm64 Image, such as that of Debian's package linux-image-arm64";

  private ForeignFormats() {}

  /**
   * Does nothing for what may be a flat binary.
   *
   * @throws KernelRejected if it is something else for certain
   */
  static void reject(MemorySegment file) {
    String what = recognise(file);
    if (what != null) {
      throw new KernelRejected("is " + what);
    }
  }

  private static String recognise(MemorySegment file) {
    if (LittleEndian.hasAt(file, X86_BOOT_FLAG, 0x55, 0xaa)
        && LittleEndian.hasAt(file, X86_HEADER, "HdrS")) {
      return "an x86 kernel (bzImage)" + BRING;
    }
    if (LittleEndian.hasAt(file, ARM32_MAGIC, 0x18, 0x28, 0x6f, 0x01)) {
      return "a 32-bit ARM kernel (zImage)" + BRING;
    }
    if (LittleEndian.hasAt(file, RISCV_MAGIC, "RSC\u0005")) {
      return "a RISC-V kernel" + BRING;
    }
    if (PeHeader.of(file) != null) {
      return "an EFI program but no arm64 Image" + BRING;
    }
    String packed = packedBy(file);
    if (packed != null) {
      return "compressed: unpack it first (" + packed + ")";
    }
    if (LittleEndian.startsWith(file, 0x27, 0x05, 0x19, 0x56)) {
      return "a U-Boot image: bring the Image inside it (dumpimage)";
    }
    if (LittleEndian.startsWith(file, 0xd0, 0x0d, 0xfe, 0xed)) {
      return "a device tree or FIT image: bring the kernel's Image";
    }
    if (LittleEndian.hasAt(file, 0, "ANDROID!")) {
      return "an Android boot image: bring the Image inside it (unpack_bootimg)";
    }
    if (LittleEndian.hasAt(file, 0, "07070")) {
      return "an initial file system: give it with --initrd";
    }
    if (LittleEndian.hasAt(file, 0, "!<arch>")) {
      return "a package or library: unpack it first (dpkg-deb -x)";
    }
    if (LittleEndian.hasAt(file, 0, "#!")) {
      return "a script" + BRING;
    }
    return null;
  }

  private static String packedBy(MemorySegment file) {
    if (LittleEndian.startsWith(file, 0xfd, '7', 'z', 'X', 'Z')) {
      return "unxz";
    }
    if (LittleEndian.startsWith(file, 0x28, 0xb5, 0x2f, 0xfd)) {
      return "unzstd";
    }
    if (LittleEndian.hasAt(file, 0, "BZh")) {
      return "bunzip2";
    }
    if (LittleEndian.startsWith(file, 0x04, 0x22, 0x4d, 0x18)
        || LittleEndian.startsWith(file, 0x02, 0x21, 0x4c, 0x18)) {
      return "unlz4";
    }
    if (LittleEndian.startsWith(file, 'P', 'K', 3, 4)) {
      return "unzip";
    }
    return null;
  }
}
