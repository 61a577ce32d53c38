package orrery.device.nvme;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The clause of a specification that a test checks; {@link ConformanceTableTest} lists them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Clause {
  /**
   * Specification and section, such as {@code Base 5.2.13}, or {@code NVM: Read command} where only
   * the section's name is known for certain.
   */
  String value();

  /** What it demands, in a few words. */
  String demands();

  /** Whether a controller may leave it out. */
  boolean optional() default false;
}
