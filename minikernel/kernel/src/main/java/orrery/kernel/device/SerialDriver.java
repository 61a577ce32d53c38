package orrery.kernel.device;

import orrery.ownership.Owned;

/** A bound driver whose device is a line of bytes, for a terminal ({@link Device#terminal}). */
@Owned
public interface SerialDriver extends BoundDriver {
  /** Bytes that {@link #put} takes now without losing any. */
  int room();

  /** Sends one byte; only while there is {@link #room}. */
  void put(int octet);

  /** Everything put so far may go out. */
  void flush();

  /** Bytes put that have not left yet. */
  int pending();

  /** The terminal takes input again after it had refused some. */
  void inputWanted();
}
