package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Used from several threads or contexts at once.
 *
 * <p>On a type: each field is final and itself shareable, or names its lock. On a field: touched
 * only while the lock is held. On a method: called only while the lock is held.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.FIELD, ElementType.METHOD})
public @interface Shared {
  /** The name of the field, of the same object, that is the lock; not used on types. */
  String value() default "";
}
