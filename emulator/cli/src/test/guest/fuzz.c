/*
 * Reads and writes random widths at random registers of every device, and where nothing is, for as
 * many seconds as "fuzz-seconds=N" on the command line says; then says on the UART what it did and
 * leaves exit status 0. The MMU is off. See start.S for what becomes of aborts.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

u64 aborts(void);

/* Where the devices are (README of the machine's memory map), and places where nothing is. */
static const struct {
  u64 base, size;
} ranges[] = {
    {0x00000000, 0x10000},        /* firmware's ROM */
    {0x08000000, 0x30000},        /* GIC: distributor, CPU interface, v2m */
    {0x09000000, 0x1000},         /* UART */
    {0x09010000, 0x1000},         /* RTC */
    {0x09020000, 0x1000},         /* console control */
    {0x09030000, 0x1000},         /* host notice */
    {0x09040000, 0x1000},         /* where the second UART may be */
    {0x0a000000, 0x100000},       /* nothing */
    {0x10000000, 0x2eff0000},     /* PCI: 32-bit window, */
    {0x10000000, 0x10000},        /* the start of it */
    {0x3eff0000, 0x10000},        /* I/O, */
    {0x3f000000, 0x20000},        /* configuration of the first devices, */
    {0x3f000000, 0x1000000},      /* of all, */
    {0x8000000000, 0x100000},     /* 64-bit window */
    {0x10000000000, 0x100000000}, /* nothing */
};

static u64 seed = 88172645463325252;

static u64 next(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static void touch(void) {
  u64 n = next();
  u64 range = n % (sizeof ranges / sizeof *ranges);
  /* Half of all goes to where registers are dense; all but some is aligned. */
  u64 offset = next() % (n & 1 << 20 ? 0x200 : ranges[range].size);
  u64 width = 1u << (n >> 32 & 3);
  volatile u8 *at = (volatile u8 *)(ranges[range].base + (n & 7 << 24 ? offset & -width : offset));
  u64 value = n & 1 << 28 ? next() : next() & 0xff;
  int write = n >> 40 & 1;
  switch (width) {
    case 1: if (write) *at = value; else *at; break;
    case 2: if (write) *(volatile u16 *)at = value; else *(volatile u16 *)at; break;
    case 4: if (write) *(volatile u32 *)at = value; else *(volatile u32 *)at; break;
    default: if (write) *(volatile u64 *)at = value; else *(volatile u64 *)at;
  }
}

static void put(const char *text) {
  volatile u32 *uart = (volatile u32 *)0x09000000;
  uart[0x30 / 4] = 0x301;
  for (; *text; text++) {
    while (uart[0x18 / 4] & 1 << 5)
      ;
    uart[0] = *text;
  }
}

static void number(u64 value) {
  char digits[24];
  char *at = digits + sizeof digits - 1;
  *at = 0;
  do
    *--at = '0' + value % 10;
  while (value /= 10);
  put(at);
}

static u64 count(u64 which) {
  u64 value;
  if (which)
    asm volatile("mrs %0, cntfrq_el0" : "=r"(value));
  else
    asm volatile("isb; mrs %0, cntvct_el0" : "=r"(value));
  return value;
}

static u64 seconds(const char *tree) {
  const char *wanted = "fuzz-seconds=";
  for (u64 i = 0; i < 0x10000; i++) {
    u64 j = 0;
    while (wanted[j] && tree[i + j] == wanted[j])
      j++;
    if (!wanted[j]) {
      u64 value = 0;
      for (; tree[i + j] >= '0' && tree[i + j] <= '9'; j++)
        value = value * 10 + tree[i + j] - '0';
      return value;
    }
  }
  return 1;
}

void main(const char *tree) {
  u64 end = count(0) + seconds(tree) * count(1);
  u64 accesses = 0;
  put("fuzz: starts\n");
  while (count(0) < end) {
    for (int i = 0; i < 1000; i++)
      touch();
    accesses += 1000;
  }
  put("\nfuzz: ");
  number(accesses);
  put(" accesses, ");
  number(aborts());
  put(" aborts\n");
  *(volatile u32 *)0x09030000 = 0;
}
