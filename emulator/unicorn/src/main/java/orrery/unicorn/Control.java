package orrery.unicorn;

/**
 * The requests of {@code uc_ctl}, {@code uc_control_type} in unicorn.h, with direction and count.
 */
final class Control {
  private static final int WRITE = 1 << 30;
  private static final int READ = 1 << 31;
  private static final int ONE = 1 << 26;
  private static final int TWO = 2 << 26;

  static final int GET_MODE = READ | ONE;
  static final int SET_PAGE_SIZE = WRITE | ONE | 1;
  static final int GET_PAGE_SIZE = READ | ONE | 1;
  static final int GET_ARCHITECTURE = READ | ONE | 2;
  static final int GET_TIMEOUT = READ | ONE | 3;
  static final int USE_EXITS = WRITE | ONE | 4;
  static final int GET_EXIT_COUNT = READ | ONE | 5;
  static final int SET_EXITS = WRITE | TWO | 6;
  static final int GET_EXITS = READ | TWO | 6;
  static final int SET_CPU_MODEL = WRITE | ONE | 7;
  static final int GET_CPU_MODEL = READ | ONE | 7;
  static final int REQUEST_BLOCK = READ | WRITE | TWO | 8;
  static final int REMOVE_BLOCKS = WRITE | TWO | 9;
  static final int FLUSH_BLOCKS = WRITE | 10;
  static final int FLUSH_TLB = WRITE | 11;
  static final int TLB_TYPE = WRITE | ONE | 12;
  static final int SET_BUFFER_SIZE = WRITE | ONE | 13;
  static final int GET_BUFFER_SIZE = READ | ONE | 13;
  static final int CONTEXT_MODE = WRITE | ONE | 14;

  private Control() {}
}
