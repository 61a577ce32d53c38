package orrery.device.console;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A console whose state the host sets, from any thread. */
public final class HostConsole implements ConsoleBackend {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private boolean inputEnded;
  private int columns;
  private int rows;

  /** A console of unknown size whose input is open. */
  public HostConsole() {}

  /** The terminal's size in characters is this now. */
  public void resize(int newColumns, int newRows) {
    synchronized (this) {
      columns = newColumns;
      rows = newRows;
    }
    listeners.forEach(Runnable::run);
  }

  /** The guest has taken all input there will ever be. */
  public void endInput() {
    synchronized (this) {
      inputEnded = true;
    }
    listeners.forEach(Runnable::run);
  }

  @Override
  public synchronized boolean inputEnded() {
    return inputEnded;
  }

  @Override
  public synchronized int columns() {
    return columns;
  }

  @Override
  public synchronized int rows() {
    return rows;
  }

  @Override
  public void addListener(Runnable changed) {
    listeners.add(changed);
  }
}
