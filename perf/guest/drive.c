/*
 * drive: what a program gets from a block device with O_DIRECT, one read at a time. One static binary
 * runs on the mini-kernel and on a Linux guest, and prints a line "name value" per benchmark: the
 * median of SAMPLES samples of a tenth of a second each, by the guest's clock, after as long a
 * warm-up as a just-in-time compiler needs.
 *
 *   drive DEVICE        reads only; looks at its first 64 MiB for random reads, at 256 MiB in order
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES 15
#define SAMPLE 0.1
#define WARM_UP 3.0
#define BLOCK 4096L
#define CHUNK (1L << 20)
#define RANDOM_SPAN (64L << 20)
#define SEQUENTIAL_SPAN (256L << 20)

static int device;
static char *buffer;
static uint64_t state = 88172645463325252u;
static long place;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void get(long length, long offset) {
  if (pread(device, buffer, length, offset) != length) {
    perror("pread");
    exit(1);
  }
}

static void random_block(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  get(BLOCK, (long)(state % (RANDOM_SPAN / BLOCK)) * BLOCK);
}

static void next_chunk(void) {
  get(CHUNK, place);
  place = (place + CHUNK) % SEQUENTIAL_SPAN;
}

/* How often a second, for so many seconds; the clock is looked at every few calls. */
static double rate(void (*work)(void), int calls, double seconds) {
  double begin = now(), end;
  long done = 0;
  do {
    for (int i = 0; i < calls; i++) work();
    done += calls;
    end = now();
  } while (end - begin < seconds);
  return done / (end - begin);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void measure(const char *name, void (*work)(void), int calls, double factor) {
  double samples[SAMPLES];
  rate(work, calls, WARM_UP);
  for (int s = 0; s < SAMPLES; s++) samples[s] = rate(work, calls, SAMPLE) * factor;
  qsort(samples, SAMPLES, sizeof *samples, ascending);
  printf("%s %.0f\n", name, samples[SAMPLES / 2]);
  printf("%s-best %.0f\n", name, samples[SAMPLES - 1]);
  fflush(stdout);
}

int main(int argc, char **argv) {
  device = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECT) : -1;
  if (device < 0) {
    perror("usage: drive DEVICE");
    return 2;
  }
  if (posix_memalign((void **)&buffer, CHUNK, CHUNK)) return 1;
  memset(buffer, 1, CHUNK);
  measure("pread-4k", random_block, 8, 1);
  measure("pread-1m", next_chunk, 1, CHUNK / 1e6);
  return 0;
}
