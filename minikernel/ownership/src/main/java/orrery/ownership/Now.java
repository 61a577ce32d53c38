package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The function that is passed here is called before the method returns, any number of times, and is
 * not kept. A lambda may therefore borrow the owned values around it. The method may only call the
 * parameter or pass it on to another parameter of this kind.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PARAMETER)
public @interface Now {}
