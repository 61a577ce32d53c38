package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/**
 * The C side of every callback: one small class a shape. Nothing leaves a call: a failure is kept
 * by the engine, which stops and rethrows it from {@link Unicorn#start}.
 */
final class Upcalls {
  private static final FunctionDescriptor INTERRUPT =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final FunctionDescriptor INVALID_INSTRUCTION =
      FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor CODE =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final FunctionDescriptor MEMORY =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor INVALID_MEMORY =
      FunctionDescriptor.of(
          JAVA_BOOLEAN, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor SYSTEM_INSTRUCTION =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor EDGE =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor TCG_OPCODE =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final FunctionDescriptor TLB_FILL =
      FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor MMIO_READ =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final FunctionDescriptor MMIO_WRITE =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);

  private Upcalls() {}

  @SuppressWarnings("restricted") // every receiver catches what its callback throws
  private static MemorySegment stub(Object receiver, FunctionDescriptor type, Arena arena) {
    try {
      return Linker.nativeLinker()
          .upcallStub(
              MethodHandles.lookup().bind(receiver, "call", type.toMethodType()), type, arena);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a callback's shape is wrong", e);
    }
  }

  static MemorySegment interrupt(Unicorn engine, Hook.Interrupt hook, Arena arena) {
    return stub(new Interrupt(engine, hook), INTERRUPT, arena);
  }

  static MemorySegment invalidInstruction(
      Unicorn engine, Hook.InvalidInstruction hook, Arena arena) {
    return stub(new InvalidInstruction(engine, hook), INVALID_INSTRUCTION, arena);
  }

  static MemorySegment code(Unicorn engine, Hook.Code hook, Arena arena) {
    return stub(new Code(engine, hook), CODE, arena);
  }

  static MemorySegment memory(Unicorn engine, Hook.Memory hook, Arena arena) {
    return stub(new Memory(engine, hook), MEMORY, arena);
  }

  static MemorySegment invalidMemory(Unicorn engine, Hook.InvalidMemory hook, Arena arena) {
    return stub(new InvalidMemory(engine, hook), INVALID_MEMORY, arena);
  }

  static MemorySegment systemInstruction(Unicorn engine, Hook.SystemInstruction hook, Arena arena) {
    return stub(new SystemInstruction(engine, hook), SYSTEM_INSTRUCTION, arena);
  }

  static MemorySegment edge(Unicorn engine, Hook.Edge hook, Arena arena) {
    return stub(new Edge(engine, hook), EDGE, arena);
  }

  static MemorySegment tcgOpcode(Unicorn engine, Hook.TcgOpcode hook, Arena arena) {
    return stub(new TcgOpcode(engine, hook), TCG_OPCODE, arena);
  }

  static MemorySegment tlbFill(Unicorn engine, Hook.TlbFill hook, Arena arena) {
    return stub(new TlbFill(engine, hook), TLB_FILL, arena);
  }

  static MemorySegment mmioRead(Unicorn engine, Hook.MmioRead hook, Arena arena) {
    return stub(new MmioRead(engine, hook), MMIO_READ, arena);
  }

  static MemorySegment mmioWrite(Unicorn engine, Hook.MmioWrite hook, Arena arena) {
    return stub(new MmioWrite(engine, hook), MMIO_WRITE, arena);
  }

  private record Interrupt(Unicorn engine, Hook.Interrupt hook) {
    void call(long uc, int number, long data) {
      try {
        hook.interrupted(number);
      } catch (Throwable e) {
        engine.fail(e);
      }
    }
  }

  private record InvalidInstruction(Unicorn engine, Hook.InvalidInstruction hook) {
    boolean call(long uc, long data) {
      try {
        return hook.handle();
      } catch (Throwable e) {
        engine.fail(e);
        return false;
      }
    }
  }

  private record Code(Unicorn engine, Hook.Code hook) {
    void call(long uc, long address, int size, long data) {
      try {
        hook.executing(address, size);
      } catch (Throwable e) {
        engine.fail(e);
      }
    }
  }

  private record Memory(Unicorn engine, Hook.Memory hook) {
    void call(long uc, int type, long address, int size, long value, long data) {
      try {
        hook.accessed(MemoryAccess.of(type), address, size, value);
      } catch (Throwable e) {
        engine.fail(e);
      }
    }
  }

  private record InvalidMemory(Unicorn engine, Hook.InvalidMemory hook) {
    boolean call(long uc, int type, long address, int size, long value, long data) {
      try {
        return hook.handle(MemoryAccess.of(type), address, size, value);
      } catch (Throwable e) {
        engine.fail(e);
        return false;
      }
    }
  }

  private record SystemInstruction(Unicorn engine, Hook.SystemInstruction hook) {
    int call(long uc, int register, long cpReg, long data) {
      try {
        var memory = NativeMemory.MEMORY;
        SystemRegister system =
            new SystemRegister(
                memory.get(JAVA_INT, cpReg + SystemRegister.OP0),
                memory.get(JAVA_INT, cpReg + SystemRegister.OP1),
                memory.get(JAVA_INT, cpReg + SystemRegister.CRN),
                memory.get(JAVA_INT, cpReg + SystemRegister.CRM),
                memory.get(JAVA_INT, cpReg + SystemRegister.OP2));
        long value = memory.get(JAVA_LONG, cpReg + SystemRegister.VALUE);
        return hook.handle(register, system, value) ? 1 : 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 1;
      }
    }
  }

  private record Edge(Unicorn engine, Hook.Edge hook) {
    void call(long uc, long current, long previous, long data) {
      try {
        hook.generated(TranslationBlock.at(current), TranslationBlock.at(previous));
      } catch (Throwable e) {
        engine.fail(e);
      }
    }
  }

  private record TcgOpcode(Unicorn engine, Hook.TcgOpcode hook) {
    void call(long uc, long address, long first, long second, int size, long data) {
      try {
        hook.executing(address, first, second, size);
      } catch (Throwable e) {
        engine.fail(e);
      }
    }
  }

  private record TlbFill(Unicorn engine, Hook.TlbFill hook) {
    private static final long PERMISSIONS = 8; // offset in uc_tlb_entry

    boolean call(long uc, long address, int type, long result, long data) {
      try {
        long page = hook.fill(address, MemoryAccess.of(type));
        if (page == Hook.TlbFill.NOT_MAPPED) {
          return false;
        }
        NativeMemory.MEMORY.set(JAVA_LONG, result, page & ~(long) Protection.ALL);
        NativeMemory.MEMORY.set(JAVA_INT, result + PERMISSIONS, (int) page & Protection.ALL);
        return true;
      } catch (Throwable e) {
        engine.fail(e);
        return false;
      }
    }
  }

  private record MmioRead(Unicorn engine, Hook.MmioRead hook) {
    long call(long uc, long offset, int size, long data) {
      try {
        return hook.read(offset, size);
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record MmioWrite(Unicorn engine, Hook.MmioWrite hook) {
    void call(long uc, long offset, int size, long value, long data) {
      try {
        hook.write(offset, size, value);
      } catch (Throwable e) {
        engine.fail(e);
      }
    }
  }
}
