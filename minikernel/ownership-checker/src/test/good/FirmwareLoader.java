package good;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.CpuBuffer;
import lib.Device;
import lib.DeviceBuffer;
import lib.IoError;
import lib.Irq;
import lib.Mapping;
import lib.Queue;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.Range;

/** Loads firmware in steps, each of which may fail, and undoes what was done before. */
final class FirmwareLoader {
  private static final int CHUNK = 128;

  /** A loaded device. */
  @Owned
  static final class Loaded implements AutoCloseable {
    private final Mapping registers;
    private final CpuBuffer image;
    private final Irq.Registration registration;

    Loaded(@Move Mapping registers, @Move CpuBuffer image, @Move Irq.Registration registration) {
      this.registers = registers;
      this.image = image;
      this.registration = registration;
    }

    int version() {
      return registers.read(8) + image.read(0);
    }

    @Override
    @Move
    public void close() {
      registration.release();
      image.free();
      registers.close();
    }
  }

  /** How a step went. */
  @Owned
  sealed interface Step {
    /** There is firmware. */
    @Owned
    record Ready(CpuBuffer image) implements Step {}

    /** There is none, and it does not matter. */
    @Owned
    record Built(int version) implements Step {}

    /** There is none. */
    @Owned
    record Missing(String name) implements Step {}
  }

  private final Map<String, byte[]> files;
  private final List<String> log = new ArrayList<>();

  FirmwareLoader(Map<String, byte[]> files) {
    this.files = Map.copyOf(files);
  }

  private Step find(String name) {
    byte[] content = files.get(name);
    if (content == null) {
      return name.isEmpty() ? new Step.Built(1) : new Step.Missing(name);
    }
    CpuBuffer image = CpuBuffer.allocate(content.length);
    for (int i = 0; i < content.length; i++) {
      image.write(i, content[i]);
    }
    return new Step.Ready(image);
  }

  /** The ladder of a C driver's gotos. */
  @MaySleep
  @Nullable
  Loaded load(String name, int address, Queue queue) {
    Mapping registers = Mapping.open(address);
    CpuBuffer image;
    switch (find(name)) {
      case Step.Ready(CpuBuffer found) -> image = found;
      case Step.Built(int version) -> {
        log.add("built in, " + version);
        image = CpuBuffer.allocate(1);
      }
      case Step.Missing(String missing) -> {
        log.add(missing + " is missing");
        registers.close();
        return null;
      }
    }
    try {
      upload(registers, image, queue);
    } catch (IoError e) {
      log.add(e.getMessage());
      image.free();
      registers.close();
      return null;
    }
    queue.waitIdle();
    Irq.Registration registration = Irq.request(1, context -> {});
    if (registers.read(0) == 0) {
      registration.release();
      image.free();
      registers.close();
      return null;
    }
    return new Loaded(registers, image, registration);
  }

  private static void upload(Mapping registers, CpuBuffer image, Queue queue) throws IoError {
    for (int at = 0; at < image.size(); at += CHUNK) {
      CpuBuffer chunk = CpuBuffer.allocate(CHUNK);
      boolean sent = false;
      try {
        for (int i = at; i < Math.min(at + CHUNK, image.size()); i++) {
          chunk.write(i - at, image.read(i));
        }
        queue.ring();
        sent = true;
      } finally {
        if (!sent) {
          chunk.free();
        }
      }
      DeviceBuffer rejected = queue.trySubmit(chunk.toDevice());
      if (rejected != null) {
        rejected.complete().free();
        throw new IoError("the queue is full at " + at);
      }
      registers.write(4, at);
    }
  }

  @MaySleep
  int versionOf(String name, Device device, Queue queue) throws IoError {
    Loaded loaded = load(name, 0, queue);
    if (loaded == null) {
      throw new IoError("cannot load " + name);
    }
    try (loaded) {
      int index = Range.index(device.length(), 4);
      return loaded.version() + index;
    } catch (OutOfRangeException e) {
      return -1;
    }
  }

  /** Reads twice and keeps the better of two. */
  static CpuBuffer better(@Move CpuBuffer one, @Move CpuBuffer other) {
    boolean first = one.read(0) >= other.read(0);
    CpuBuffer best = first ? one : other;
    if (first) {
      other.free();
    } else {
      one.free();
    }
    if (best.read(1) > 0) {
      best.write(1, 0);
    }
    return best;
  }
}
