/*
 * hotpaths WHAT COUNT: walks one of the kernel's hot paths COUNT times, so that a test can tell what
 * one time costs by comparing two counts.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void system_calls(long n) {
  struct timespec t;
  for (long i = 0; i < n; i++) {
    syscall(SYS_getppid);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
  }
}

static void failing_calls(long n) {
  for (long i = 0; i < n; i++)
    if (write(1, (void *)8, 1) != -1) exit(1);
}

static void faults(long n) {
  enum { PAGE = 4096, PAGES = 1024 };
  char *m = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (long i = 0; i < n; i += PAGES) {
    for (int p = 0; p < PAGES; p++) m[p * PAGE]++;
    if (madvise(m, PAGES * PAGE, MADV_DONTNEED)) exit(1);
  }
}

static void round_trips(long n) {
  int there[2], back[2];
  char c = 0;
  if (pipe(there) || pipe(back)) exit(1);
  pid_t child = fork();
  if (child == 0) {
    for (long i = 0; i < n; i++)
      if (read(there[0], &c, 1) != 1 || write(back[1], &c, 1) != 1) _exit(1);
    _exit(0);
  }
  for (long i = 0; i < n; i++)
    if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1) exit(1);
  int status;
  if (waitpid(child, &status, 0) != child || status) exit(1);
}

static void on_signal(int signal) { (void)signal; }

static void signals(long n) {
  signal(SIGUSR1, on_signal);
  for (long i = 0; i < n; i++) raise(SIGUSR1);
}

static long turn;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;

static void take_turns(long parity, long n) {
  pthread_mutex_lock(&lock);
  while (turn < n) {
    if (turn % 2 == parity) {
      turn++;
      pthread_cond_signal(&turned);
    } else {
      pthread_cond_wait(&turned, &lock);
    }
  }
  pthread_mutex_unlock(&lock);
}

static void *odd_turns(void *n) {
  take_turns(1, *(long *)n);
  return NULL;
}

static void futexes(long n) {
  pthread_t other;
  if (pthread_create(&other, NULL, odd_turns, &n)) exit(1);
  take_turns(0, n);
  pthread_cond_signal(&turned);
  pthread_join(other, NULL);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*walk)(long);
  } paths[] = {{"calls", system_calls}, {"failures", failing_calls}, {"faults", faults},
               {"pipe", round_trips},   {"signals", signals},        {"futex", futexes}};
  if (argc != 3) return 2;
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    if (!strcmp(argv[1], paths[i].name)) {
      paths[i].walk(atol(argv[2]));
      return 0;
    }
  return 2;
}
