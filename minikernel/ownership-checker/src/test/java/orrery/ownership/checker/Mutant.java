package orrery.ownership.checker;

/**
 * A driver with one planted mistake.
 *
 * @param operator what was done to it
 * @param source the file's name in the compilation
 * @param line where
 * @param text the changed file
 */
record Mutant(Operator operator, String source, long line, String text) {
  /** What automatic mutations do, each a mistake that drivers in C have. */
  enum Operator {
    DELETE_FREE("a consuming call is deleted"),
    USE_AFTER_MOVE("a value is used after it was consumed"),
    CONSUME_TWICE("a consuming call is made twice"),
    SWAP_BRANCHES("the branches of an if are swapped, one of which consumes"),
    KEEP_BORROW("a borrowed parameter is kept"),
    DROP_LOCK("a lock is not taken"),
    SLEEP("interrupt context or a locked section sleeps");

    final String title;

    Operator(String title) {
      this.title = title;
    }
  }
}
