package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import orrery.unicorn.host.Callback;
import orrery.unicorn.host.NativeFunction;

/**
 * The C side of every callback: one small class each, all with one shape, for linking a shape costs
 * a start milliseconds. Arguments beyond those of the callback are garbage, as is the upper half of
 * an int; see {@link NativeFunction} for why the calling conventions allow that. Nothing leaves a
 * call: a failure is kept by the engine, which stops and rethrows it from {@link Unicorn#start}.
 */
final class Upcalls {
  private Upcalls() {}

  private static MemorySegment stub(Object receiver, Arena arena) {
    return Callback.pointer(MethodHandles.lookup(), receiver, "call", arena);
  }

  static MemorySegment interrupt(Unicorn engine, Hook.Interrupt hook, Arena arena) {
    return stub(new Interrupt(engine, hook), arena);
  }

  static MemorySegment invalidInstruction(
      Unicorn engine, Hook.InvalidInstruction hook, Arena arena) {
    return stub(new InvalidInstruction(engine, hook), arena);
  }

  static MemorySegment code(Unicorn engine, Hook.Code hook, Arena arena) {
    return stub(new Code(engine, hook), arena);
  }

  static MemorySegment memory(Unicorn engine, Hook.Memory hook, Arena arena) {
    return stub(new Memory(engine, hook), arena);
  }

  static MemorySegment invalidMemory(Unicorn engine, Hook.InvalidMemory hook, Arena arena) {
    return stub(new InvalidMemory(engine, hook), arena);
  }

  static MemorySegment systemInstruction(Unicorn engine, Hook.SystemInstruction hook, Arena arena) {
    return stub(new SystemInstruction(engine, hook), arena);
  }

  static MemorySegment edge(Unicorn engine, Hook.Edge hook, Arena arena) {
    return stub(new Edge(engine, hook), arena);
  }

  static MemorySegment tcgOpcode(Unicorn engine, Hook.TcgOpcode hook, Arena arena) {
    return stub(new TcgOpcode(engine, hook), arena);
  }

  static MemorySegment tlbFill(Unicorn engine, Hook.TlbFill hook, Arena arena) {
    return stub(new TlbFill(engine, hook), arena);
  }

  static MemorySegment mmioRead(Unicorn engine, Hook.MmioRead hook, Arena arena) {
    return stub(new MmioRead(engine, hook), arena);
  }

  static MemorySegment mmioWrite(Unicorn engine, Hook.MmioWrite hook, Arena arena) {
    return stub(new MmioWrite(engine, hook), arena);
  }

  private record Interrupt(Unicorn engine, Hook.Interrupt hook) {
    long call(long uc, long number, long data, long unused0, long unused1, long unused2) {
      try {
        hook.interrupted((int) number);
        return 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record InvalidInstruction(Unicorn engine, Hook.InvalidInstruction hook) {
    long call(long uc, long data, long unused0, long unused1, long unused2, long unused3) {
      try {
        return hook.handle() ? 1 : 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record Code(Unicorn engine, Hook.Code hook) {
    long call(long uc, long address, long size, long data, long unused0, long unused1) {
      try {
        hook.executing(address, (int) size);
        return 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record Memory(Unicorn engine, Hook.Memory hook) {
    long call(long uc, long type, long address, long size, long value, long data) {
      try {
        hook.accessed(MemoryAccess.of((int) type), address, (int) size, value);
        return 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record InvalidMemory(Unicorn engine, Hook.InvalidMemory hook) {
    long call(long uc, long type, long address, long size, long value, long data) {
      try {
        return hook.handle(MemoryAccess.of((int) type), address, (int) size, value) ? 1 : 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record SystemInstruction(Unicorn engine, Hook.SystemInstruction hook) {
    long call(long uc, long register, long cpReg, long data, long unused0, long unused1) {
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
        return hook.handle((int) register, system, value) ? 1 : 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 1;
      }
    }
  }

  private record Edge(Unicorn engine, Hook.Edge hook) {
    long call(long uc, long current, long previous, long data, long unused0, long unused1) {
      try {
        hook.generated(TranslationBlock.at(current), TranslationBlock.at(previous));
        return 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record TcgOpcode(Unicorn engine, Hook.TcgOpcode hook) {
    long call(long uc, long address, long first, long second, long size, long data) {
      try {
        hook.executing(address, first, second, (int) size);
        return 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record TlbFill(Unicorn engine, Hook.TlbFill hook) {
    private static final long PERMISSIONS = 8; // offset in uc_tlb_entry

    long call(long uc, long address, long type, long result, long data, long unused0) {
      try {
        long page = hook.fill(address, MemoryAccess.of((int) type));
        if (page == Hook.TlbFill.NOT_MAPPED) {
          return 0;
        }
        NativeMemory.MEMORY.set(JAVA_LONG, result, page & ~(long) Protection.ALL);
        NativeMemory.MEMORY.set(JAVA_INT, result + PERMISSIONS, (int) page & Protection.ALL);
        return 1;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record MmioRead(Unicorn engine, Hook.MmioRead hook) {
    long call(long uc, long offset, long size, long data, long unused0, long unused1) {
      try {
        return hook.read(offset, (int) size);
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }

  private record MmioWrite(Unicorn engine, Hook.MmioWrite hook) {
    long call(long uc, long offset, long size, long value, long data, long unused0) {
      try {
        hook.write(offset, (int) size, value);
        return 0;
      } catch (Throwable e) {
        engine.fail(e);
        return 0;
      }
    }
  }
}
