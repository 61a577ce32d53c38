package lib;

import orrery.ownership.Move;
import orrery.ownership.Owned;

/** A mapped register block. */
@Owned
public final class Mapping implements AutoCloseable {
  private int last;

  public static Mapping open(int address) {
    return new Mapping();
  }

  public int read(int register) {
    return last;
  }

  public void write(int register, int value) {
    last = value;
  }

  @Override
  @Move
  public void close() {}
}
