// Bad pointers given to the kernel are EFAULT; bad pointers used by the program are signals.
#include "check.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>

static int ioctl_fionread(int fd, void *to) { return (int)syscall(SYS_ioctl, fd, 0x541b, to); }

static void calls(char *bad) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  CHECK_EQ(write(p[1], "data", 4), 4);
  CHECK_ERR(read(p[0], bad, 4), EFAULT);
  CHECK_ERR(write(p[1], bad, 4), EFAULT);
  CHECK_ERR(open(bad, O_RDONLY), EFAULT);
  CHECK_ERR(syscall(SYS_openat, AT_FDCWD, bad, O_CREAT, 0600), EFAULT);
  CHECK_ERR(syscall(SYS_pipe2, bad, 0), EFAULT);
  CHECK_ERR(syscall(SYS_uname, bad), EFAULT);
  CHECK_ERR(syscall(SYS_getcwd, bad, 100), EFAULT);
  CHECK_ERR(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self", bad, 100), EFAULT);
#ifdef SYS_newfstatat
  CHECK_ERR(syscall(SYS_newfstatat, AT_FDCWD, "/", bad, 0), EFAULT);
#endif
  CHECK_ERR(syscall(SYS_fstat, 1, bad), EFAULT);
  CHECK_ERR(syscall(SYS_statx, AT_FDCWD, "/", 0, 0xfff, bad), EFAULT);
  CHECK_ERR(syscall(SYS_statfs, "/", bad), EFAULT);
  CHECK_ERR(syscall(SYS_readv, p[0], bad, 2), EFAULT);
  struct iovec v[2] = {{"ab", 2}, {bad, 2}};
  CHECK_EQ(writev(p[1], v, 2) == 2 || errno == EFAULT, 1);
  v[0].iov_base = bad;
  CHECK_ERR(writev(p[1], v, 1), EFAULT);
  CHECK_ERR(syscall(SYS_clock_gettime, CLOCK_REALTIME, bad), EFAULT);
  CHECK_ERR(syscall(SYS_nanosleep, bad, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_ppoll, bad, 1, NULL, NULL, 8), EFAULT);
  CHECK_ERR(syscall(SYS_pselect6, 1, bad, NULL, NULL, NULL, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigaction, SIGUSR1, bad, NULL, 8), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigaction, SIGUSR1, NULL, bad, 8), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, bad, NULL, 8), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, bad, 8), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigpending, bad, 8), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigsuspend, bad, 8), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigtimedwait, bad, NULL, NULL, 8), EFAULT);
  CHECK_ERR(syscall(SYS_sigaltstack, bad, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_getrandom, bad, 10, 0), EFAULT);
  CHECK_ERR(syscall(SYS_prlimit64, 0, RLIMIT_STACK, bad, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, bad), EFAULT);
  CHECK_ERR(syscall(SYS_getrusage, RUSAGE_SELF, bad), EFAULT);
  CHECK_ERR(syscall(SYS_sysinfo, bad), EFAULT);
  CHECK_ERR(syscall(SYS_gettimeofday, bad, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_setitimer, ITIMER_REAL, bad, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_getitimer, ITIMER_REAL, bad), EFAULT);
  CHECK_ERR(syscall(SYS_futex, (uintptr_t)bad & ~3UL, 0, 0, NULL, NULL, 0), EFAULT);
  CHECK_ERR(syscall(SYS_getresuid, bad, bad, bad), EFAULT);
  CHECK_ERR(syscall(SYS_sched_getaffinity, 0, 128, bad), EFAULT);
  CHECK_ERR(syscall(SYS_execve, bad, NULL, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_mkdirat, AT_FDCWD, bad, 0755), EFAULT);
  CHECK_ERR(syscall(SYS_unlinkat, AT_FDCWD, bad, 0), EFAULT);
  CHECK_ERR(syscall(SYS_symlinkat, bad, AT_FDCWD, "x"), EFAULT);
  CHECK_ERR(syscall(SYS_linkat, AT_FDCWD, "/", AT_FDCWD, bad, 0), EFAULT);
  CHECK_ERR(syscall(SYS_renameat2, AT_FDCWD, bad, AT_FDCWD, "x", 0), EFAULT);
  CHECK_ERR(syscall(SYS_utimensat, AT_FDCWD, "/", bad, 0), EFAULT);
  CHECK_ERR(syscall(SYS_faccessat, AT_FDCWD, bad, 0), EFAULT);
  CHECK_ERR(syscall(SYS_chdir, bad), EFAULT);
  CHECK_ERR(syscall(SYS_truncate, bad, 0), EFAULT);
  CHECK_ERR(syscall(SYS_timer_create, CLOCK_MONOTONIC, bad, NULL), EFAULT);
  CHECK_ERR(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, bad), EFAULT);
  int e = epoll_create1(0);
  CHECK_ERR(syscall(SYS_epoll_ctl, e, EPOLL_CTL_ADD, p[0], bad), EFAULT);
  struct epoll_event event = {.events = EPOLLIN};
  CHECK_EQ(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &event), 0);
  CHECK_ERR(syscall(SYS_epoll_pwait, e, bad, 1, 0, NULL, 8), EFAULT);
  close(e);
  int d = open("/", O_RDONLY | O_DIRECTORY);
  CHECK_ERR(syscall(SYS_getdents64, d, bad, 1000), EFAULT);
  close(d);
  CHECK_ERR(ioctl_fionread(p[0], bad), EFAULT);
  pid_t pid = fork();
  if (pid == 0) {
    _exit(0);
  }
  CHECK_EQ(waitid(P_PID, pid, NULL, WEXITED | WNOWAIT), 0);
  CHECK_ERR(syscall(SYS_wait4, pid, bad, 0, NULL), EFAULT);
  waitpid(pid, NULL, 0);
  close(p[0]);
  close(p[1]);
}

static void half_good(void) {
  // a buffer whose second page is missing
  char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(m + 4096, 4096);
  strcpy(m + 4096 - 5, "/tmp");
  struct stat s;
  CHECK_EQ(stat(m + 4096 - 5, &s), 0);
  m[4095] = 'x';
  CHECK_ERR(stat(m + 4096 - 5, &s), EFAULT);
  int fd = open("/dev/zero", O_RDONLY);
  CHECK_EQ(read(fd, m + 4000, 1000), 96);
  close(fd);
  mprotect(m, 4096, PROT_READ);
  fd = open("/dev/urandom", O_RDONLY);
  CHECK_ERR(read(fd, m, 10), EFAULT);
  close(fd);
  munmap(m, 4096);
}

static int ends_with(void (*body)(void)) {
  pid_t pid = fork();
  if (pid == 0) {
    body();
    _exit(0);
  }
  int status;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static volatile uintptr_t place;

static void wild_read(void) { (void)*(volatile char *)place; }
static void wild_write(void) { *(volatile char *)place = 1; }
static void wild_jump(void) { ((void (*)(void))place)(); }

static void illegal(void) {
#ifdef __aarch64__
  asm volatile(".word 0x00000000");
#else
  asm volatile("ud2");
#endif
}

static void breakpoint(void) {
#ifdef __aarch64__
  asm volatile("brk #1");
#else
  asm volatile("int3");
#endif
}

static void kernel_register(void) {
#ifdef __aarch64__
  asm volatile("msr ttbr0_el1, xzr");
#else
  asm volatile("ud2");
#endif
}

static void wild(void) {
  uintptr_t places[] = {0,           8,          0x1000,     0xdeadbeef000, 0x7fffffffe000,
                        1UL << 47,   1UL << 52,  1UL << 63,  0xffff000000000000,
                        ~0UL - 4095, ~0UL - 7};
  for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
    place = places[i];
    int r = ends_with(wild_read), w = ends_with(wild_write);
    CHECK(r == SIGSEGV || r == SIGBUS);
    CHECK(w == SIGSEGV || w == SIGBUS);
    int j = ends_with(wild_jump);
    CHECK(j == SIGSEGV || j == SIGBUS);
  }
  CHECK_EQ(ends_with(illegal), SIGILL);
  CHECK_EQ(ends_with(breakpoint), SIGTRAP);
  CHECK_EQ(ends_with(kernel_register), SIGILL);
  static char data[16];
  place = (uintptr_t)data;
  CHECK_EQ(ends_with(wild_jump), SIGSEGV);
  place = (uintptr_t)wild;
  CHECK_EQ(ends_with(wild_write), SIGSEGV);
  CHECK_EQ(ends_with(abort), SIGABRT);
}

int main(void) {
  char *bads[] = {(char *)1, (char *)4096, (char *)0x7fff00000000 - 1, (char *)-4096, (char *)-1};
  for (unsigned i = 0; i < sizeof bads / sizeof *bads; i++) {
    calls(bads[i]);
  }
  half_good();
  wild();
  return check_result();
}
