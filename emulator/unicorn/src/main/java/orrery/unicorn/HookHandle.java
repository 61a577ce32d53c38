package orrery.unicorn;

/** An installed hook; {@link #close} removes it. */
public final class HookHandle implements AutoCloseable {
  private final Unicorn engine;
  private long id;

  HookHandle(Unicorn engine, long id) {
    this.engine = engine;
    this.id = id;
  }

  /** Removes the hook; does nothing the second time. */
  @Override
  public void close() {
    if (id != 0) {
      engine.deleteHook(id);
      id = 0;
    }
  }
}
