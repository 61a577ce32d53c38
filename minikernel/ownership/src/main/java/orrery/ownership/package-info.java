/**
 * Ownership by type: the annotations that the javac plugin of {@code minikernel/ownership-checker}
 * enforces, and the small run-time part behind them. All rules, each with a bad and a good example:
 * {@code minikernel/docs/ownership.md}.
 *
 * <p>In short, for who writes a typed interface or a driver:
 *
 * <ul>
 *   <li>{@link orrery.ownership.Owned} on a class makes its values linear. Parameters and receivers
 *       are borrows unless {@link orrery.ownership.Move} is on the parameter or, for the receiver,
 *       on the method; results are given away unless the method is {@link orrery.ownership.Borrow}.
 *   <li>A borrow is used and passed on as a borrow; it is not stored, returned, captured by a kept
 *       lambda, or moved. Lambdas passed to a {@link orrery.ownership.Now} parameter may borrow
 *       what is around them; others may not.
 *   <li>Owned values are kept in fields of owned classes, or, where that is decided at run time, in
 *       a {@link orrery.ownership.Slot}, {@link orrery.ownership.SlotArray} or {@link
 *       orrery.ownership.OwnedList}. They do not go into arrays, collections, static fields or
 *       variables of types that do not own.
 *   <li>A state of a thing is a type: {@code @Move DeviceBuffer toDevice()} ends the one and begins
 *       the other.
 *   <li>Tokens are owned values that code only ever sees as borrows: {@link
 *       orrery.ownership.IrqCtx}, {@link orrery.ownership.ProcessCtx}. What may sleep is {@link
 *       orrery.ownership.MaySleep}; what forbids it, a token or a spin lock's guard, is {@link
 *       orrery.ownership.Atomic}.
 *   <li>A method whose owned result may be missing is {@link orrery.ownership.Nullable}; the result
 *       is tested for null before it is used.
 *   <li>Explicit {@code throw}s and declared exceptions are paths on which nothing may leak; an
 *       undeclared unchecked exception is a panic.
 * </ul>
 *
 * <p>All annotations have class retention: they are seen across modules and cost nothing at run
 * time.
 */
package orrery.ownership;
