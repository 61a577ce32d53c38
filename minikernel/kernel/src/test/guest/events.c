// Pipes and what waits for several things: poll, select, epoll, eventfd, timerfd, signalfd.
#include "check.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

static void pipes(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  char buffer[70000];
  CHECK_EQ(write(p[1], "hello", 5), 5);
  int n = 0;
  CHECK_EQ(ioctl(p[0], FIONREAD, &n), 0);
  CHECK_EQ(n, 5);
  CHECK_EQ(read(p[0], buffer, 3), 3);
  CHECK_EQ(read(p[0], buffer, 100), 2);
  CHECK_ERR(lseek(p[0], 0, SEEK_CUR), ESPIPE);
  CHECK_ERR(pread(p[0], buffer, 1, 0), ESPIPE);
  CHECK_ERR(read(p[1], buffer, 1), EBADF);
  CHECK_ERR(write(p[0], buffer, 1), EBADF);
  fcntl(p[0], F_SETFL, O_NONBLOCK);
  fcntl(p[1], F_SETFL, O_NONBLOCK);
  CHECK_ERR(read(p[0], buffer, 1), EAGAIN);
  memset(buffer, 'x', sizeof buffer);
  CHECK_EQ(write(p[1], buffer, sizeof buffer), 65536);
  CHECK_ERR(write(p[1], buffer, 1), EAGAIN);
  CHECK_EQ(read(p[0], buffer, 4095), 4095);
  CHECK_ERR(write(p[1], buffer, 4096), EAGAIN); // whole or not at all up to PIPE_BUF
  CHECK_EQ(fcntl(p[0], F_GETPIPE_SZ), 65536);
  while (read(p[0], buffer, sizeof buffer) > 0) {
  }
  CHECK_EQ(fcntl(p[1], F_SETPIPE_SZ, 4096), 4096);
  CHECK_EQ(write(p[1], buffer, sizeof buffer), 4096);
  close(p[1]);
  CHECK_EQ(read(p[0], buffer, sizeof buffer), 4096);
  CHECK_EQ(read(p[0], buffer, sizeof buffer), 0);
  close(p[0]);
  CHECK_ERR(pipe2(p, 0x10), EINVAL);
  CHECK_EQ(pipe2(p, O_CLOEXEC | O_NONBLOCK), 0);
  CHECK_EQ(fcntl(p[0], F_GETFD), FD_CLOEXEC);
  CHECK(fcntl(p[0], F_GETFL) & O_NONBLOCK);
  close(p[0]);
  close(p[1]);
}

static void pipe_between_processes(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  enum { TOTAL = 3000000 };
  pid_t pid = fork();
  if (pid == 0) {
    close(p[0]);
    static char block[10007];
    long sent = 0;
    while (sent < TOTAL) {
      for (unsigned i = 0; i < sizeof block; i++) {
        block[i] = (char)((sent + i) * 7 % 251);
      }
      long n = TOTAL - sent < (long)sizeof block ? TOTAL - sent : (long)sizeof block;
      if (write(p[1], block, n) != n) {
        _exit(1);
      }
      sent += n;
    }
    _exit(0);
  }
  close(p[1]);
  long got = 0;
  int wrong = 0;
  static char block[8191];
  for (;;) {
    ssize_t n = read(p[0], block, sizeof block);
    if (n <= 0) {
      break;
    }
    for (int i = 0; i < n; i++) {
      wrong += block[i] != (char)((got + i) * 7 % 251);
    }
    got += n;
  }
  CHECK_EQ(got, TOTAL);
  CHECK_EQ(wrong, 0);
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  close(p[0]);
}

static void vectors(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  struct iovec out[3] = {{"ab", 2}, {NULL, 0}, {"cde", 3}};
  CHECK_EQ(writev(p[1], out, 3), 5);
  char a[3], b[8];
  struct iovec in[2] = {{a, 3}, {b, 8}};
  CHECK_EQ(readv(p[0], in, 2), 5);
  CHECK(memcmp(a, "abc", 3) == 0 && memcmp(b, "de", 2) == 0);
  CHECK_ERR(syscall(SYS_writev, p[1], out, -1), EINVAL);
  CHECK_ERR(syscall(SYS_writev, p[1], out, 1025), EINVAL);
  close(p[0]);
  close(p[1]);
}

static void polling(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  struct pollfd f[3] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}, {-1, POLLIN, 99}};
  CHECK_EQ(poll(f, 3, 0), 1);
  CHECK_EQ(f[0].revents, 0);
  CHECK_EQ(f[1].revents, POLLOUT);
  CHECK_EQ(f[2].revents, 0);
  (void)!write(p[1], "x", 1);
  CHECK_EQ(poll(f, 2, -1), 2);
  CHECK_EQ(f[0].revents, POLLIN);
  char c;
  (void)!read(p[0], &c, 1);
  int64_t begin = now_ns();
  CHECK_EQ(poll(f, 1, 30), 0);
  CHECK(now_ns() - begin >= 30000000);
  if (fork() == 0) {
    pause_ms(20);
    (void)!write(p[1], "y", 1);
    _exit(0);
  }
  CHECK_EQ(poll(f, 1, 5000), 1);
  (void)!read(p[0], &c, 1);
  wait(NULL);
  close(p[1]);
  CHECK_EQ(poll(f, 1, -1), 1);
  CHECK_EQ(f[0].revents, POLLHUP);
  f[0].fd = p[1];
  CHECK_EQ(poll(f, 1, -1), 1);
  CHECK_EQ(f[0].revents, POLLNVAL);
  close(p[0]);
  CHECK_EQ(pipe(p), 0);
  close(p[0]);
  f[0].fd = p[1];
  f[0].events = POLLOUT;
  CHECK_EQ(poll(f, 1, -1), 1);
  CHECK(f[0].revents & POLLERR);
  close(p[1]);
  CHECK_EQ(poll(NULL, 0, 0), 0);
}

static volatile int handled;

static void handler(int signal) {
  (void)signal;
  handled++;
}

static void selecting(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  fd_set readable, writable;
  FD_ZERO(&readable);
  FD_ZERO(&writable);
  FD_SET(p[0], &readable);
  FD_SET(p[1], &writable);
  struct timeval t = {0, 0};
  CHECK_EQ(select(p[1] + 1, &readable, &writable, NULL, &t), 1);
  CHECK(!FD_ISSET(p[0], &readable));
  CHECK(FD_ISSET(p[1], &writable));
  FD_SET(p[0], &readable);
  t.tv_usec = 20000;
  CHECK_EQ(select(p[0] + 1, &readable, NULL, NULL, &t), 0);
  // pselect lets a blocked signal in only while it waits
  signal(SIGUSR1, handler);
  sigset_t set, none;
  sigemptyset(&none);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGUSR1);
  CHECK_EQ(handled, 0);
  FD_SET(p[0], &readable);
  struct timespec long_time = {5, 0};
  CHECK_ERR(pselect(p[0] + 1, &readable, NULL, NULL, &long_time, &none), EINTR);
  CHECK_EQ(handled, 1);
  sigset_t now;
  sigprocmask(SIG_SETMASK, NULL, &now);
  CHECK(sigismember(&now, SIGUSR1));
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  CHECK_ERR(select(-1, NULL, NULL, NULL, &t), EINVAL);
  FD_ZERO(&readable);
  FD_SET(p[0], &readable);
  close(p[0]);
  CHECK_ERR(select(p[0] + 1, &readable, NULL, NULL, &t), EBADF);
  close(p[1]);
}

static void event_counters(void) {
  int fd = eventfd(3, EFD_NONBLOCK);
  uint64_t v = 0;
  CHECK_EQ(read(fd, &v, 8), 8);
  CHECK_EQ(v, 3);
  CHECK_ERR(read(fd, &v, 8), EAGAIN);
  v = 5;
  CHECK_EQ(write(fd, &v, 8), 8);
  CHECK_EQ(write(fd, &v, 8), 8);
  CHECK_EQ(read(fd, &v, 8), 8);
  CHECK_EQ(v, 10);
  v = 0xfffffffffffffffe;
  CHECK_EQ(write(fd, &v, 8), 8);
  v = 1;
  CHECK_ERR(write(fd, &v, 8), EAGAIN);
  v = 0xffffffffffffffff;
  CHECK_ERR(write(fd, &v, 8), EINVAL);
  CHECK_ERR(read(fd, &v, 4), EINVAL);
  close(fd);
  fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
  CHECK_EQ(read(fd, &v, 8), 8);
  CHECK_EQ(v, 1);
  CHECK_EQ(read(fd, &v, 8), 8);
  CHECK_ERR(read(fd, &v, 8), EAGAIN);
  close(fd);
  CHECK_ERR(eventfd(0, 0x100), EINVAL);
}

static void timers(void) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  CHECK(fd >= 0);
  uint64_t v;
  CHECK_ERR(read(fd, &v, 8), EAGAIN);
  struct itimerspec t = {{0, 10000000}, {0, 10000000}}, now;
  int64_t begin = now_ns();
  CHECK_EQ(timerfd_settime(fd, 0, &t, NULL), 0);
  pause_ms(55);
  CHECK_EQ(read(fd, &v, 8), 8);
  CHECK(v >= 5 && v <= (uint64_t)(now_ns() - begin) / 10000000);
  CHECK_EQ(timerfd_gettime(fd, &now), 0);
  CHECK_EQ(now.it_interval.tv_nsec, 10000000);
  struct pollfd f = {fd, POLLIN, 0};
  CHECK_EQ(poll(&f, 1, 1000), 1);
  close(fd);
  fd = timerfd_create(CLOCK_REALTIME, 0);
  struct itimerspec absolute = {{0, 0}, {1, 0}}; // long past: fires at once
  CHECK_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME, &absolute, NULL), 0);
  CHECK_EQ(read(fd, &v, 8), 8);
  CHECK_EQ(v, 1);
  t.it_value.tv_nsec = 1000000000;
  CHECK_ERR(timerfd_settime(fd, 0, &t, NULL), EINVAL);
  CHECK_ERR(timerfd_create(77, 0), EINVAL);
  close(fd);
}

static void watching(void) {
  int e = epoll_create1(EPOLL_CLOEXEC);
  CHECK(e >= 0);
  int p[2];
  CHECK_EQ(pipe2(p, O_NONBLOCK), 0);
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0x123456789abcdef}, got[4];
  CHECK_EQ(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &event), 0);
  CHECK_ERR(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &event), EEXIST);
  CHECK_ERR(epoll_ctl(e, EPOLL_CTL_MOD, p[1], &event), ENOENT);
  CHECK_ERR(epoll_ctl(e, EPOLL_CTL_ADD, e, &event), EINVAL);
  CHECK_ERR(epoll_ctl(e, 9, p[0], &event), EINVAL);
  CHECK_ERR(epoll_wait(e, got, 0, 0), EINVAL);
  CHECK_ERR(epoll_wait(p[0], got, 1, 0), EINVAL);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 0);
  (void)!write(p[1], "ab", 2);
  CHECK_EQ(epoll_wait(e, got, 4, -1), 1);
  CHECK_EQ(got[0].events, EPOLLIN);
  CHECK(got[0].data.u64 == 0x123456789abcdef);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 1); // level: still there
  event.events = EPOLLIN | EPOLLET;
  CHECK_EQ(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &event), 0);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 1);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 0); // edge: told once
  (void)!write(p[1], "c", 1);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 1);
  event.events = EPOLLIN | EPOLLONESHOT;
  epoll_ctl(e, EPOLL_CTL_MOD, p[0], &event);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 1);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 0);
  epoll_ctl(e, EPOLL_CTL_MOD, p[0], &event);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 1);
  int outer = epoll_create1(0);
  event.events = EPOLLIN;
  CHECK_EQ(epoll_ctl(outer, EPOLL_CTL_ADD, e, &event), 0);
  CHECK_EQ(epoll_wait(outer, got, 4, 0), 0);
  epoll_ctl(e, EPOLL_CTL_MOD, p[0], &event);
  CHECK_EQ(epoll_wait(outer, got, 4, 0), 1);
  CHECK_EQ(epoll_ctl(e, EPOLL_CTL_DEL, p[0], NULL), 0);
  CHECK_EQ(epoll_wait(outer, got, 4, 0), 0);
  event.events = EPOLLIN;
  epoll_ctl(e, EPOLL_CTL_ADD, p[0], &event);
  CHECK_EQ(epoll_wait(e, got, 4, 0), 1);
  close(p[0]); // leaves the set by itself
  CHECK_EQ(epoll_wait(e, got, 4, 0), 0);
  int file = open("/proc/self/exe", O_RDONLY);
  CHECK_ERR(epoll_ctl(e, EPOLL_CTL_ADD, file, &event), EPERM);
  close(file);
  close(p[1]);
  int64_t begin = now_ns();
  CHECK_EQ(epoll_wait(e, got, 4, 20), 0);
  CHECK(now_ns() - begin >= 20000000);
  close(outer);
  close(e);
}

static void watching_many(void) {
  enum { COUNT = 64 };
  int e = epoll_create1(0), fds[COUNT];
  for (int i = 0; i < COUNT; i++) {
    fds[i] = eventfd(0, EFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    CHECK_EQ(epoll_ctl(e, EPOLL_CTL_ADD, fds[i], &event), 0);
  }
  if (fork() == 0) {
    uint64_t one = 1;
    for (int i = 0; i < COUNT; i++) {
      (void)!write(fds[i], &one, 8);
      if (i % 8 == 0) {
        pause_ms(1);
      }
    }
    _exit(0);
  }
  int seen = 0;
  uint64_t which = 0;
  while (seen < COUNT) {
    struct epoll_event got[5];
    int n = epoll_wait(e, got, 5, 2000);
    CHECK(n > 0);
    if (n <= 0) {
      break;
    }
    for (int i = 0; i < n; i++) {
      uint64_t v;
      CHECK_EQ(read(fds[got[i].data.u32], &v, 8), 8);
      which |= 1ULL << got[i].data.u32;
      seen++;
    }
  }
  CHECK_EQ(which, -1L);
  wait(NULL);
  for (int i = 0; i < COUNT; i++) {
    close(fds[i]);
  }
  close(e);
}

static void signal_descriptors(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  int fd = signalfd(-1, &set, SFD_NONBLOCK);
  CHECK(fd >= 0);
  struct signalfd_siginfo info;
  CHECK_ERR(read(fd, &info, sizeof info), EAGAIN);
  raise(SIGUSR2);
  struct pollfd f = {fd, POLLIN, 0};
  CHECK_EQ(poll(&f, 1, 0), 1);
  CHECK_EQ(read(fd, &info, sizeof info), sizeof info);
  CHECK_EQ(info.ssi_signo, SIGUSR2);
  CHECK_EQ(info.ssi_pid, getpid());
  CHECK_EQ(poll(&f, 1, 0), 0);
  close(fd);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void fifos(void) {
  char name[] = "/tmp/fifoXXXXXX";
  close(mkstemp(name));
  unlink(name);
  CHECK_EQ(mkfifo(name, 0600), 0);
  CHECK_ERR(mkfifo(name, 0600), EEXIST);
  CHECK_ERR(open(name, O_WRONLY | O_NONBLOCK), ENXIO);
  int r = open(name, O_RDONLY | O_NONBLOCK);
  CHECK(r >= 0);
  int w = open(name, O_WRONLY | O_NONBLOCK);
  CHECK(w >= 0);
  char c;
  CHECK_ERR(read(r, &c, 1), EAGAIN);
  close(w);
  CHECK_EQ(read(r, &c, 1), 0);
  close(r);
  pid_t pid = fork();
  if (pid == 0) {
    int fd = open(name, O_WRONLY);
    (void)!write(fd, "fifo", 4);
    _exit(0);
  }
  r = open(name, O_RDONLY); // both wait for each other
  char buffer[8];
  CHECK_EQ(read(r, buffer, 8), 4);
  CHECK_EQ(read(r, buffer, 8), 0);
  close(r);
  waitpid(pid, NULL, 0);
  unlink(name);
}

int main(void) {
  pipes();
  pipe_between_processes();
  vectors();
  polling();
  selecting();
  event_counters();
  timers();
  watching();
  watching_many();
  signal_descriptors();
  fifos();
  return check_result();
}
