package orrery.kernel.tty;

import java.util.Arrays;

/**
 * What was typed and not read yet: finished lines, then the line being edited. A ring of 4096
 * bytes, each of which may end a line or stand for an end of file. Follows {@code struct
 * n_tty_data} of Linux's {@code drivers/tty/n_tty.c}: positions count up and wrap by masking.
 */
final class InputBuffer {
  static final int SIZE = 4096;

  private static final int MASK = SIZE - 1;
  private static final byte PLAIN = 0;
  private static final byte LINE_END = 1;
  private static final byte END_OF_FILE = 2;

  private final byte[] bytes = new byte[SIZE];
  private final byte[] marks = new byte[SIZE];
  private int head;
  private int finished;
  private int tail;

  void clear() {
    Arrays.fill(marks, PLAIN);
    tail = head;
    finished = head;
  }

  /** Bytes in the buffer, the unfinished line's too. */
  int count() {
    return head - tail;
  }

  /** Bytes of finished lines, end-of-file marks counting as one. */
  int finishedCount() {
    return finished - tail;
  }

  /** Bytes of the line being edited. */
  int unfinishedCount() {
    return head - finished;
  }

  int room() {
    return SIZE - count();
  }

  /** The byte {@code i} places into the line being edited. */
  int unfinished(int i) {
    return bytes[finished + i & MASK] & 0xff;
  }

  void put(int c) {
    put(c, PLAIN);
  }

  /** Puts the byte that ends the line being edited. */
  void putLineEnd(int c) {
    put(c, LINE_END);
    finished = head;
  }

  /** Ends the line being edited, or the input if it is empty. */
  void putEndOfFile() {
    put(0, END_OF_FILE);
    finished = head;
  }

  private void put(int c, byte mark) {
    if (count() == SIZE) {
      head--; // the last place is kept for the byte that ends the line
    }
    bytes[head & MASK] = (byte) c;
    marks[head & MASK] = mark;
    head++;
  }

  /** Takes {@code n} bytes off the end of the line being edited. */
  void truncate(int n) {
    head -= n;
  }

  /** Canonical mode begins: what is there is taken for a line. */
  void finishAll() {
    Arrays.fill(marks, PLAIN);
    if (count() > 0) {
      marks[head - 1 & MASK] = LINE_END;
    }
    finished = head;
  }

  /** Canonical mode ends: what is there is plain bytes. */
  void unfinishAll() {
    Arrays.fill(marks, PLAIN);
    finished = tail;
  }

  /** Bytes that a program would get from finished lines. */
  int readable() {
    int n = 0;
    for (int i = tail; i != finished; i++) {
      if (marks[i & MASK] != END_OF_FILE) {
        n++;
      }
    }
    return n;
  }

  /**
   * Bytes of the first finished line that fit {@code limit}, without an end-of-file mark; 0 if that
   * mark comes first.
   */
  int lineLength(int limit) {
    int n = 0;
    while (n < limit && tail + n != finished) {
      byte mark = marks[tail + n & MASK];
      if (mark == END_OF_FILE) {
        return n;
      }
      n++;
      if (mark == LINE_END) {
        return n;
      }
    }
    return n;
  }

  /** Copies {@code n} bytes from the start without taking them. */
  void peek(byte[] to, int n) {
    int at = tail & MASK;
    int first = Math.min(n, SIZE - at);
    System.arraycopy(bytes, at, to, 0, first);
    System.arraycopy(bytes, 0, to, first, n - first);
  }

  /**
   * Takes {@code n} bytes of the first line; true if the line ended with them. An end-of-file mark
   * right behind them goes too, since it has done its work.
   */
  boolean takeLine(int n) {
    boolean ended = n > 0 && marks[tail + n - 1 & MASK] == LINE_END;
    for (int i = 0; i < n; i++) {
      marks[tail + i & MASK] = PLAIN;
    }
    tail += n;
    if (!ended && tail != finished && marks[tail & MASK] == END_OF_FILE) {
      marks[tail & MASK] = PLAIN;
      tail++;
      return true;
    }
    return ended;
  }

  /** Takes {@code n} bytes in raw mode. */
  void take(int n) {
    tail += n;
    finished = tail;
  }
}
