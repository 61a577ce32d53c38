package orrery.device.uart;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A serial line to a stream of the host. Output goes through a bounded ring that a thread of its
 * own writes; input comes from the host's thread that calls {@link #receive}, which waits while the
 * guest does not read.
 *
 * <p>If the stream fails, the failure is reported once and what the guest sends later is dropped,
 * as on a line that is unplugged.
 */
public final class StreamSerialBackend implements SerialBackend {
  /** Bytes between guest and host in each direction. */
  private static final int CAPACITY = 64 << 10;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final OutputStream out;
  private final Consumer<IOException> failed;
  private final ByteRing output = new ByteRing(CAPACITY);
  private final ByteRing input = new ByteRing(CAPACITY);
  private final Thread writer;

  private Runnable changed = () -> {};
  private Runnable inputEnded = () -> {};
  private volatile boolean writerIdle;
  private volatile boolean closing;
  private volatile boolean endOfInput;
  private volatile Thread waitingReceiver;

  /**
   * A line whose output goes to {@code out}, without a buffer of its own at best.
   *
   * @param failed is told, on the writer's thread, that the stream takes no more
   */
  public StreamSerialBackend(String name, OutputStream out, Consumer<IOException> failed) {
    this.out = out;
    this.failed = failed;
    writer = Thread.ofPlatform().daemon().name("orrery-" + name).start(this::write);
  }

  // ---- The UART's side ----

  @Override
  public int available() {
    return input.size();
  }

  @Override
  public int take() {
    int octet = input.remove();
    if (octet >= 0) {
      Thread receiver = waitingReceiver;
      if (receiver != null) {
        LockSupport.unpark(receiver);
      }
      if (endOfInput && input.size() == 0) {
        inputEnded.run();
      }
    }
    return octet;
  }

  @Override
  public int room() {
    return output.room();
  }

  @Override
  public boolean offer(int octet) {
    boolean added = output.add(octet);
    if (writerIdle) {
      LockSupport.unpark(writer);
    }
    return added;
  }

  @Override
  public void listener(Runnable listener) {
    changed = listener;
  }

  @Override
  public void drain(long deadline) {
    closing = true;
    LockSupport.unpark(writer);
    LockSupport.unpark(waitingReceiver);
    boolean interrupted = false;
    while (writer.isAlive()) {
      long left = deadline == Long.MAX_VALUE ? deadline : deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        writer.join(deadline == Long.MAX_VALUE ? 0 : left / NANOS_PER_MILLI + 1);
      } catch (InterruptedException e) {
        interrupted = true; // what the guest wrote comes first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- The host's side ----

  /**
   * Hands bytes to the guest, in order; waits while the guest is behind. One thread at a time.
   *
   * @return false if the machine is off: nobody will read them
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean receive(byte[] bytes, int offset, int length) throws InterruptedException {
    int done = 0;
    while (!closing) {
      int count = input.add(bytes, offset + done, length - done);
      done += count;
      if (count > 0) {
        changed.run();
      }
      if (done == length) {
        return true;
      }
      waitForGuest();
    }
    return false;
  }

  /**
   * Nothing more will be received. {@link #onInputEnd} is run once the guest has taken what is
   * there.
   */
  public void endInput() {
    endOfInput = true;
    if (input.size() == 0) {
      inputEnded.run();
    }
  }

  /**
   * Sets what is run when the input has ended and the guest has taken all of it: on any thread,
   * perhaps more than once. Set before the machine starts.
   */
  public void onInputEnd(Runnable ended) {
    inputEnded = ended;
  }

  private void waitForGuest() throws InterruptedException {
    waitingReceiver = Thread.currentThread();
    while (input.room() == 0 && !closing) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        waitingReceiver = null;
        throw new InterruptedException();
      }
    }
    waitingReceiver = null;
  }

  // ---- The writer's thread ----

  private void write() {
    boolean broken = false;
    for (; ; ) {
      if (output.size() == 0) {
        if (closing) {
          return;
        }
        waitForOutput();
        continue;
      }
      long before = output.removed();
      if (broken) {
        output.clear();
      } else {
        try {
          output.writeTo(out);
          out.flush();
        } catch (IOException e) {
          broken = true;
          failed.accept(e);
        }
      }
      // Looked at after the room grew: a guest that saw it scarce until then is told.
      if (output.added() - before > CAPACITY - SCARCE_ROOM) {
        changed.run();
      }
    }
  }

  private void waitForOutput() {
    writerIdle = true;
    while (output.size() == 0 && !closing) {
      LockSupport.park(this);
    }
    writerIdle = false;
  }
}
