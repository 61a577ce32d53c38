package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Ownership passes on. On a parameter: the callee takes the argument over. On a method: the call
 * consumes its receiver, as {@code free()} or {@code toDevice()} do. Without it parameters and
 * receivers are borrowed for the time of the call.
 *
 * <p>An override has the marks of what it overrides. Components of a record that are of an owned
 * type are moved in without this mark.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.PARAMETER, ElementType.METHOD})
public @interface Move {}
