package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method may wait for something. It is called only from methods with this mark, and never while
 * a value of an {@link Atomic} type is at hand: in an interrupt handler or under a spin lock. A
 * lambda may sleep if the method of its functional interface may.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface MaySleep {}
