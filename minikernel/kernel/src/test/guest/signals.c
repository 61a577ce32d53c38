// Signals: handlers, masks, information, alternate stacks, restarts, timers.
#include "check.h"

#include <setjmp.h>
#include <sys/time.h>
#include <ucontext.h>

static volatile sig_atomic_t count;
static volatile sig_atomic_t last;

static void counting(int signal) {
  count++;
  last = signal;
}

static void install(int signal, void (*handler)(int), int flags) {
  struct sigaction a = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&a.sa_mask);
  CHECK_EQ(sigaction(signal, &a, NULL), 0);
}

static sigset_t set_of(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

static void handlers_run(void) {
  install(SIGUSR1, counting, 0);
  count = 0;
  CHECK_EQ(raise(SIGUSR1), 0);
  CHECK_EQ(count, 1);
  CHECK_EQ(last, SIGUSR1);
  kill(getpid(), SIGUSR1);
  CHECK_EQ(count, 2);
  install(SIGUSR2, counting, SA_RESETHAND);
  raise(SIGUSR2);
  CHECK_EQ(count, 3);
  struct sigaction a;
  sigaction(SIGUSR2, NULL, &a);
  CHECK(a.sa_handler == SIG_DFL);
  CHECK_ERR(sigaction(SIGKILL, &(struct sigaction){.sa_handler = counting}, NULL), EINVAL);
  CHECK_ERR(sigaction(SIGSTOP, &(struct sigaction){.sa_handler = SIG_IGN}, NULL), EINVAL);
  CHECK_ERR(sigaction(65, NULL, &a), EINVAL);
  CHECK_ERR(kill(getpid(), 65), EINVAL);
  CHECK_ERR(kill(0x7ffffff, 0), ESRCH);
  CHECK_EQ(kill(getpid(), 0), 0);
}

static void blocked_signals_wait(void) {
  install(SIGUSR1, counting, 0);
  sigset_t set = set_of(SIGUSR1), old, pending;
  count = 0;
  sigprocmask(SIG_BLOCK, &set, &old);
  raise(SIGUSR1);
  raise(SIGUSR1);
  CHECK_EQ(count, 0);
  sigpending(&pending);
  CHECK(sigismember(&pending, SIGUSR1));
  CHECK(!sigismember(&pending, SIGUSR2));
  sigprocmask(SIG_SETMASK, &old, NULL);
  CHECK_EQ(count, 1); // a standard signal is pending once only
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGUSR1);
  signal(SIGUSR1, SIG_IGN); // throws the pending one away
  signal(SIGUSR1, counting);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  CHECK_EQ(count, 1);
  set = set_of(SIGKILL);
  sigprocmask(SIG_BLOCK, &set, NULL);
  sigprocmask(SIG_BLOCK, NULL, &old);
  CHECK(!sigismember(&old, SIGKILL));
}

static int order[8];
static volatile int order_size;

static void ordering(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)context;
  order[order_size++] = info->si_value.sival_int;
}

static void realtime_signals_queue(void) {
  struct sigaction a = {.sa_sigaction = ordering, .sa_flags = SA_SIGINFO};
  sigemptyset(&a.sa_mask);
  sigaction(SIGRTMIN, &a, NULL);
  sigaction(SIGRTMIN + 1, &a, NULL);
  sigset_t set = set_of(SIGRTMIN);
  sigaddset(&set, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  order_size = 0;
  CHECK_EQ(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 1}), 0);
  CHECK_EQ(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 2}), 0);
  CHECK_EQ(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 3}), 0);
  siginfo_t info;
  CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMIN);
  CHECK_EQ(info.si_value.sival_int, 1);
  CHECK_EQ(info.si_code, SI_QUEUE);
  CHECK_EQ(info.si_pid, getpid());
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  CHECK_EQ(order_size, 2);
  CHECK_EQ(order[0], 2);
  CHECK_EQ(order[1], 3);
}

static volatile int nested;
static volatile int depth;

static void nesting(int signal) {
  depth++;
  if (depth < 3) {
    raise(signal);
  }
  nested = depth > nested ? depth : nested;
  depth--;
}

static void handlers_nest_only_with_nodefer(void) {
  nested = depth = 0;
  install(SIGUSR1, nesting, SA_NODEFER);
  raise(SIGUSR1);
  CHECK_EQ(nested, 3);
  struct sigaction a = {.sa_handler = counting};
  sigemptyset(&a.sa_mask);
  sigaddset(&a.sa_mask, SIGUSR2);
  sigaction(SIGUSR1, &a, NULL);
}

static volatile siginfo_t seen;
static volatile uintptr_t seen_address;

static void remember(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)context;
  seen.si_signo = info->si_signo;
  seen.si_code = info->si_code;
  seen.si_pid = info->si_pid;
  seen.si_uid = info->si_uid;
}

static void information_tells_the_sender(void) {
  struct sigaction a = {.sa_sigaction = remember, .sa_flags = SA_SIGINFO};
  sigemptyset(&a.sa_mask);
  sigaction(SIGUSR1, &a, NULL);
  kill(getpid(), SIGUSR1);
  CHECK_EQ(seen.si_signo, SIGUSR1);
  CHECK_EQ(seen.si_code, SI_USER);
  CHECK_EQ(seen.si_pid, getpid());
  CHECK_EQ(seen.si_uid, getuid());
  raise(SIGUSR1);
  CHECK_EQ(seen.si_code, SI_TKILL);
  sigaction(SIGCHLD, &a, NULL);
  pid_t pid = fork();
  if (pid == 0) {
    _exit(3);
  }
  while (waitpid(pid, NULL, 0) < 0) {
  }
  CHECK_EQ(seen.si_signo, SIGCHLD);
  CHECK_EQ(seen.si_code, CLD_EXITED);
  CHECK_EQ(seen.si_pid, pid);
  signal(SIGCHLD, SIG_DFL);
}

static sigjmp_buf jump;
static volatile int fault_signal, fault_code;

static void fault(int signal, siginfo_t *info, void *context) {
  (void)context;
  fault_signal = signal;
  fault_code = info->si_code;
  seen_address = (uintptr_t)info->si_addr;
  siglongjmp(jump, 1);
}

static void faults_tell_the_address(void) {
  struct sigaction a = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
  sigemptyset(&a.sa_mask);
  sigaction(SIGSEGV, &a, NULL);
  sigaction(SIGBUS, &a, NULL);
  volatile char *wild = (volatile char *)0x123000;
  if (sigsetjmp(jump, 1) == 0) {
    *wild = 1;
    CHECK(!"not reached");
  }
  CHECK_EQ(fault_signal, SIGSEGV);
  CHECK_EQ(fault_code, SEGV_MAPERR);
  CHECK_EQ(seen_address, 0x123000);
  char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (sigsetjmp(jump, 1) == 0) {
    *(volatile char *)(page + 5) = 1;
    CHECK(!"not reached");
  }
  CHECK_EQ(fault_code, SEGV_ACCERR);
  CHECK_EQ(seen_address, (uintptr_t)page + 5);
  munmap(page, 4096);
  int fd = open("/tmp/bus", O_RDWR | O_CREAT | O_TRUNC, 0600);
  CHECK_EQ(ftruncate(fd, 100), 0);
  page = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
  CHECK_EQ(page[0], 0);
  if (sigsetjmp(jump, 1) == 0) {
    (void)*(volatile char *)(page + 4096);
    CHECK(!"not reached");
  }
  CHECK_EQ(fault_signal, SIGBUS);
  CHECK_EQ(fault_code, BUS_ADRERR);
  munmap(page, 8192);
  close(fd);
  unlink("/tmp/bus");
  signal(SIGSEGV, SIG_DFL);
  signal(SIGBUS, SIG_DFL);
}

static void fix_and_retry(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)context;
  mprotect((void *)((uintptr_t)info->si_addr & ~4095UL), 4096, PROT_READ | PROT_WRITE);
  count++;
}

static void a_handler_may_mend_the_fault(void) {
  struct sigaction a = {.sa_sigaction = fix_and_retry, .sa_flags = SA_SIGINFO};
  sigemptyset(&a.sa_mask);
  sigaction(SIGSEGV, &a, NULL);
  char *page = mmap(NULL, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  count = 0;
  page[1] = 1;
  page[4097] = 2;
  page[8193] = 3;
  CHECK_EQ(count, 3);
  CHECK_EQ(page[1] + page[4097] + page[8193], 6);
  munmap(page, 3 * 4096);
  signal(SIGSEGV, SIG_DFL);
}

static char alternate[65536];
static volatile int on_alternate;

static void on_stack(int signal) {
  (void)signal;
  char here;
  on_alternate = &here >= alternate && &here < alternate + sizeof alternate;
  stack_t now;
  sigaltstack(NULL, &now);
  CHECK(now.ss_flags & SS_ONSTACK);
  stack_t other = {.ss_sp = alternate, .ss_size = sizeof alternate};
  CHECK_ERR(sigaltstack(&other, NULL), EPERM);
}

static void alternate_stack(void) {
  stack_t s = {.ss_sp = alternate, .ss_size = sizeof alternate}, old;
  CHECK_EQ(sigaltstack(&s, &old), 0);
  CHECK(old.ss_flags & SS_DISABLE);
  install(SIGUSR1, on_stack, SA_ONSTACK);
  on_alternate = 0;
  raise(SIGUSR1);
  CHECK_EQ(on_alternate, 1);
  s.ss_size = 1;
  CHECK_ERR(sigaltstack(&s, NULL), ENOMEM);
  s.ss_flags = SS_DISABLE;
  CHECK_EQ(sigaltstack(&s, NULL), 0);
}

static void overflow(int signal) {
  (void)signal;
  _exit(77);
}

#pragma GCC diagnostic ignored "-Winfinite-recursion"
#pragma GCC diagnostic ignored "-Wclobbered"
static int recurse(int n) {
  volatile char buffer[1024];
  buffer[0] = (char)n;
  return recurse(n + 1) + buffer[0];
}

static void stack_overflow_body(void) {
  stack_t s = {.ss_sp = alternate, .ss_size = sizeof alternate};
  sigaltstack(&s, NULL);
  install(SIGSEGV, overflow, SA_ONSTACK);
  recurse(0);
}

static void clobber(int signal) {
  (void)signal;
  count++;
#ifdef __aarch64__
  asm volatile("movi v8.16b, #0xff\n movi v0.16b, #0xff\n movi v31.16b, #0xff\n"
               "mov x9, #-1\n mov x17, #-1\n cmp x9, x9\n"
               ::: "v0", "v8", "v31", "x9", "x17", "cc");
#endif
}

static void registers_survive_a_handler(void) {
  install(SIGUSR1, clobber, 0);
  pid_t pid = getpid();
  (void)pid;
#ifdef __aarch64__
  uint64_t d0 = 0, d8 = 0, d31 = 0, x9 = 0, x17 = 0;
  asm volatile("movi v0.16b, #0x11\n movi v8.16b, #0x22\n movi v31.16b, #0x33\n"
               "mov x9, #0x44\n mov x17, #0x55\n"
               "mov x0, %5\n mov x1, #10\n mov x8, #129\n svc #0\n"
               "mov %0, v0.d[1]\n mov %1, v8.d[1]\n mov %2, v31.d[0]\n mov %3, x9\n mov %4, x17\n"
               : "=&r"(d0), "=&r"(d8), "=&r"(d31), "=&r"(x9), "=&r"(x17)
               : "r"((uint64_t)pid)
               : "x0", "x1", "x8", "x9", "x17", "v0", "v8", "v31", "memory");
  CHECK_EQ(d0, 0x1111111111111111);
  CHECK_EQ(d8, 0x2222222222222222);
  CHECK_EQ(d31, 0x3333333333333333);
  CHECK_EQ(x9, 0x44);
  CHECK_EQ(x17, 0x55);
#endif
  volatile double d = 1.5;
  double e = d * 2;
  raise(SIGUSR1);
  CHECK(e + d == 4.5);
}

static void suspend_and_wait(void) {
  sigset_t set = set_of(SIGUSR1), none;
  sigemptyset(&none);
  install(SIGUSR1, counting, 0);
  count = 0;
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGUSR1);
  CHECK_ERR(sigsuspend(&none), EINTR);
  CHECK_EQ(count, 1);
  sigset_t now;
  sigprocmask(SIG_BLOCK, NULL, &now);
  CHECK(sigismember(&now, SIGUSR1));
  struct timespec zero = {0, 0}, little = {0, 20000000};
  CHECK_ERR(sigtimedwait(&set, NULL, &zero), EAGAIN);
  int64_t begin = now_ns();
  CHECK_ERR(sigtimedwait(&set, NULL, &little), EAGAIN);
  CHECK(now_ns() - begin >= 20000000);
  raise(SIGUSR1);
  siginfo_t info;
  CHECK_EQ(sigtimedwait(&set, &info, &zero), SIGUSR1);
  CHECK_EQ(info.si_signo, SIGUSR1);
  CHECK_EQ(count, 1);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void signal_parent_soon(int signal, int times) {
  pid_t parent = getpid();
  if (fork() == 0) {
    for (int i = 0; i < times; i++) {
      until_asleep(parent);
      kill(parent, signal);
    }
    _exit(0);
  }
}

static void restarts(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  char c;
  count = 0;
  install(SIGUSR1, counting, 0);
  signal_parent_soon(SIGUSR1, 1);
  CHECK_ERR(read(p[0], &c, 1), EINTR);
  CHECK_EQ(count, 1);
  while (wait(NULL) > 0) {
  }
  install(SIGUSR1, counting, SA_RESTART);
  pid_t parent = getpid();
  if (fork() == 0) {
    until_asleep(parent);
    kill(parent, SIGUSR1);
    pause_ms(30); // time to go on reading
    (void)!write(p[1], "z", 1);
    _exit(0);
  }
  CHECK_EQ(read(p[0], &c, 1), 1);
  CHECK_EQ(c, 'z');
  CHECK_EQ(count, 2);
  while (wait(NULL) > 0) {
  }
  // sleeping and polling never restart over a handler
  signal_parent_soon(SIGUSR1, 1);
  struct timespec sleep_time = {60, 0}, left;
  CHECK_ERR(nanosleep(&sleep_time, &left), EINTR);
  CHECK(left.tv_sec > 0 && left.tv_sec < 60);
  while (wait(NULL) > 0) {
  }
  signal_parent_soon(SIGUSR1, 1);
  CHECK_ERR(poll(NULL, 0, 60000), EINTR);
  while (wait(NULL) > 0) {
  }
  // an ignored signal, or a stop and go, is not noticed by a sleeper
  signal(SIGUSR1, SIG_IGN);
  pid_t pid = fork();
  if (pid == 0) {
    struct timespec t = {0, 150000000};
    int64_t begin = now_ns();
    int r = nanosleep(&t, NULL);
    _exit(r == 0 && now_ns() - begin >= 150000000 ? 0 : 1);
  }
  until_asleep(pid);
  kill(pid, SIGUSR1);
  kill(pid, SIGSTOP);
  pause_ms(20);
  kill(pid, SIGCONT);
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  close(p[0]);
  close(p[1]);
}

static void pipes_break(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  close(p[0]);
  install(SIGPIPE, counting, 0);
  count = 0;
  CHECK_ERR(write(p[1], "x", 1), EPIPE);
  CHECK_EQ(count, 1);
  signal(SIGPIPE, SIG_IGN);
  CHECK_ERR(write(p[1], "x", 1), EPIPE);
  CHECK_EQ(count, 1);
  signal(SIGPIPE, SIG_DFL);
  close(p[1]);
}

static void timers(void) {
  install(SIGALRM, counting, 0);
  count = 0;
  struct itimerval timer = {{0, 10000}, {0, 10000}}, now;
  CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
  while (count < 3) {
    pause();
  }
  CHECK_EQ(getitimer(ITIMER_REAL, &now), 0);
  CHECK_EQ(now.it_interval.tv_usec, 10000);
  memset(&timer, 0, sizeof timer);
  setitimer(ITIMER_REAL, &timer, NULL);
  CHECK_EQ(alarm(10), 0);
  CHECK(alarm(0) >= 9);
  timer.it_value.tv_usec = 1000000;
  CHECK_ERR(setitimer(ITIMER_REAL, &timer, NULL), EINVAL);
  CHECK_ERR(setitimer(99, &(struct itimerval){0}, NULL), EINVAL);
  timer_t id;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  event.sigev_value.sival_int = 5;
  CHECK_EQ(timer_create(CLOCK_MONOTONIC, &event, &id), 0);
  struct itimerspec spec = {{0, 0}, {0, 5000000}};
  count = 0;
  sigset_t set = set_of(SIGALRM), old;
  sigprocmask(SIG_BLOCK, &set, &old);
  CHECK_EQ(timer_settime(id, 0, &spec, NULL), 0);
  siginfo_t info;
  CHECK_EQ(sigwaitinfo(&set, &info), SIGALRM);
  CHECK_EQ(info.si_code, SI_TIMER);
  CHECK_EQ(info.si_value.sival_int, 5);
  CHECK_EQ(timer_delete(id), 0);
  CHECK_ERR(timer_delete(id), EINVAL);
  sigprocmask(SIG_SETMASK, &old, NULL);
}

static void interrupted_program_goes_on(void) {
  // a timer interrupts a computation thousands of times without changing its result
  install(SIGALRM, counting, 0);
  struct itimerval timer = {{0, 500}, {0, 500}};
  count = 0;
  setitimer(ITIMER_REAL, &timer, NULL);
  uint64_t x = 88172645463325252ULL, sum = 0;
  double f = 0;
  int64_t end = now_ns() + 100000000;
  int rounds = 0;
  while (now_ns() < end || count <= 10) {
    x = 88172645463325252ULL;
    sum = 0;
    f = 0;
    for (int i = 0; i < 20000; i++) {
      x ^= x << 13;
      x ^= x >> 7;
      x ^= x << 17;
      sum += x;
      f += (double)(x >> 40);
    }
    static uint64_t first_sum;
    static double first_f;
    if (rounds++ == 0) {
      first_sum = sum;
      first_f = f;
    }
    CHECK(sum == first_sum && f == first_f);
  }
  memset(&timer, 0, sizeof timer);
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void process_masks_are_inherited(void) {
  sigset_t set = set_of(SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGUSR1);
  pid_t pid = fork();
  if (pid == 0) {
    sigset_t pending, mask;
    sigpending(&pending);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    // the mask is inherited, what waits is not
    _exit(sigismember(&pending, SIGUSR1) || !sigismember(&mask, SIGUSR1));
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  signal(SIGUSR1, SIG_IGN);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int main(void) {
  handlers_run();
  blocked_signals_wait();
  realtime_signals_queue();
  handlers_nest_only_with_nodefer();
  information_tells_the_sender();
  faults_tell_the_address();
  a_handler_may_mend_the_fault();
  alternate_stack();
  CHECK_EQ(check_child(stack_overflow_body), 77 << 8);
  registers_survive_a_handler();
  suspend_and_wait();
  restarts();
  pipes_break();
  timers();
  interrupted_program_goes_on();
  process_masks_are_inherited();
  return check_result();
}
