package orrery.machine;

import java.util.ServiceLoader;

/** Finds the providers of this module's services. */
public final class Providers {
  private Providers() {}

  /**
   * Those that the modules beside this one declare; on a class path, those that its jars declare.
   * Modules are all that is asked, if there are any: to ask the class path too would open every
   * jar, which takes a start longer than all else about devices.
   *
   * @param service one that this module uses
   */
  public static <T> Iterable<T> of(Class<T> service) {
    ModuleLayer layer = Providers.class.getModule().getLayer();
    return layer == null ? ServiceLoader.load(service) : ServiceLoader.load(layer, service);
  }
}
