package orrery.kernel.hw;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which class names what shape of registers or rings. A class names one only: what its constants
 * are allowed to reach is checked against the shape once for all, so a second, larger one under the
 * same name would lead outside.
 */
final class Shapes {
  private final Map<Class<?>, Object> shapes = new ConcurrentHashMap<>();

  /**
   * Notes a shape.
   *
   * @param shape what decides about places, with {@code equals}
   * @throws IllegalArgumentException if the class names another one
   */
  void name(Class<?> name, Object shape) {
    Object old = shapes.putIfAbsent(name, shape);
    if (old != null && !old.equals(shape)) {
      throw new IllegalArgumentException(
          name.getSimpleName() + " names " + old + " already and cannot name " + shape);
    }
  }
}
