package orrery.kernel.exec;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.KernelMemory;
import orrery.kernel.memory.MemoryLimits;
import orrery.kernel.wait.Caller;

/**
 * Makes programs ready to run: execve(2) up to the point where the old program ends. Source: Linux
 * v6.1 {@code fs/exec.c}, {@code fs/binfmt_elf.c}, {@code fs/binfmt_script.c}.
 */
public final class ProgramLoader {
  /** Where relocatable programs with an interpreter go (ELF_ET_DYN_BASE). */
  private static final long RELOCATABLE_BASE = AddressSpace.END / 3 * 2 & -FRAME_SIZE;

  /** How often a script's interpreter may be a script. */
  private static final int MAX_DEPTH = 5;

  private static final int MAX_NAME = 15;
  private static final int CLOCK_TICKS = 100;

  /** Bytes that a signal takes on the stack: struct rt_sigframe and a frame record. */
  private static final int SIGNAL_STACK = 4720;

  private static final byte[] PLATFORM = "aarch64".getBytes(StandardCharsets.ISO_8859_1);

  private final KernelMemory memory;
  private final FileReader reader;
  private final ProgramFiles files;
  private final LongSupplier random;
  private final long capabilities;

  /**
   * A loader.
   *
   * @param files where interpreters come from
   * @param random 64 random bits at a time, for AT_RANDOM
   * @param capabilities what AT_HWCAP says of the CPU
   */
  public ProgramLoader(
      KernelMemory memory, ProgramFiles files, LongSupplier random, long capabilities) {
    this.memory = memory;
    this.reader = new FileReader(memory.frames());
    this.files = files;
    this.random = random;
    this.capabilities = capabilities;
  }

  /**
   * Loads a program into an address space of its own; the caller's is only read.
   *
   * @param file the program or script, taken over in any case: on failure it is closed
   * @param path as the caller named it: AT_EXECFN, the script's name for its interpreter, and the
   *     end of it the process's name
   * @param limits of the process
   * @throws ErrnoException ENOEXEC, E2BIG, EFAULT, ENOMEM, EINVAL, ELIBBAD, ELOOP, EIO, or what
   *     opening an interpreter fails with
   */
  public ProgramImage load(
      Caller c,
      ProgramFile file,
      String path,
      ProgramArguments arguments,
      ProgramIdentity identity,
      MemoryLimits limits) {
    Loading loading = new Loading(c, file, path);
    boolean done = false;
    try {
      ProgramImage image = loading.run(arguments, identity, limits);
      done = true;
      return image;
    } finally {
      if (!done) {
        loading.giveUp();
      }
    }
  }

  /** One program on its way. */
  private final class Loading {
    private final Caller caller;
    private final String path;
    private ProgramFile file;
    private AddressSpace space;
    private InitialStack stack;

    Loading(Caller caller, ProgramFile file, String path) {
      this.caller = caller;
      this.file = file;
      this.path = path;
    }

    void giveUp() {
      file.close();
      if (space != null) {
        space.release();
      }
    }

    ProgramImage run(ProgramArguments arguments, ProgramIdentity who, MemoryLimits limits) {
      space = memory.newAddressSpace();
      space.limits(limits);
      space.layout().leaveRoomForStack();
      stack = new InitialStack(space, memory.physical());
      stack.pushStrings(path.getBytes(StandardCharsets.ISO_8859_1), arguments);
      openInterpretersOfScripts();

      ElfHeader elf = ElfHeader.read(reader, file.pages(), Errno.ENOEXEC);
      ElfMapper program = new ElfMapper(space, elf, file, Errno.ENOEXEC);
      String interpreter = elf.interpreter(reader, file.pages());
      if (elf.hasExecutableStack()) {
        stack.makeExecutable();
      }
      long entry;
      long interpreterBase = 0;
      if (interpreter == null) {
        program.mapAnywhere();
        entry = program.entry();
      } else {
        program.mapAt(RELOCATABLE_BASE);
        ElfMapper loader = mapInterpreter(interpreter);
        interpreterBase = loader.bias();
        entry = loader.entry();
      }
      program.describe();
      boolean highUp = interpreter == null && elf.isRelocatable();
      long heap = highUp ? RELOCATABLE_BASE : program.end();
      space.layout().heap().startAt(heap + FRAME_SIZE - 1 & -FRAME_SIZE);

      ProgramIdentity identity = who.executing(file);
      AuxiliaryVector vector = vector(elf, program, interpreterBase, identity);
      long sp = stack.finish(vector, PLATFORM, random.getAsLong(), random.getAsLong());
      if (interpreter == null && !elf.hasExecutableStack()) {
        program.describeText();
      }
      return new ProgramImage(space, entry, sp, name(), file, identity);
    }

    private void openInterpretersOfScripts() {
      byte[] start = new byte[ScriptHeader.SIZE];
      byte[] script = path.getBytes(StandardCharsets.ISO_8859_1);
      for (int depth = 0; ; depth++) {
        int n = reader.read(file.pages(), 0, start);
        Arrays.fill(start, n, start.length, (byte) 0);
        if (!ScriptHeader.isScript(start)) {
          return;
        }
        if (depth == MAX_DEPTH) {
          throw ErrnoException.of(Errno.ELOOP);
        }
        ScriptHeader line = ScriptHeader.of(start);
        stack.replaceFirstArgument(line.interpreter(), line.argument(), script);
        ProgramFile next =
            files.open(caller, new String(line.interpreter(), StandardCharsets.ISO_8859_1));
        file.close();
        file = next;
        script = line.interpreter();
      }
    }

    private ElfMapper mapInterpreter(String interpreter) {
      try (ProgramFile loaderFile = files.open(caller, interpreter)) {
        ElfHeader elf = ElfHeader.read(reader, loaderFile.pages(), Errno.ELIBBAD);
        ElfMapper loader = new ElfMapper(space, elf, loaderFile, Errno.ELIBBAD);
        loader.mapAnywhere();
        return loader;
      }
    }

    private AuxiliaryVector vector(
        ElfHeader elf, ElfMapper program, long interpreterBase, ProgramIdentity who) {
      AuxiliaryVector v = new AuxiliaryVector();
      v.add(AuxiliaryVector.AT_MINSIGSTKSZ, SIGNAL_STACK);
      v.add(AuxiliaryVector.AT_HWCAP, capabilities);
      v.add(AuxiliaryVector.AT_PAGESZ, FRAME_SIZE);
      v.add(AuxiliaryVector.AT_CLKTCK, CLOCK_TICKS);
      v.add(AuxiliaryVector.AT_PHDR, program.segmentsAddress());
      v.add(AuxiliaryVector.AT_PHENT, ElfHeader.SEGMENT_SIZE);
      v.add(AuxiliaryVector.AT_PHNUM, elf.segments());
      v.add(AuxiliaryVector.AT_BASE, interpreterBase);
      v.add(AuxiliaryVector.AT_FLAGS, 0);
      v.add(AuxiliaryVector.AT_ENTRY, program.entry());
      v.add(AuxiliaryVector.AT_UID, who.uid());
      v.add(AuxiliaryVector.AT_EUID, who.effectiveUid());
      v.add(AuxiliaryVector.AT_GID, who.gid());
      v.add(AuxiliaryVector.AT_EGID, who.effectiveGid());
      v.add(AuxiliaryVector.AT_SECURE, who.isSecure() ? 1 : 0);
      v.add(AuxiliaryVector.AT_HWCAP2, 0);
      return v;
    }

    private String name() {
      String name = path.substring(path.lastIndexOf('/') + 1);
      return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    }
  }
}
