package orrery.kernel.hw;

/**
 * What software may do with a register, as a type: the second parameter of {@link Register}'s
 * kinds. Its names are the usual ones of data sheets.
 */
public sealed interface Access {
  /** A read tells something. */
  sealed interface Readable extends Access {}

  /** A write of any value is meant. */
  sealed interface Writable extends Access {}

  /** A one written to a bit clears it. */
  sealed interface Clearable extends Access {}

  /** RO. */
  final class ReadOnly implements Readable {
    private ReadOnly() {}
  }

  /** WO. */
  final class WriteOnly implements Writable {
    private WriteOnly() {}
  }

  /** RW. */
  final class ReadWrite implements Readable, Writable {
    private ReadWrite() {}
  }

  /** RW1C. */
  final class WriteOneToClear implements Readable, Clearable {
    private WriteOneToClear() {}
  }
}
