package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method's result of an owned type is lent, not given. The borrow ends when the receiver (for a
 * static method: any borrowed argument) is moved, or when a later call on the receiver gives a
 * value away. Without this mark a result belongs to the caller.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Borrow {}
