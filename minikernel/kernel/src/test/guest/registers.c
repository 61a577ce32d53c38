/* The registers of an NVMe controller, mapped from /sys by a program. */
#include "check.h"

#include <setjmp.h>
#include <sys/uio.h>

#define DEVICE "/sys/class/nvme/nvme0/device/"
#define PAGE 4096

/* NVM Express Base 2.0, section 3.1.3. */
#define VERSION 0x08
#define CSTS 0x1c
#define INTMS 0x0c
#define INTMC 0x10

static sigjmp_buf back;
static volatile int code;

static void on_fault(int signal, siginfo_t *info, void *context) {
  code = info->si_code;
  siglongjmp(back, signal);
}

/* The signal that an access ends in, 0 for none. */
#define FAULT(access) \
  ({                  \
    int got = sigsetjmp(back, 1); \
    if (!got) {       \
      access;         \
    }                 \
    got;              \
  })

static long size_of(int fd) {
  struct stat s;
  fstat(fd, &s);
  return s.st_size;
}

static void text(const char *name, const char *expected) {
  char path[128], line[64] = "";
  snprintf(path, sizeof path, DEVICE "%s", name);
  int fd = open(path, O_RDONLY);
  CHECK(fd >= 0);
  read(fd, line, sizeof line - 1);
  close(fd);
  line[strcspn(line, "\n")] = 0;
  if (strcmp(line, expected)) {
    dprintf(1, "FAIL %s: '%s', not '%s'\n", name, line, expected);
    check_failures++;
  }
}

static void folder(void) {
  text("class", "0x010802");
  text("numa_node", "-1");
  unsigned char header[64] = {0};
  int fd = open(DEVICE "config", O_RDONLY);
  CHECK_EQ(read(fd, header, sizeof header), 64);
  char id[16];
  snprintf(id, sizeof id, "0x%04x", header[0] | header[1] << 8);
  text("vendor", id);
  snprintf(id, sizeof id, "0x%04x", header[2] | header[3] << 8);
  text("device", id);
  CHECK_EQ(header[0x0b], 1);
  CHECK_EQ(lseek(fd, 0, SEEK_END), 4096);
  close(fd);

  unsigned long first = 0, last = 0, flags = 0;
  FILE *f = fopen(DEVICE "resource", "r");
  CHECK_EQ(fscanf(f, "%lx %lx %lx", &first, &last, &flags), 3);
  fclose(f);
  CHECK_EQ(flags, 0x140204);
  fd = open(DEVICE "resource0", O_RDWR);
  CHECK_EQ(last - first + 1, size_of(fd));
  char link[256] = "";
  CHECK(readlink(DEVICE "driver", link, sizeof link - 1) > 0);
  CHECK(strstr(link, "/nvme"));

  char byte;
  CHECK_ERR(pread(fd, &byte, 1, 0), EIO);
  CHECK_ERR(pwrite(fd, "", 1, 0), EIO);
  close(fd);
}

static void limits(void) {
  int fd = open(DEVICE "resource0", O_RDWR);
  long size = size_of(fd);
  CHECK(mmap(0, size + PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EINVAL);
  CHECK(mmap(0, PAGE, PROT_READ, MAP_SHARED, fd, size) == MAP_FAILED && errno == EINVAL);
  CHECK(mmap(0, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EPERM);
  char *all = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  CHECK(all != MAP_FAILED);
  CHECK_ERR(mprotect(all, PAGE, PROT_READ | PROT_EXEC), EACCES);

  int ro = open(DEVICE "resource0", O_RDONLY);
  CHECK(mmap(0, PAGE, PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED && errno == EACCES);
  volatile uint32_t *r = mmap(0, PAGE, PROT_READ, MAP_SHARED, ro, 0);
  CHECK_EQ(r[VERSION / 4], 0x20000);
  CHECK_EQ(FAULT(r[INTMS / 4] = 0), SIGSEGV);
  CHECK_EQ(code, SEGV_ACCERR);
  CHECK_ERR(mprotect((void *)r, PAGE, PROT_READ | PROT_WRITE), EACCES);

  /* Beyond the end, as far as a growing mapping can reach. */
  char *grown = mremap(all, size, size + PAGE, MREMAP_MAYMOVE);
  if (grown != MAP_FAILED) {
    CHECK_EQ(FAULT(*(volatile uint32_t *)(grown + size)), SIGBUS);
    munmap(grown, size + PAGE);
  } else {
    munmap(all, size);
  }
  munmap((void *)r, PAGE);
  close(ro);
  close(fd);
}

static void accesses(void) {
  int fd = open(DEVICE "resource0", O_RDWR);
  char *at = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  volatile uint32_t *r = (volatile uint32_t *)at;
  CHECK_EQ(r[VERSION / 4], 0x20000);
  CHECK_EQ(*(volatile uint64_t *)at, (uint64_t)r[1] << 32 | r[0]);
  CHECK_EQ(r[CSTS / 4] & 1, 1);

  /* A store reaches the controller: the mask of interrupts that nobody uses with MSI-X. */
  r[INTMS / 4] = 1u << 31;
  CHECK_EQ(r[INTMS / 4], 1u << 31);
  r[INTMC / 4] = 1u << 31;
  CHECK_EQ(r[INTMS / 4], 0);

  /* What the function refuses reads as ones and is not written (PCI: master abort). */
  CHECK_EQ(*(volatile uint8_t *)at, 0xff);
  CHECK_EQ(*(volatile uint16_t *)(at + VERSION), 0xffff);
  *(volatile uint8_t *)(at + INTMS) = 1;
  *(volatile uint32_t *)(at + INTMS - 2) = ~0u;
  FAULT(*(volatile uint32_t *)(at + VERSION + 1));
  CHECK_EQ(r[INTMS / 4], 0);
#ifdef __aarch64__
  char buffer[64];
  /* These may succeed or not; they must not end anything but the program. */
  FAULT(__asm__ volatile("ldxr w1, [%0]\n stxr w2, w1, [%0]" ::"r"(at + INTMS)
                         : "x1", "x2", "memory"));
  FAULT(__asm__ volatile("ldp x1, x2, [%0]" ::"r"(at) : "x1", "x2", "memory"));
  FAULT(__asm__ volatile("ld4 {v0.16b-v3.16b}, [%0]" ::"r"(at) : "v0", "v1", "v2", "v3", "memory"));
  FAULT(__asm__ volatile("ldr q0, [%0]" ::"r"(at) : "v0", "memory"));
  FAULT(__asm__ volatile("ldr q0, [%0]" ::"r"(at + 3) : "v0", "memory"));
  FAULT(__asm__ volatile("dc zva, %0" ::"r"(at + 0x80) : "memory"));
  FAULT(__asm__ volatile("ldr x1, [%0]" ::"r"(at + PAGE - 4) : "x1", "memory"));
  FAULT(memcpy(buffer, at, sizeof buffer));
  FAULT(memset(at + 0x40, 0, 64));
  FAULT(__asm__ volatile("dc cvac, %0" ::"r"(at) : "memory"));
  FAULT(((void (*)(void))at)());
#endif

  /* The kernel does not touch registers for a program. */
  int null = open("/dev/null", O_WRONLY), zero = open("/dev/zero", O_RDONLY);
  int pipes[2];
  pipe(pipes);
  CHECK_ERR(write(pipes[1], at, 4), EFAULT);
  CHECK_ERR(read(zero, at, 4), EFAULT);
  CHECK_ERR(open(at, O_RDONLY), EFAULT);
  struct iovec local = {at + 4, 4}, remote = {at, 4};
  CHECK(process_vm_readv(getpid(), &local, 1, &remote, 1, 0) < 0);
  syscall(SYS_futex, at, 0 /* FUTEX_WAIT */, 1, NULL, NULL, 0);
  int disk = open("/dev/nvme0n1", O_RDONLY | O_DIRECT);
  CHECK_ERR(read(disk, at, 512), EFAULT);
  close(disk);

  /* A child has the mapping, too, and what becomes of it is its own. */
  pid_t child = fork();
  if (child == 0) {
    int bad = r[VERSION / 4] != 0x20000;
    munmap(at, PAGE);
    _exit(bad);
  }
  int status;
  waitpid(child, &status, 0);
  CHECK_EQ(status, 0);

  CHECK_EQ(mprotect(at, PAGE, PROT_NONE), 0);
  CHECK_EQ(FAULT(r[0]), SIGSEGV);
  CHECK_EQ(mprotect(at, PAGE, PROT_READ | PROT_WRITE), 0);
  CHECK_EQ(r[VERSION / 4], 0x20000);
  r[INTMC / 4] = 1;
  char *moved = mremap(at, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, 0x7000000000 - PAGE * 2);
  if (moved != MAP_FAILED)
    at = moved;
  CHECK_EQ(*(volatile uint32_t *)(at + VERSION), 0x20000);
  madvise(at, PAGE, MADV_DONTNEED);
  mlock(at, PAGE);
  msync(at, PAGE, MS_SYNC);
  unsigned char in;
  mincore(at, PAGE, &in);
  CHECK_EQ(*(volatile uint32_t *)(at + VERSION), 0x20000);
  munmap(at, PAGE);
}

/* Stores at random: the machine outlives whatever becomes of the controller. */
static void scribble(void) {
  int fd = open(DEVICE "resource0", O_RDWR);
  long size = size_of(fd);
  char *at = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  unsigned seed = 7;
  for (int i = 0; i < 20000; i++) {
    seed = seed * 1103515245 + 12345;
    long to = seed >> 8 & (size - 1) & (i & 1 ? -4L : -8L);
    if (i % 3)
      to &= 0x10ff;
    FAULT(if (i & 1) *(volatile uint32_t *)(at + to) = seed; else *(volatile uint64_t *)(at + to) = seed);
  }
}

static void user(void) {
  setuid(1000);
  CHECK_ERR(open(DEVICE "resource0", O_RDONLY), EACCES);
  unsigned char header[128];
  int fd = open(DEVICE "config", O_RDONLY);
  CHECK_EQ(read(fd, header, sizeof header), 64);
}

int main(int argc, char **argv) {
  struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGBUS, &a, NULL);
  sigaction(SIGSEGV, &a, NULL);
  sigaction(SIGILL, &a, NULL);
  if (argc > 1) {
    scribble();
    puts("alive");
    return 0;
  }
  folder();
  limits();
  accesses();
  CHECK_CHILD(user);
  return check_result();
}
