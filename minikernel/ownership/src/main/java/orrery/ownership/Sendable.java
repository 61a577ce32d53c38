package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * May go to another thread, or from thread to interrupt context.
 *
 * <p>On a type: all that a value of it reaches is primitive, immutable, sendable or {@link Shared}.
 * On a functional interface: this holds for whatever its lambdas capture. On a parameter: only such
 * arguments are taken.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PARAMETER})
public @interface Sendable {}
