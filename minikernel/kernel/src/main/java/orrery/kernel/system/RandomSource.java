package orrery.kernel.system;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import orrery.kernel.memory.IoBuffer;

/**
 * Random bytes for programs: the ChaCha20 block function (RFC 8439, section 2.3) over a 256-bit
 * key, which is replaced by its own output after every refill, so that a later look at the state
 * tells nothing of earlier bytes. With a given seed the bytes are reproducible.
 */
public final class RandomSource {
  /** Bytes of a seed. */
  public static final int SEED_BYTES = 32;

  private static final int STATE_WORDS = 16;
  private static final int KEY_WORDS = 8;
  private static final int BLOCK_BYTES = 64;
  private static final int BUFFER_BYTES = 64 * BLOCK_BYTES;
  private static final int DOUBLE_ROUNDS = 10;
  private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final int[] key = new int[KEY_WORDS];
  private final int[] state = new int[STATE_WORDS];
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next = BUFFER_BYTES;
  private boolean seeded;

  /** Seeds itself from the host when first used. */
  public RandomSource() {}

  /** Reproducible bytes for a seed of {@link #SEED_BYTES} bytes; shorter ones are padded. */
  public RandomSource(byte[] seed) {
    mix(seed);
    seeded = true;
  }

  /** Mixes bytes that somebody offers as random into the state. */
  public void mix(byte[] offered) {
    for (int i = 0; i < offered.length; i++) {
      key[i / 4 % KEY_WORDS] ^= (offered[i] & 0xff) << 8 * (i % 4);
    }
    next = BUFFER_BYTES;
  }

  /** Fills {@code to}. */
  public void fill(byte[] to) {
    int done = 0;
    while (done < to.length) {
      int n = Math.min(available(), to.length - done);
      System.arraycopy(buffer, next, to, done, n);
      next += n;
      done += n;
    }
  }

  public long nextLong() {
    if (available() < Long.BYTES) {
      refill();
    }
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | buffer[next++] & 0xff;
    }
    return value;
  }

  /** Fills up to {@code limit} bytes of a program's buffer; the answer is how many. */
  public long fill(IoBuffer to, long limit) {
    long done = 0;
    while (to.remaining() > 0 && done < limit) {
      int n = (int) Math.min(Math.min(available(), to.remaining()), limit - done);
      to.put(buffer, next, n);
      next += n;
      done += n;
    }
    return done;
  }

  private int available() {
    if (next == BUFFER_BYTES) {
      refill();
    }
    return BUFFER_BYTES - next;
  }

  private void refill() {
    if (!seeded) {
      seeded = true;
      mix(hostSeed());
    }
    for (int block = 0; block < BUFFER_BYTES / BLOCK_BYTES; block++) {
      block(block, buffer, block * BLOCK_BYTES);
    }
    block(BUFFER_BYTES / BLOCK_BYTES, null, 0);
    System.arraycopy(state, 0, key, 0, KEY_WORDS);
    next = 0;
  }

  /** From the host's kernel: the Java library's random classes cost a start 20 ms. */
  private static byte[] hostSeed() {
    try (InputStream random = new FileInputStream("/dev/urandom")) {
      return random.readNBytes(SEED_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The block function; leaves its output in {@link #state} and, as bytes, in {@code to}. */
  private void block(int counter, byte[] to, int at) {
    int[] x = state;
    System.arraycopy(CONSTANTS, 0, x, 0, CONSTANTS.length);
    System.arraycopy(key, 0, x, CONSTANTS.length, KEY_WORDS);
    x[12] = counter;
    x[13] = 0;
    x[14] = 0;
    x[15] = 0;
    for (int i = 0; i < DOUBLE_ROUNDS; i++) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 1, 5, 9, 13);
      quarter(x, 2, 6, 10, 14);
      quarter(x, 3, 7, 11, 15);
      quarter(x, 0, 5, 10, 15);
      quarter(x, 1, 6, 11, 12);
      quarter(x, 2, 7, 8, 13);
      quarter(x, 3, 4, 9, 14);
    }
    for (int i = 0; i < CONSTANTS.length; i++) {
      x[i] += CONSTANTS[i];
    }
    for (int i = 0; i < KEY_WORDS; i++) {
      x[CONSTANTS.length + i] += key[i];
    }
    x[12] += counter;
    for (int i = 0; to != null && i < STATE_WORDS; i++) {
      to[at + 4 * i] = (byte) x[i];
      to[at + 4 * i + 1] = (byte) (x[i] >>> 8);
      to[at + 4 * i + 2] = (byte) (x[i] >>> 16);
      to[at + 4 * i + 3] = (byte) (x[i] >>> 24);
    }
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
  }
}
