package orrery.ownership.checker;

/** What the checker can report. Codes are stable: a rule that goes leaves a hole. */
public enum Rule {
  // one owner
  MOVED("ORR0001", "use of a moved value", "move it once; later uses need a new value or a borrow"),
  LEAK(
      "ORR0002",
      "an owned value is not moved or closed on every path",
      "consume it on each path: move it on, or call the method that ends it"),
  DROPPED(
      "ORR0003",
      "an owned result is dropped",
      "keep it in a variable and consume it, or chain a call that consumes it"),
  OVERWRITTEN(
      "ORR0004",
      "a variable that still owns a value is overwritten",
      "consume the old value first"),
  FIELD_MOVE(
      "ORR0005",
      "a value is moved out of a field of a borrowed object",
      "keep it in a Slot and take() it, or consume it in a @Move method of its class"),
  FIELD_OVERWRITTEN(
      "ORR0006",
      "an owned field is overwritten",
      "fill it in the constructor only; a value that changes belongs in a Slot"),
  PARTLY_MOVED(
      "ORR0007",
      "an object is used after a part of it was moved away",
      "use it before its parts are moved"),
  RESOURCE_MOVED(
      "ORR0008",
      "a value that try closes is moved",
      "try-with-resources closes it: declare it outside of the try to move it"),
  FIELD_LEFT(
      "ORR0009",
      "a consuming method leaves an owned field behind",
      "consume every owned field of the class in each @Move method"),
  COMPONENT_LEFT(
      "ORR0010",
      "a pattern takes an owned record apart and leaves a component behind",
      "bind every owned component and consume it"),
  // borrows
  ESCAPE(
      "ORR0101",
      "a borrowed value is moved, stored or returned",
      "take ownership with @Move, or use the borrow within the call only"),
  CAPTURE(
      "ORR0102",
      "a kept function captures an owned or borrowed value",
      "pass it to a @Now parameter, or move the value to where it is used"),
  DANGLING(
      "ORR0103",
      "a borrow is used after its owner gave the value away",
      "use the borrow before its owner is moved or emptied, or borrow anew"),
  LAMBDA_MOVE(
      "ORR0104",
      "a function that may run many times moves a value from outside",
      "move it outside of the lambda, or make it inside"),
  KEPT("ORR0105", "a @Now function is kept", "only call it, or pass it to another @Now parameter"),
  NULL(
      "ORR0106",
      "a value is used that may be null",
      "test it first: the method that gave it is @Nullable, or this path has set it to null"),
  // types
  HOLDER(
      "ORR0201",
      "a class that is not owned has an owned field",
      "mark the class @Owned, or keep the value in a Slot, SlotArray or OwnedList"),
  STATIC(
      "ORR0202",
      "a static field is of an owned type",
      "give it to the object that ends it: nobody ends a static field"),
  ARRAY("ORR0203", "an array of an owned type", "use SlotArray or OwnedList"),
  TYPE_ARGUMENT(
      "ORR0204",
      "an owned type and a type parameter that does not own, or the reverse",
      "use Slot, SlotArray or OwnedList, or mark the type parameter @Owned"),
  ERASED(
      "ORR0205",
      "an owned value flows into a type that does not own",
      "give the target the owned type: the checker cannot follow it elsewhere"),
  FORGED(
      "ORR0206",
      "an owned value is made of something that is not owned",
      "keep the owned type all the way: a cast would make a second owner"),
  OVERRIDE(
      "ORR0207",
      "an override changes what a method does with ownership",
      "give it the marks of the method that it overrides"),
  SUBTYPE("ORR0208", "a subtype lacks the mark of its supertype", "mark the subtype too"),
  REFERENCE(
      "ORR0209",
      "a method reference does not fit its functional interface's ownership",
      "write a lambda, or use an interface whose marks match"),
  COPYABLE(
      "ORR0210",
      "an owned type can be copied or thrown",
      "an owner is one: remove Cloneable, Serializable or Throwable"),
  CLOSE("ORR0211", "close() of an owned type does not consume", "mark close() with @Move"),
  // contexts
  SLEEP(
      "ORR0301",
      "a call that may sleep in code that may not",
      "mark the method @MaySleep if all its callers may sleep, or hand the work to a work queue"),
  ATOMIC(
      "ORR0302",
      "a call that may sleep in interrupt context or under a spin lock",
      "release the lock first, or hand the work to a work queue"),
  ATOMIC_KEPT(
      "ORR0303",
      "a value that forbids sleep is put away, and its context forgotten",
      "keep it in a local variable, or mark the class that keeps it @Atomic"),
  // sharing
  SEND(
      "ORR0401",
      "what is not sendable crosses to another thread or context",
      "send a @Sendable value or a @Shared object"),
  NOT_SENDABLE(
      "ORR0402",
      "a sendable type has a field that is not",
      "make the field's type @Sendable or @Shared, or the field immutable"),
  NOT_SHARED(
      "ORR0403",
      "a shared type has a field without a lock",
      "make it final and of a shareable type, or name its lock: @Shared(\"lock\")"),
  UNLOCKED(
      "ORR0404",
      "what a lock guards is touched without it",
      "take the lock, or mark the method @Shared with the lock's name"),
  LOCK_NAME("ORR0405", "no such lock", "name a final field of the same class"),
  // unsafe code
  RAW(
      "ORR0501",
      "raw memory, foreign functions or reflection outside of @Unsafe code",
      "use the typed interface; if there is none, mark the code @Unsafe and say why it is sound"),
  UNSAFE_CALL(
      "ORR0502",
      "an @UnsafeCall method is called outside of @Unsafe code",
      "only @Unsafe code can answer for its precondition"),
  SAFETY(
      "ORR0503",
      "unsafe code without a SAFETY line",
      "add a line `// SAFETY: why this is sound` before it"),
  WHY("ORR0504", "@Unsafe without a reason", "say in one sentence why the code is sound"),
  // numbers
  INDEX(
      "ORR0601",
      "an untrusted number is used unchecked",
      "check it with Range.index, Range.length, Range.between or Range.part"),
  ARITHMETIC(
      "ORR0602",
      "arithmetic on an untrusted number may wrap",
      "check it with Range first, or use Math.addExact, multiplyExact, toIntExact"),
  // the checker itself
  FAILED(
      "ORR0901",
      "the checker failed",
      "report it with this class; -Xplugin:Ownership debug prints the trace"),
  TOO_COMPLEX("ORR0902", "a method is too complex to check", "split it");

  private final String code;
  private final String title;
  private final String help;

  Rule(String code, String title, String help) {
    this.code = code;
    this.title = title;
    this.help = help;
  }

  /** The stable code, as ORR0001. */
  public String code() {
    return code;
  }

  /** What is wrong, in a few words. */
  public String title() {
    return title;
  }

  /** What to do about it, in one line. */
  public String help() {
    return help;
  }
}
