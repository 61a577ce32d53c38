package orrery.machine.cpu;

/** Instruction words for test guests (ARM DDI 0487, C4). */
final class A64 {
  static final int NOP = 0xd503201f;
  static final int WFI = 0xd503207f;
  static final int ERET = 0xd69f03e0;
  static final int ISB = 0xd5033fdf;
  static final int UNDEFINED = 0x00000000;

  private A64() {}

  static int svc(int immediate) {
    return 0xd4000001 | immediate << 5;
  }

  static int hvc(int immediate) {
    return 0xd4000002 | immediate << 5;
  }

  static int brk(int immediate) {
    return 0xd4200000 | immediate << 5;
  }

  /** movz xd, #immediate, lsl #(16 * half). */
  static int movz(int d, int immediate, int half) {
    return 0xd2800000 | half << 21 | (immediate & 0xffff) << 5 | d;
  }

  /** movk xd, #immediate, lsl #(16 * half). */
  static int movk(int d, int immediate, int half) {
    return 0xf2800000 | half << 21 | (immediate & 0xffff) << 5 | d;
  }

  static int mov(int d, int immediate) {
    return movz(d, immediate, 0);
  }

  /** ldr xt, [xn, #offset]. */
  static int ldr(int t, int n, int offset) {
    return 0xf9400000 | (offset >> 3) << 10 | n << 5 | t;
  }

  /** str xt, [xn, #offset]. */
  static int str(int t, int n, int offset) {
    return 0xf9000000 | (offset >> 3) << 10 | n << 5 | t;
  }

  /** ldr wt, [xn, #offset]. */
  static int ldrw(int t, int n, int offset) {
    return 0xb9400000 | (offset >> 2) << 10 | n << 5 | t;
  }

  /** str wt, [xn, #offset]. */
  static int strw(int t, int n, int offset) {
    return 0xb9000000 | (offset >> 2) << 10 | n << 5 | t;
  }

  /** ldxr xt, [xn]. */
  static int ldxr(int t, int n) {
    return 0xc85f7c00 | n << 5 | t;
  }

  /** stxr ws, xt, [xn]. */
  static int stxr(int s, int t, int n) {
    return 0xc8007c00 | s << 16 | n << 5 | t;
  }

  /** add xd, xn, #immediate. */
  static int add(int d, int n, int immediate) {
    return 0x91000000 | immediate << 10 | n << 5 | d;
  }

  /** add xd, xn, #immediate, lsl #12. */
  static int addPages(int d, int n, int pages) {
    return 0x91400000 | pages << 10 | n << 5 | d;
  }

  /** add xd, xn, xm. */
  static int addRegister(int d, int n, int m) {
    return 0x8b000000 | m << 16 | n << 5 | d;
  }

  /** subs xd, xn, #immediate. */
  static int subs(int d, int n, int immediate) {
    return 0xf1000000 | immediate << 10 | n << 5 | d;
  }

  /** fadd dd, dn, dm. */
  static int fadd(int d, int n, int m) {
    return 0x1e602800 | m << 16 | n << 5 | d;
  }

  /** b.ne by a number of instructions. */
  static int branchNotEqual(int instructions) {
    return 0x54000001 | (instructions & 0x7ffff) << 5;
  }

  /** b.lt by a number of instructions. */
  static int branchLess(int instructions) {
    return 0x5400000b | (instructions & 0x7ffff) << 5;
  }

  /** b by a number of instructions. */
  static int branch(int instructions) {
    return 0x14000000 | instructions & 0x3ffffff;
  }

  /** br xn. */
  static int branchRegister(int n) {
    return 0xd61f0000 | n << 5;
  }

  /** mrs xt, register. */
  static int mrs(int t, int op0, int op1, int crn, int crm, int op2) {
    return 0xd5200000 | op0 << 19 | op1 << 16 | crn << 12 | crm << 8 | op2 << 5 | t;
  }

  /** msr register, xt. */
  static int msr(int op0, int op1, int crn, int crm, int op2, int t) {
    return 0xd5000000 | op0 << 19 | op1 << 16 | crn << 12 | crm << 8 | op2 << 5 | t;
  }

  /** msr daifclr, #mask. */
  static int daifClear(int mask) {
    return 0xd50340ff | mask << 8;
  }

  /** ic ivau, xt. */
  static int icIvau(int t) {
    return 0xd50b7520 | t;
  }

  /** dc zva, xt. */
  static int dcZva(int t) {
    return 0xd50b7420 | t;
  }
}
