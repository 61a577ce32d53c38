package orrery.unicorn;

/** Guest code for the tests: instruction words as little-endian bytes. */
final class Code {
  static final long BASE = 0x10000;
  static final long DATA = 0x20000;
  static final int PAGE = 4096;
  static final int NOP = 0xd503201f;
  static final int SVC = 0xd4000001;
  static final int UNDEFINED = 0;
  static final int ADD_X0_1 = 0x91000400; // add x0, x0, #1
  static final int BRANCH_SELF = 0x14000000; // b .
  static final int LDR_X0_X1 = 0xf9400020; // ldr x0, [x1]
  static final int STR_X0_X1 = 0xf9000020; // str x0, [x1]
  static final int LDR_W0_X1_4 = 0xb9400420; // ldr w0, [x1, #4]
  static final int STRB_W0_X1 = 0x39000020; // strb w0, [x1]
  static final int LDRH_W0_X1 = 0x79400020; // ldrh w0, [x1]
  static final int MRS_X0_TPIDR = 0xd53bd040; // mrs x0, tpidr_el0
  static final int MSR_TPIDR_X0 = 0xd51bd040; // msr tpidr_el0, x0
  static final int SUBS_X0_1 = 0xf1000400; // subs x0, x0, #1
  static final int BNE_BACK_1 = 0x54ffffe1; // b.ne .-4

  private Code() {}

  static byte[] bytes(int... words) {
    byte[] bytes = new byte[4 * words.length];
    for (int i = 0; i < words.length; i++) {
      for (int k = 0; k < 4; k++) {
        bytes[4 * i + k] = (byte) (words[i] >>> 8 * k);
      }
    }
    return bytes;
  }

  /** An engine with code at BASE and a data page at DATA. */
  static Unicorn engine(int... words) {
    Unicorn engine = Unicorn.open();
    engine.map(BASE, PAGE, Protection.ALL);
    engine.map(DATA, PAGE, Protection.READ | Protection.WRITE);
    engine.writeMemory(BASE, bytes(words));
    return engine;
  }

  static long end(int instructions) {
    return BASE + 4L * instructions;
  }
}
