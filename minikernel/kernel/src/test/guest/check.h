// Checks for guest test programs. A program exits 0 only if all its checks pass; each that fails is
// named on standard output. The same source passes on Linux, which is the oracle.
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int check_failures;

#define CHECK(condition)                                                                     \
  do {                                                                                       \
    errno = 0;                                                                               \
    if (!(condition)) {                                                                      \
      dprintf(1, "FAIL %s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, strerror(errno));  \
      check_failures++;                                                                      \
    }                                                                                        \
  } while (0)

#define CHECK_EQ(actual, expected)                                                            \
  do {                                                                                        \
    errno = 0;                                                                                \
    long check_a = (long)(actual), check_e = (long)(expected);                                \
    if (check_a != check_e) {                                                                 \
      dprintf(1, "FAIL %s:%d: %s is %ld, not %s = %ld (%s)\n", __FILE__, __LINE__, #actual,   \
              check_a, #expected, check_e, strerror(errno));                                  \
      check_failures++;                                                                       \
    }                                                                                         \
  } while (0)

// The call fails with that errno.
#define CHECK_ERR(call, expected)                                                             \
  do {                                                                                        \
    errno = 0;                                                                                \
    long check_r = (long)(call);                                                              \
    if (check_r != -1 || errno != (expected)) {                                               \
      dprintf(1, "FAIL %s:%d: %s is %ld (%s), not %s\n", __FILE__, __LINE__, #call, check_r,  \
              strerror(errno), #expected);                                                    \
      check_failures++;                                                                       \
    }                                                                                         \
  } while (0)

// The status of a child that ran the function; its failures are counted with ours.
static inline int check_child(void (*body)(void)) {
  pid_t pid = fork();
  if (pid == 0) {
    check_failures = 0;
    body();
    _exit(check_failures ? 99 : 0);
  }
  int status = -1;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

#define CHECK_CHILD(body)                                                                    \
  do {                                                                                       \
    int check_s = check_child(body);                                                         \
    if (check_s != 0) {                                                                      \
      dprintf(1, "FAIL %s:%d: child %s ended with status 0x%x\n", __FILE__, __LINE__, #body, \
              check_s);                                                                      \
      check_failures++;                                                                      \
    }                                                                                        \
  } while (0)

static inline int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// Sleeps without being cut short by signals.
static inline void pause_ms(int ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
  while (nanosleep(&t, &t) < 0 && errno == EINTR) {
  }
}

// Waits for what another process or thread does; a program that waits for ever fails, too.
#define UNTIL(condition)    \
  while (!(condition)) {    \
    pause_ms(1);            \
  }

// The letter that proc(5) gives for what a process, or with its path a thread, is doing.
static inline char state_of(const char *directory) {
  char path[64], line[512] = "", state = 0;
  snprintf(path, sizeof path, "/proc/%s/stat", directory);
  int fd = open(path, O_RDONLY);
  (void)!read(fd, line, sizeof line - 1);
  close(fd);
  sscanf(line, "%*d (%*[^)]) %c", &state);
  return state;
}

// Waits until a process has gone to sleep.
static inline void until_asleep(pid_t pid) {
  char directory[32];
  snprintf(directory, sizeof directory, "%d", pid);
  UNTIL(state_of(directory) == 'S');
}

static inline int check_result(void) { return check_failures ? 1 : 0; }

#endif
