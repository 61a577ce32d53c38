package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A value of this type has one owner: it is moved or closed on every path, and used no more after
 * that. Subtypes of an owned type are marked too.
 *
 * <p>On a type parameter: instances of the generic class keep such values, so its type arguments
 * are owned types and inside it values of the parameter obey the same rules ({@code Slot<@Owned
 * T>}).
 *
 * <p>Fields of an owned type stand in owned classes only. The fields are filled once, by the
 * constructor, and emptied by every {@link Move} method of the class.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.TYPE_PARAMETER})
public @interface Owned {
  /**
   * True for a holder whose contents come and go at run time ({@link Slot}). It may be a field of a
   * class that is not owned; what it still holds at shutdown is found by the {@link Census}.
   */
  boolean holder() default false;
}
