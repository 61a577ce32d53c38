package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the only code that may use raw memory, foreign functions, reflection, unchecked casts of
 * owned types, moves out of fields and arrays, and {@link UnsafeCall} methods. Every method inside
 * that does so has a {@code // SAFETY:} line. Locals are checked as everywhere else. The plugin
 * lists all such places ({@code report=FILE}).
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.FIELD})
public @interface Unsafe {
  /** Why the marked code is sound. */
  String value();
}
