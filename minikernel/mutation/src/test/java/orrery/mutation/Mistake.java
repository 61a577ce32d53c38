package orrery.mutation;

/** What is planted: mistakes that drivers in C have, each made automatically. */
enum Mistake {
  DELETE("a consuming call is deleted"),
  AFTER("a value is used after it was consumed"),
  TWICE("a consuming call is made twice"),
  AGAIN("a consuming call is made in each turn of a loop"),
  OVERWRITE("a variable is overwritten while it owns a value"),
  RETURN("a way out before a consuming call"),
  THROW("an exception before a consuming call"),
  SWAP("the branches of an if are swapped, one of which consumes"),
  STATE("a change of typestate is left out"),
  NULL("a test for null is left out"),
  KEEP_IN_LIST("a borrowed parameter is put into a list"),
  KEEP_IN_FIELD("a borrowed parameter is kept in a field"),
  CAPTURE("a borrowed parameter is captured by a function"),
  STALE("a borrow is used after its owner gave the value away"),
  UNCHECKED("a device's number is used unchecked"),
  DIRECTION("the direction of a DMA buffer is swapped"),
  ACCESS("a register is written that cannot be"),
  NO_LOCK("a lock is not taken"),
  SLEEP("code sleeps that may not"),
  SEND("another thread gets the driver");

  final String title;

  Mistake(String title) {
    this.title = title;
  }

  /** Whether something at run time looks for what the mistake breaks. */
  boolean isCheckedAtRunTime() {
    return switch (this) {
      case KEEP_IN_LIST, KEEP_IN_FIELD, CAPTURE, NO_LOCK, SLEEP, SEND -> false;
      default -> true;
    };
  }
}
