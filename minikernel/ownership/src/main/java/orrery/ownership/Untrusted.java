package orrery.ownership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An integer that a device or a program chose. It is no index, length, shift or operand of plain
 * arithmetic, and goes only to parameters with this mark, until {@link Range} has checked it;
 * {@link Math}'s exact operations take it and give an untrusted result.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD, ElementType.LOCAL_VARIABLE})
public @interface Untrusted {}
