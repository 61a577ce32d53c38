package good;

import java.util.function.IntSupplier;
import lib.CpuBuffer;
import lib.IoError;
import lib.Mapping;
import lib.Queue;
import orrery.ownership.Borrow;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Slot;

/** A device whose power state is its type: what it can do now is what its type has. */
final class PowerStates {
  private PowerStates() {}

  /** In some state, for those who keep it. */
  @Owned
  sealed interface Device permits Off, Asleep, On {}

  /** Without power: nothing but switching on. */
  @Owned
  static final class Off implements Device {
    private final int address;

    Off(int address) {
      this.address = address;
    }

    @Move
    On powerOn() {
      Mapping registers = Mapping.open(address);
      registers.write(0, 1);
      return new On(registers, address);
    }

    @Move
    void discard() {}
  }

  /** With power, but stopped: keeps what it needs to wake up. */
  @Owned
  static final class Asleep implements Device {
    private final CpuBuffer saved;
    private final int address;

    Asleep(@Move CpuBuffer saved, int address) {
      this.saved = saved;
      this.address = address;
    }

    @Move
    On wake() throws IoError {
      int control = saved.read(0);
      saved.free();
      if (control == 0) {
        throw new IoError("nothing was saved");
      }
      Mapping registers = Mapping.open(address);
      registers.write(0, control);
      return new On(registers, address);
    }

    @Move
    Off cut() {
      saved.free();
      return new Off(address);
    }
  }

  /** At work. */
  @Owned
  static final class On implements Device {
    private final Mapping registers;
    private final int address;

    On(@Move Mapping registers, int address) {
      this.registers = registers;
      this.address = address;
    }

    @Borrow
    Mapping registers() {
      return registers;
    }

    int status() {
      return registers.read(4);
    }

    @Move
    Asleep sleep() {
      CpuBuffer saved = CpuBuffer.allocate(16);
      try {
        saved.write(0, registers.read(0));
      } finally {
        registers.close();
      }
      return new Asleep(saved, address);
    }

    @Move
    Off powerOff() {
      registers.close();
      return new Off(address);
    }
  }

  /** What the power manager keeps. */
  @Owned
  static final class Manager {
    private final Slot<Device> device;

    Manager(int address) {
      device = new Slot<>(new Off(address));
    }

    void on() {
      Device now = device.remove();
      Device next =
          switch (now) {
            case Off off -> off.powerOn();
            case Asleep asleep -> {
              try {
                yield asleep.wake();
              } catch (IoError e) {
                yield new Off(0);
              }
            }
            case On on -> on;
          };
      device.put(next);
    }

    void suspend() {
      Device now = device.remove();
      if (now instanceof On on) {
        device.put(on.sleep());
      } else {
        device.put(now);
      }
    }

    boolean isOn() {
      return device.get() instanceof On;
    }

    @MaySleep
    int use(Queue queue, IntSupplier work) {
      if (!isOn()) {
        on();
      }
      queue.waitIdle();
      int done = work.getAsInt();
      suspend();
      return done;
    }

    @Move
    void close() {
      Device last = device.remove();
      if (last instanceof Off off) {
        off.discard();
      } else if (last instanceof Asleep asleep) {
        asleep.cut().discard();
      } else if (last instanceof On on) {
        on.registers().write(0, 0);
        on.powerOff().discard();
      }
      device.close();
    }
  }

  static int cycle(int address) throws IoError {
    On on = new Off(address).powerOn();
    int before = on.status();
    Asleep asleep = on.sleep();
    On again = asleep.wake();
    int after = again.status();
    again.powerOff().discard();
    return after - before;
  }
}
