package orrery.kernel.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.MemoryFixture;
import orrery.kernel.memory.MemoryLimits;
import orrery.kernel.memory.PageSource;

class ProgramLoaderTest {
  private static final long CAPABILITIES = 0x1ff;
  private static final ProgramIdentity ROOT = new ProgramIdentity(0, 0, 0, 0);
  private static final long VA = 0x1000_0000;

  /** A kernel with some files. */
  private static final class Computer implements AutoCloseable {
    final MemoryFixture f = new MemoryFixture(16);
    final Map<String, TestFile> files = new HashMap<>();
    final ProgramLoader loader =
        new ProgramLoader(f.kernel, (c, path) -> open(path), () -> 0x1234_5678_9abcL, CAPABILITIES);
    int open;

    TestFile add(String path, byte[] contents) {
      TestFile t = new TestFile(this, path, f.new File(contents));
      files.put(path, t);
      return t;
    }

    ProgramFile open(String path) {
      TestFile t = files.get(path);
      if (t == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      open++;
      return t;
    }

    ProgramImage load(String path, ProgramArguments arguments) {
      return loader.load(null, open(path), path, arguments, ROOT, MemoryLimits.DEFAULT);
    }

    ProgramImage load(String path, String... arguments) {
      return load(path, ProgramArguments.of(List.of(arguments), List.of("A=b", "LONG=value")));
    }

    int errno(String path, String... arguments) {
      return errno(path, ProgramArguments.of(List.of(arguments), List.of()));
    }

    int errno(String path, ProgramArguments arguments) {
      int free = f.frames.free();
      try {
        load(path, arguments).close();
        return 0;
      } catch (ErrnoException e) {
        assertEquals(free, f.frames.free(), "a failure gives all memory back");
        return e.errno();
      } finally {
        assertEquals(0, open, "and closes all files");
      }
    }

    @Override
    public void close() {
      f.close();
    }
  }

  private static final class TestFile implements ProgramFile {
    private final Computer computer;
    private final String path;
    private final PageSource pages;
    int mode = 0100755;
    int uid;
    int gid;

    TestFile(Computer computer, String path, PageSource pages) {
      this.computer = computer;
      this.path = path;
      this.pages = pages;
    }

    @Override
    public PageSource pages() {
      return pages;
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public int mode() {
      return mode;
    }

    @Override
    public int uid() {
      return uid;
    }

    @Override
    public int gid() {
      return gid;
    }

    @Override
    public void close() {
      computer.open--;
    }
  }

  /** What a program finds on its stack. */
  private record Stack(List<String> arguments, List<String> environment, Map<Long, Long> vector) {
    static Stack of(ProgramImage p) {
      AddressSpace s = p.space();
      long at = p.stackPointer();
      assertEquals(0, at % 16, "SP is aligned");
      int argc = (int) s.readLong(at);
      at += 8;
      List<String> arguments = new ArrayList<>();
      for (int i = 0; i < argc; i++, at += 8) {
        arguments.add(s.readString(s.readLong(at), 1 << 17));
      }
      assertEquals(0, s.readLong(at));
      at += 8;
      List<String> environment = new ArrayList<>();
      for (; s.readLong(at) != 0; at += 8) {
        environment.add(s.readString(s.readLong(at), 1 << 17));
      }
      at += 8;
      Map<Long, Long> vector = new HashMap<>();
      for (; s.readLong(at) != 0; at += 16) {
        vector.put(s.readLong(at), s.readLong(at + 8));
      }
      return new Stack(arguments, environment, vector);
    }

    long value(int type) {
      return vector.get((long) type);
    }
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void fixedProgramIsMappedAndItsStackIsComplete() {
    try (Computer c = new Computer()) {
      c.add("/bin/prog", new ElfBuilder().build());
      try (ProgramImage p = c.load("/bin/prog", "prog", "", "x y")) {
        AddressSpace s = p.space();
        assertEquals("prog", p.name());
        assertEquals(ElfBuilder.FIXED_BASE + ElfBuilder.TEXT_OFFSET + 0x40, p.entry());
        assertEquals(0xd503_201f, s.readInt(p.entry()));
        assertEquals(0, s.fault(p.entry(), false, true));
        assertEquals(AddressSpace.FAULT_NOT_PERMITTED, s.fault(p.entry(), true, false));

        long data = ElfBuilder.FIXED_BASE + 0x1_0000 + ElfBuilder.DATA_OFFSET;
        assertEquals(0x77, s.readByte(data + ElfBuilder.DATA_SIZE - 1));
        for (int i = 0; i < ElfBuilder.BSS_SIZE; i += 8) {
          assertEquals(0, s.readLong(data + ElfBuilder.DATA_SIZE + i));
        }
        s.writeLong(data, 1);
        assertEquals(AddressSpace.FAULT_NOT_PERMITTED, s.fault(data, false, true));
        long end = data + ElfBuilder.DATA_SIZE + ElfBuilder.BSS_SIZE + 0xfff & -0x1000;
        assertEquals(end, s.layout().heap().start());

        Stack stack = Stack.of(p);
        assertEquals(List.of("prog", "", "x y"), stack.arguments);
        assertEquals(List.of("A=b", "LONG=value"), stack.environment);
        assertEquals(ElfBuilder.FIXED_BASE + 64, stack.value(AuxiliaryVector.AT_PHDR));
        assertEquals(56, stack.value(AuxiliaryVector.AT_PHENT));
        assertEquals(3, stack.value(AuxiliaryVector.AT_PHNUM));
        assertEquals(p.entry(), stack.value(AuxiliaryVector.AT_ENTRY));
        assertEquals(0, stack.value(AuxiliaryVector.AT_BASE));
        assertEquals(0, stack.value(AuxiliaryVector.AT_SECURE));
        assertEquals(CAPABILITIES, stack.value(AuxiliaryVector.AT_HWCAP));
        assertEquals("/bin/prog", s.readString(stack.value(AuxiliaryVector.AT_EXECFN), 100));
        assertEquals("aarch64", s.readString(stack.value(AuxiliaryVector.AT_PLATFORM), 100));
        assertEquals(0x1234_5678_9abcL, s.readLong(stack.value(AuxiliaryVector.AT_RANDOM)));

        int length = (int) (s.program().environmentEnd() - s.program().argumentsStart());
        byte[] strings = new byte[length];
        s.copyIn(s.program().argumentsStart(), strings, 0, length);
        assertArrayEquals(bytes("prog\0\0x y\0A=b\0LONG=value\0"), strings);
        assertFalse(s.mappingAt(p.stackPointer()).isExecutable());
      }
      assertEquals(0, c.open);
    }
  }

  @Test
  void sharesTheFilesFramesAndTheTextId() {
    try (Computer c = new Computer()) {
      c.add("/a", new ElfBuilder().build());
      try (ProgramImage p = c.load("/a", "a");
          ProgramImage q = c.load("/a", "a")) {
        assertEquals(p.space().physical(p.entry(), false), q.space().physical(q.entry(), false));
      }
    }
  }

  @Test
  void relocatableProgramGetsItsInterpreter() {
    try (Computer c = new Computer()) {
      c.add("/a", new ElfBuilder().relocatable().interpreter("/lib/ld.so").build());
      c.add("/lib/ld.so", new ElfBuilder().relocatable().alignment(0x1_0000).build());
      try (ProgramImage p = c.load("/a", "a")) {
        Stack stack = Stack.of(p);
        long base = stack.value(AuxiliaryVector.AT_BASE);
        assertEquals(0, base % 0x1_0000);
        assertEquals(base + ElfBuilder.TEXT_OFFSET + 0x40, p.entry());
        long program = stack.value(AuxiliaryVector.AT_ENTRY);
        assertEquals(0x55_5555_5000L + ElfBuilder.TEXT_OFFSET + 0x40, program);
        assertEquals(0xd503_201f, p.space().readInt(program));
        assertEquals("/a", p.file().path());
        assertEquals(1, c.open);
      }
      assertEquals(Errno.ENOENT, missingInterpreter(c));
      c.add("/lib/ld.so", bytes("not a program"));
      assertEquals(Errno.ELIBBAD, c.errno("/a", "a"));
    }
  }

  private static int missingInterpreter(Computer c) {
    c.add("/b", new ElfBuilder().relocatable().interpreter("/lib/none").build());
    return c.errno("/b", "b");
  }

  @Test
  void relocatableProgramWithoutInterpreterKeepsItsHeapAwayFromMappings() {
    try (Computer c = new Computer()) {
      c.add("/a", new ElfBuilder().relocatable().build());
      try (ProgramImage p = c.load("/a", "a")) {
        assertTrue(p.entry() > p.space().layout().heap().start());
        assertNotEquals(0, p.space().layout().heap().start());
        long wanted = p.space().layout().heap().start() + (1 << 20);
        assertEquals(wanted, p.space().layout().heap().moveEnd(wanted));
      }
    }
  }

  @Test
  void stackIsExecutableOnDemand() {
    try (Computer c = new Computer()) {
      c.add("/a", new ElfBuilder().stackFlags(7).build());
      try (ProgramImage p = c.load("/a", "a")) {
        assertTrue(p.space().mappingAt(p.stackPointer()).isExecutable());
        assertEquals(List.of("a"), Stack.of(p).arguments);
      }
    }
  }

  @Test
  void scriptRunsItsInterpreter() {
    try (Computer c = new Computer()) {
      c.add("/bin/sh", new ElfBuilder().build());
      c.add("/s", bytes("#! /bin/sh  -e -x \necho\n"));
      c.add("/t", bytes("#!/s"));
      try (ProgramImage p = c.load("/s", "zero", "one")) {
        assertEquals(List.of("/bin/sh", "-e -x", "/s", "one"), Stack.of(p).arguments);
        assertEquals("s", p.name());
        assertEquals("/bin/sh", p.file().path());
        assertEquals("/s", p.space().readString(Stack.of(p).value(AuxiliaryVector.AT_EXECFN), 10));
      }
      try (ProgramImage p = c.load("/t", "zero")) {
        assertEquals(List.of("/bin/sh", "-e -x", "/s", "/t"), Stack.of(p).arguments);
      }
      c.add("/loop", bytes("#!/loop"));
      assertEquals(Errno.ELOOP, c.errno("/loop", "x"));
      c.add("/empty", bytes("#!  \n/bin/sh"));
      assertEquals(Errno.ENOEXEC, c.errno("/empty", "x"));
      c.add("/long", bytes("#!" + "x".repeat(300) + "\n"));
      assertEquals(Errno.ENOEXEC, c.errno("/long", "x"));
      c.add("/lost", bytes("#!/none\n"));
      assertEquals(Errno.ENOENT, c.errno("/lost", "x"));
    }
  }

  @Test
  void whatIsNoProgramIsRefused() {
    try (Computer c = new Computer()) {
      c.add("/empty", new byte[0]);
      c.add("/text", bytes("hello"));
      byte[] other = new ElfBuilder().build();
      other[18] = 62; // x86-64
      c.add("/other", other);
      assertEquals(Errno.ENOEXEC, c.errno("/empty", "x"));
      assertEquals(Errno.ENOEXEC, c.errno("/text", "x"));
      assertEquals(Errno.ENOEXEC, c.errno("/other", "x"));
    }
  }

  @Test
  void argumentsHaveLimits() {
    try (Computer c = new Computer()) {
      c.add("/a", new ElfBuilder().build());
      String longest = "x".repeat((1 << 17) - 1);
      assertEquals(0, c.errno("/a", longest));
      assertEquals(Errno.E2BIG, c.errno("/a", longest + "x"));
      List<String> many = Collections.nCopies(17, longest);
      assertEquals(Errno.E2BIG, c.errno("/a", many.toArray(new String[0])));
    }
  }

  @Test
  void argumentsComeFromUserMemory() {
    try (Computer c = new Computer()) {
      c.add("/a", new ElfBuilder().build());
      AddressSpace s = c.f.kernel.newAddressSpace();
      MemoryFixture.map(s, VA, 64, MemoryFixture.READ_WRITE, MemoryFixture.PRIVATE);
      String big = "y".repeat(9000);
      s.copyOut(bytes("first\0" + big + "\0E=1\0"), 0, VA + 0x1003, 9011);
      s.writeLong(VA, VA + 0x1003);
      s.writeLong(VA + 8, VA + 0x1009);
      s.writeLong(VA + 32, VA + 0x1003 + 6 + 9001);
      try (ProgramImage p = c.load("/a", ProgramArguments.ofUser(s, VA, VA + 32))) {
        assertEquals(List.of("first", big), Stack.of(p).arguments);
        assertEquals(List.of("E=1"), Stack.of(p).environment);
      }
      try (ProgramImage p = c.load("/a", ProgramArguments.ofUser(s, 0, 0))) {
        assertEquals(List.of(""), Stack.of(p).arguments, "argv[0] is there in any case");
      }
      s.writeLong(VA + 8, 12);
      assertEquals(Errno.EFAULT, c.errno("/a", ProgramArguments.ofUser(s, VA, 0)));
      assertEquals(Errno.EFAULT, c.errno("/a", ProgramArguments.ofUser(s, 8, 0)));
      s.release();
    }
  }

  @Test
  void setUserIdIsSecure() {
    try (Computer c = new Computer()) {
      TestFile file = c.add("/a", new ElfBuilder().build());
      file.mode = 0104755;
      file.uid = 0;
      ProgramIdentity user = new ProgramIdentity(1000, 1000, 100, 100);
      ProgramArguments none = ProgramArguments.of(List.of("a"), List.of());
      try (ProgramImage p =
          c.loader.load(null, c.open("/a"), "/a", none, user, MemoryLimits.DEFAULT)) {
        assertEquals(new ProgramIdentity(1000, 0, 100, 100), p.identity());
        assertEquals(1, Stack.of(p).value(AuxiliaryVector.AT_SECURE));
        assertEquals(0, Stack.of(p).value(AuxiliaryVector.AT_EUID));
      }
    }
  }

  @Test
  void programOverTheStackIsRefused() {
    try (Computer c = new Computer()) {
      byte[] elf = new ElfBuilder().build();
      long top = AddressSpace.STACK_TOP - 0x1000;
      for (int i = 0; i < 8; i++) {
        elf[64 + 16 + i] = (byte) (top >>> 8 * i);
      }
      c.add("/a", elf);
      assertNotEquals(0, c.errno("/a", "a"));
    }
  }

  /** Interesting values for a field of a header. */
  private static final long[] EVIL = {
    0,
    1,
    2,
    -1,
    0x7f,
    0xfff,
    0x1000,
    0x1001,
    0xffff,
    0x7fff_ffff,
    0xffff_ffffL,
    1L << 38,
    1L << 39,
    (1L << 39) - 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    AddressSpace.STACK_TOP,
    0x4000_0000
  };

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void mutatedProgramsEndInAnImageOrAnErrorNumber(@ForAll long seed) {
    Random random = new Random(seed);
    try (Computer c = new Computer()) {
      ElfBuilder builder = new ElfBuilder();
      if (random.nextBoolean()) {
        builder.relocatable();
      }
      if (random.nextBoolean()) {
        builder.interpreter("/ld");
      }
      byte[] program = builder.build();
      byte[] interpreter = new ElfBuilder().relocatable().build();
      mutate(random.nextInt(3) == 0 ? interpreter : program, random);
      int length = random.nextInt(8) == 0 ? random.nextInt(program.length) : program.length;
      c.add("/ld", interpreter);
      c.add("/a", Arrays.copyOf(program, length));
      int free = c.f.frames.free();
      try (ProgramImage p = c.load("/a", "a")) {
        Stack.of(p);
        p.space().fault(p.entry(), false, true);
        p.space().fork().release();
      } catch (ErrnoException e) {
        assertTrue(e.errno() > 0);
      }
      assertEquals(0, c.open);
      // pages of holes in files may have come into being, nothing else
      assertTrue(free - c.f.frames.free() <= 0, "frames are given back");
    }
  }

  private static void mutate(byte[] elf, Random random) {
    int n = 1 + random.nextInt(4);
    for (int i = 0; i < n; i++) {
      int width = 1 << random.nextInt(4);
      int at = random.nextInt(64 + 4 * 56) & -width;
      long value = random.nextBoolean() ? EVIL[random.nextInt(EVIL.length)] : random.nextLong();
      for (int k = 0; k < width; k++) {
        elf[at + k] = (byte) (value >>> 8 * k);
      }
    }
  }
}
