/*
 * micro: the costs of a kernel as a program sees them. One static binary runs on the mini-kernel, on
 * a Linux guest and (compiled for it) on the host, and prints a line "name value unit" per benchmark:
 * the median of SAMPLES samples, with the smallest and the largest, after as many unmeasured ones as
 * a just-in-time compiler needs to warm up.
 *
 *   micro [syscall] [pipe] [forkexec] [fault] [sha256]      all of them without arguments
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES 9

static double samples[SAMPLES];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void report(const char *name, const char *unit) {
  qsort(samples, SAMPLES, sizeof *samples, ascending);
  printf("%s %.1f %s (%.1f to %.1f)\n", name, samples[SAMPLES / 2], unit, samples[0],
         samples[SAMPLES - 1]);
  fflush(stdout);
}

/* getppid has no cache in the C library and does next to nothing in a kernel. */
static void null_syscall(void) {
  const int n = 200000;
  for (int s = -3; s < SAMPLES; s++) {
    double begin = now();
    for (int i = 0; i < n; i++) syscall(SYS_getppid);
    if (s >= 0) samples[s] = (now() - begin) / n;
  }
  report("syscall", "ns");
}

static void pipe_round_trip(void) {
  const int n = 5000;
  int there[2], back[2];
  char byte = 'x';
  if (pipe(there) || pipe(back)) die("pipe");
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    close(there[1]);
    while (read(there[0], &byte, 1) == 1)
      if (write(back[1], &byte, 1) != 1) break;
    _exit(0);
  }
  for (int s = -12; s < SAMPLES; s++) {
    double begin = now();
    for (int i = 0; i < n; i++)
      if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1) die("pipe");
    if (s >= 0) samples[s] = (now() - begin) / n;
  }
  close(there[1]);
  waitpid(child, NULL, 0);
  report("pipe", "ns");
}

/* What a shell does for every command: here busybox's true, which is in the path as `true`. */
static void fork_exec(void) {
  const int n = 40;
  for (int s = -60; s < SAMPLES; s++) {
    double begin = now();
    for (int i = 0; i < n; i++) {
      pid_t child = fork();
      if (child < 0) die("fork");
      if (child == 0) {
        execl("/bin/busybox", "true", (char *)NULL);
        _exit(127);
      }
      int status;
      if (waitpid(child, &status, 0) != child || status) die("exec of /bin/busybox");
    }
    if (s >= 0) samples[s] = (now() - begin) / n / 1e3;
  }
  report("forkexec", "us");
}

static void page_fault(void) {
  const size_t page = 4096, pages = 8192;
  for (int s = -40; s < SAMPLES; s++) {
    char *m = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED) die("mmap");
    madvise(m, pages * page, MADV_NOHUGEPAGE);
    double begin = now();
    for (size_t i = 0; i < pages; i++) m[i * page] = 1;
    if (s >= 0) samples[s] = (now() - begin) / pages;
    munmap(m, pages * page);
  }
  report("fault", "ns");
}

/* SHA-256, FIPS 180-4 section 6.2, written plainly: it measures the processor, not the program. */
static uint32_t k[64], h[8];

static uint32_t root_fraction(int prime, int cube) {
  /* First 32 bits of the fraction of the square or cube root, by bisection in integers. */
  uint64_t low = 0, high = 1ULL << 36;
  while (low + 1 < high) {
    uint64_t mid = (low + high) / 2;
    __uint128_t power = (__uint128_t)mid * mid;
    int above;
    if (cube) {
      above = (power >> 32) * mid > ((__uint128_t)prime << 64);
      if (!above && (power >> 32) * mid == ((__uint128_t)prime << 64)) above = (uint32_t)power != 0;
    } else {
      above = power > ((__uint128_t)prime << 64);
    }
    if (above) high = mid; else low = mid;
  }
  return (uint32_t)low;
}

static void sha_constants(void) {
  int found = 0;
  for (int candidate = 2; found < 64; candidate++) {
    int prime = 1;
    for (int d = 2; d * d <= candidate; d++)
      if (candidate % d == 0) prime = 0;
    if (!prime) continue;
    k[found] = root_fraction(candidate, 1);
    if (found < 8) h[found] = root_fraction(candidate, 0);
    found++;
  }
}

static uint32_t ror(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void sha_block(const unsigned char *p) {
  uint32_t w[64], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], z = h[7];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + (ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
           (ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10);
  for (int i = 0; i < 64; i++) {
    uint32_t t1 = z + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
    uint32_t t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    z = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
  }
  h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += z;
}

static void sha256(void) {
  const size_t size = 64 << 20;
  unsigned char *data = malloc(size);
  if (!data) die("malloc");
  for (size_t i = 0; i < size; i++) data[i] = (unsigned char)(i * 2654435761u >> 24);
  for (int s = 0; s < SAMPLES; s++) {
    sha_constants();
    double begin = now();
    for (size_t i = 0; i < size; i += 64) sha_block(data + i);
    samples[s] = (now() - begin) / 1e6;
  }
  fprintf(stderr, "state %08x%08x\n", h[0], h[7]);
  free(data);
  report("sha256", "ms");
}

static const struct {
  const char *name;
  void (*run)(void);
} benchmarks[] = {{"syscall", null_syscall}, {"pipe", pipe_round_trip}, {"forkexec", fork_exec},
                  {"fault", page_fault},     {"sha256", sha256}};

int main(int argc, char **argv) {
  for (size_t i = 0; i < sizeof benchmarks / sizeof *benchmarks; i++) {
    int wanted = argc == 1;
    for (int a = 1; a < argc; a++) wanted |= !strcmp(argv[a], benchmarks[i].name);
    if (wanted) benchmarks[i].run();
  }
  return 0;
}
