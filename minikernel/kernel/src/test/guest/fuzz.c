// Mini-kernel only: random system calls with random arguments. The arguments are a seed and a time
// in seconds. Every round a child makes some hundred calls and may be ended by any of them; this
// program only watches that the kernel goes on. It exits 0 when the time is over.
#include "check.h"

#include <sys/mount.h>
#include <sys/resource.h>

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * 0x2545f4914f6cdd1dULL;
}

static char *pages;

static long argument(void) {
  static const long interesting[] = {
      0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 63, 64, 65, 255, 256, 1023, 1024, 4095, 4096, 4097,
      65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, -1, -2, -100, -4095, -4096,
      0x7fffffffffffffff, (long)0x8000000000000000, 0x7ffffff000, 0x8000000000,
  };
  uint64_t r = next();
  switch (r >> 8 & 15) {
  case 0:
  case 1:
    return interesting[r >> 16 & 31];
  case 2:
  case 3:
  case 4:
    return (long)(r >> 16 & 15); // a descriptor, a small number
  case 5:
  case 6:
  case 7:
    return (long)pages + (long)(r >> 16 & 0x3ff8); // a pointer that is good, or half good
  case 8:
    return (long)pages + 4096 * 4 - (long)(r >> 16 & 31);
  case 9:
    return 1L << (r >> 16 & 63);
  case 10:
    return (long)next();
  case 11:
    return (long)(r >> 16 & 0xffff);
  case 12:
    return (long)&argument;
  case 13:
    return (long)&r;
  case 14:
    return AT_FDCWD;
  default:
    return (long)(r >> 16 & 0xfff);
  }
}

// What random bytes in the pages may well be: paths, small numbers, pointers.
static void scribble(void) {
  static const char *paths[] = {"/",        "/tmp",     "/tmp/fuzz", "/proc/self/stat", "/dev/tty",
                                "/dev/null", "/dev/zero", "/dev/ptmx", "/proc",           ".",
                                "..",       "/proc/self/fd/1", "/tmp/fuzz/d", "x", "/dev/pts/0"};
  for (int i = 0; i < 64; i++) {
    char *at = pages + (next() & 0x3ff8);
    uint64_t r = next();
    switch (r & 3) {
    case 0:
      strcpy(at > pages + 16000 ? pages : at, paths[(r >> 8) % (sizeof paths / sizeof *paths)]);
      break;
    case 1:
      *(uint64_t *)at = r >> 8 & 0xff;
      break;
    case 2:
      *(uint64_t *)at = (uint64_t)argument();
      break;
    default:
      *(uint64_t *)at = next();
    }
  }
}

static void child(uint64_t seed) {
  state = seed | 1;
  setpgid(0, 0);
  // five pages, of which the last is read-only and followed by nothing
  pages = mmap(NULL, 6 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + 4 * 4096, 4096, PROT_READ);
  munmap(pages + 5 * 4096, 4096);
  open("/tmp/fuzz/f", O_CREAT | O_RDWR, 0600);
  int p[2];
  (void)!pipe(p);
  open("/dev/ptmx", O_RDWR | O_NOCTTY);
  open("/proc/self/status", O_RDONLY);
  alarm(1);
  for (int i = 0; i < 300; i++) {
    scribble();
    long number;
    do {
      number = (long)(next() % 460);
      // reboot; sync and the like are fine. kill with pid -1 or our group is looked after below.
    } while (number == SYS_reboot);
    long a[6];
    for (int j = 0; j < 6; j++) {
      a[j] = argument();
    }
    if (number == SYS_kill || number == SYS_tkill || number == SYS_rt_sigqueueinfo) {
      a[0] = getpid(); // not the watcher, not everybody
    }
    if (number == SYS_tgkill || number == SYS_rt_tgsigqueueinfo || number == SYS_setpgid ||
        number == SYS_setsid) {
      continue;
    }
    if (number == SYS_clone || number == SYS_clone3) {
      // a thread on a random stack ends at once; a process goes on as we do
      if ((next() & 7) != 0) {
        continue;
      }
    }
    syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  _exit(0);
}

int main(int argc, char **argv) {
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
  int seconds = argc > 2 ? atoi(argv[2]) : 5;
  mkdir("/tmp/fuzz", 0755);
  int null = open("/dev/null", O_RDWR);
  int64_t end = now_ns() + seconds * 1000000000LL;
  long rounds = 0, killed = 0;
  uint64_t s = seed * 0x9e3779b97f4a7c15ULL | 1;
  while (now_ns() < end) {
    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    pid_t pid = fork();
    if (pid == 0) {
      chdir("/tmp/fuzz");
      dup2(null, 0);
      dup2(null, 1);
      dup2(null, 2);
      child(s);
    }
    if (pid < 0) {
      dprintf(1, "round %ld, seed %#lx: fork: %s\n", rounds, (long)s, strerror(errno));
      return 1;
    }
    int status;
    int64_t patience = now_ns() + 3000000000LL;
    while (waitpid(pid, &status, WNOHANG) == 0) {
      if (now_ns() > patience) {
        kill(pid, SIGKILL);
        kill(pid, SIGCONT);
        waitpid(pid, &status, 0);
        break;
      }
      pause_ms(1);
    }
    kill(-pid, SIGKILL);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    killed += WIFSIGNALED(status);
    rounds++;
  }
  // the system still works
  int p[2];
  CHECK_EQ(pipe(p), 0);
  pid_t pid = fork();
  if (pid == 0) {
    (void)!write(p[1], "ok", 2);
    _exit(3);
  }
  char two[2];
  CHECK_EQ(read(p[0], two, 2), 2);
  int status;
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK_EQ(status, 3 << 8);
  // a random mount(2) may rightly have made the root read-only, or lie over /tmp
  CHECK_EQ(mount("none", "/", NULL, MS_REMOUNT, NULL), 0);
  int fd = open("/after", O_CREAT | O_RDWR | O_TRUNC, 0600);
  CHECK(fd >= 0);
  CHECK_EQ(write(fd, "after", 5), 5);
  close(fd);
  CHECK(rounds > 0);
  dprintf(1, "%ld rounds, %ld ended by a signal\n", rounds, killed);
  return check_result();
}
