// The rest: /proc, clocks, limits, identities, random numbers, sockets that are not there.
#include "check.h"

#include <dirent.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>

static char text[65536];

static char *slurp(const char *name) {
  int fd = open(name, O_RDONLY);
  CHECK(fd >= 0);
  size_t n = 0;
  ssize_t r;
  while (fd >= 0 && (r = read(fd, text + n, sizeof text - 1 - n)) > 0) {
    n += r;
  }
  text[n] = 0;
  close(fd);
  return text;
}

static void proc_self(void) {
  char link[64], path[512];
  ssize_t n = readlink("/proc/self", link, sizeof link - 1);
  CHECK(n > 0);
  link[n < 0 ? 0 : n] = 0;
  CHECK_EQ(atoi(link), getpid());
  int pid, ppid, pgrp, session;
  char name[64], state;
  CHECK_EQ(sscanf(slurp("/proc/self/stat"), "%d (%63[^)]) %c %d %d %d", &pid, name, &state, &ppid,
                  &pgrp, &session),
           6);
  CHECK_EQ(pid, getpid());
  CHECK(strcmp(name, "system") == 0);
  CHECK_EQ(state, 'R');
  CHECK_EQ(ppid, getppid());
  CHECK_EQ(pgrp, getpgrp());
  CHECK_EQ(session, getsid(0));
  int fields = 0;
  for (char *p = strrchr(text, ')'); *p; p++) {
    fields += *p == ' ';
  }
  CHECK(fields >= 49);
  CHECK(strstr(slurp("/proc/self/status"), "Name:\tsystem\n") != NULL);
  CHECK(strstr(text, "\nState:\tR (running)\n") != NULL);
  CHECK(strstr(text, "\nVmRSS:\t") != NULL);
  CHECK(strstr(text, "\nThreads:\t1\n") != NULL);
  CHECK(strstr(text, "\nSigCgt:\t") != NULL);
  CHECK(strcmp(slurp("/proc/self/comm"), "system\n") == 0);
  CHECK_EQ(prctl(PR_SET_NAME, "renamed"), 0);
  CHECK(strcmp(slurp("/proc/self/comm"), "renamed\n") == 0);
  char comm[32];
  CHECK_EQ(prctl(PR_GET_NAME, comm), 0);
  CHECK(strcmp(comm, "renamed") == 0);
  n = readlink("/proc/self/cwd", path, sizeof path - 1);
  CHECK_EQ(n, 4);
  CHECK(memcmp(path, "/tmp", 4) == 0);
  CHECK(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
  CHECK(strstr(slurp("/proc/self/cmdline"), "system") != NULL);
  CHECK(strstr(slurp("/proc/self/maps"), "[stack]") != NULL);
  unsigned long start, end;
  CHECK_EQ(sscanf(text, "%lx-%lx r", &start, &end), 2);
  CHECK(start < end);
  CHECK(strstr(slurp("/proc/self/limits"), "Max open files ") != NULL);
  CHECK(strstr(slurp("/proc/self/mounts"), " /proc proc rw") != NULL);
  unsigned long size, resident;
  CHECK_EQ(sscanf(slurp("/proc/self/statm"), "%lu %lu", &size, &resident), 2);
  CHECK(size >= resident && resident > 0);
  int fd = open("/dev/null", O_RDONLY);
  char entry[64];
  snprintf(entry, sizeof entry, "/proc/self/fd/%d", fd);
  n = readlink(entry, path, sizeof path - 1);
  CHECK_EQ(n, 9);
  CHECK(memcmp(path, "/dev/null", 9) == 0);
  DIR *d = opendir("/proc/self/fd");
  int seen = 0;
  struct dirent *e;
  while ((e = readdir(d)) != NULL) {
    seen += atoi(e->d_name) == fd;
  }
  CHECK_EQ(seen, 1);
  closedir(d);
  close(fd);
  CHECK_ERR(open("/proc/self/nothing", O_RDONLY), ENOENT);
  CHECK_ERR(open("/proc/99999999/stat", O_RDONLY), ENOENT);
  CHECK_ERR(unlink("/proc/self/stat"), EPERM);
  CHECK(mkdir("/proc/x", 0755) == -1);
}

static void proc_others(void) {
  pid_t pid = fork();
  if (pid == 0) {
    for (;;) {
      pause();
    }
  }
  until_asleep(pid);
  char name[64], state = 0;
  snprintf(name, sizeof name, "/proc/%d/stat", pid);
  DIR *d = opendir("/proc");
  int seen = 0;
  struct dirent *e;
  while ((e = readdir(d)) != NULL) {
    seen += atoi(e->d_name) == pid;
  }
  closedir(d);
  CHECK_EQ(seen, 1);
  int fd = open(name, O_RDONLY);
  kill(pid, SIGKILL);
  siginfo_t info;
  waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
  sscanf(slurp(name), "%*d (%*[^)]) %c", &state);
  CHECK_EQ(state, 'Z');
  waitpid(pid, NULL, 0);
  CHECK_ERR(open(name, O_RDONLY), ENOENT);
  CHECK_ERR(read(fd, text, 10), ESRCH);
  close(fd);
}

static void proc_system(void) {
  CHECK(strncmp(slurp("/proc/version"), "Linux version ", 14) == 0);
  CHECK(strncmp(slurp("/proc/meminfo"), "MemTotal:  ", 11) == 0);
  CHECK(strstr(text, "\nMemFree:  ") != NULL);
  CHECK(strstr(text, "\nMemAvailable:  ") != NULL);
  CHECK(strncmp(slurp("/proc/stat"), "cpu  ", 5) == 0);
  CHECK(strstr(text, "\ncpu0 ") != NULL);
  CHECK(strstr(text, "\nbtime ") != NULL);
  double up, idle, a, b, c;
  CHECK_EQ(sscanf(slurp("/proc/uptime"), "%lf %lf", &up, &idle), 2);
  CHECK(up > 0);
  int running, threads, last;
  CHECK_EQ(sscanf(slurp("/proc/loadavg"), "%lf %lf %lf %d/%d %d", &a, &b, &c, &running, &threads,
                  &last),
           6);
  CHECK(strstr(slurp("/proc/cpuinfo"), "processor\t: 0\n") != NULL);
  CHECK(strstr(slurp("/proc/filesystems"), "nodev\tproc\n") != NULL);
  CHECK(strstr(slurp("/proc/mounts"), " / ") != NULL);
  CHECK(strcmp(slurp("/proc/sys/kernel/ostype"), "Linux\n") == 0);
  CHECK_EQ(strlen(slurp("/proc/sys/kernel/random/uuid")), 37);
  CHECK(atoi(slurp("/proc/sys/kernel/pid_max")) >= 32768);
  struct utsname u;
  CHECK_EQ(uname(&u), 0);
  CHECK(strcmp(u.sysname, "Linux") == 0);
  snprintf(text, sizeof text, "%s\n", u.release);
  char release[80];
  strcpy(release, text);
  CHECK(strcmp(slurp("/proc/sys/kernel/osrelease"), release) == 0);
  struct sysinfo i;
  CHECK_EQ(sysinfo(&i), 0);
  CHECK(i.totalram > i.freeram && i.procs > 0 && i.mem_unit > 0);
}

static void clocks(void) {
  clockid_t all[] = {CLOCK_REALTIME,          CLOCK_MONOTONIC,        CLOCK_PROCESS_CPUTIME_ID,
                     CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW,    CLOCK_REALTIME_COARSE,
                     CLOCK_MONOTONIC_COARSE,  CLOCK_BOOTTIME};
  struct timespec t, r;
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
    CHECK_EQ(clock_gettime(all[i], &t), 0);
    CHECK(t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
    CHECK_EQ(clock_getres(all[i], &r), 0);
  }
  CHECK_ERR(clock_gettime(9999, &t), EINVAL);
  clock_gettime(CLOCK_REALTIME, &t);
  CHECK(t.tv_sec > 1600000000);
  CHECK(labs(time(NULL) - t.tv_sec) <= 1);
  struct timeval v;
  CHECK_EQ(gettimeofday(&v, NULL), 0);
  CHECK(labs(v.tv_sec - t.tv_sec) <= 1);
  int64_t last = 0;
  for (int i = 0; i < 1000; i++) {
    int64_t now = now_ns();
    CHECK(now >= last);
    last = now;
  }
  struct timespec d = {0, 20000000};
  int64_t begin = now_ns();
  CHECK_EQ(nanosleep(&d, NULL), 0);
  CHECK(now_ns() - begin >= 20000000);
  CHECK(now_ns() - begin < 5000000000);
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_nsec += 20000000;
  t.tv_sec += t.tv_nsec / 1000000000;
  t.tv_nsec %= 1000000000;
  CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL), 0);
  clock_gettime(CLOCK_MONOTONIC, &r);
  CHECK(r.tv_sec > t.tv_sec || (r.tv_sec == t.tv_sec && r.tv_nsec >= t.tv_nsec));
  d.tv_nsec = -1;
  CHECK_ERR(nanosleep(&d, NULL), EINVAL);
  d.tv_nsec = 1000000000;
  CHECK_ERR(nanosleep(&d, NULL), EINVAL);
  // processor time goes on while we compute, not while we sleep
  struct rusage a, b;
  getrusage(RUSAGE_SELF, &a);
  pause_ms(30);
  getrusage(RUSAGE_SELF, &b);
  long slept = (b.ru_utime.tv_sec - a.ru_utime.tv_sec) * 1000000 + b.ru_utime.tv_usec -
               a.ru_utime.tv_usec;
  CHECK(slept < 20000);
  long worked;
  do {
    getrusage(RUSAGE_SELF, &a);
    worked = (a.ru_utime.tv_sec - b.ru_utime.tv_sec + a.ru_stime.tv_sec - b.ru_stime.tv_sec) *
                 1000000 +
             a.ru_utime.tv_usec - b.ru_utime.tv_usec + a.ru_stime.tv_usec - b.ru_stime.tv_usec;
  } while (worked <= 10000);
  struct tms m;
  CHECK(times(&m) != (clock_t)-1);
  CHECK_ERR(getrusage(99, &a), EINVAL);
}

static void randomness(void) {
  char a[64], b[64];
  CHECK_EQ(getrandom(a, sizeof a, 0), sizeof a);
  CHECK_EQ(getrandom(b, sizeof b, GRND_NONBLOCK), sizeof b);
  CHECK(memcmp(a, b, sizeof a) != 0);
  CHECK_ERR(getrandom(a, 10, 0x100), EINVAL);
  CHECK_EQ(getrandom(text, sizeof text, 0), sizeof text);
  int counts[256] = {0};
  for (unsigned i = 0; i < sizeof text; i++) {
    counts[(unsigned char)text[i]]++;
  }
  for (int i = 0; i < 256; i++) {
    CHECK(counts[i] > 128 && counts[i] < 400);
  }
}

static void limits(void) {
  struct rlimit l, old;
  CHECK_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
  l = old;
  l.rlim_cur = 10;
  CHECK_EQ(setrlimit(RLIMIT_NOFILE, &l), 0);
  int fds[20], n = 0;
  while (n < 20 && (fds[n] = open("/dev/null", O_RDONLY)) >= 0) {
    n++;
  }
  int why = errno;
  CHECK(n < 10);
  CHECK_EQ(why, EMFILE);
  while (n > 0) {
    close(fds[--n]);
  }
  CHECK_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
  l.rlim_cur = 5;
  l.rlim_max = 4;
  CHECK_ERR(setrlimit(RLIMIT_NOFILE, &l), EINVAL);
  CHECK_ERR(getrlimit(99, &l), EINVAL);
  CHECK_EQ(prlimit(getpid(), RLIMIT_STACK, NULL, &l), 0);
  CHECK(l.rlim_cur >= 1 << 20);
  CHECK_ERR(prlimit(0x7ffffff, RLIMIT_STACK, NULL, &l), ESRCH);
  l.rlim_cur = 1000;
  l.rlim_max = RLIM_INFINITY;
  pid_t pid = fork();
  if (pid == 0) {
    // files do not grow beyond RLIMIT_FSIZE
    setrlimit(RLIMIT_FSIZE, &l);
    signal(SIGXFSZ, SIG_IGN);
    char name[] = "/tmp/bigXXXXXX";
    int fd = mkstemp(name);
    CHECK_EQ(write(fd, text, 2000), 1000);
    CHECK_ERR(write(fd, text, 1), EFBIG);
    unlink(name);
    l.rlim_cur = 64 << 20;
    setrlimit(RLIMIT_AS, &l);
    CHECK(mmap(NULL, 128 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    _exit(check_failures ? 1 : 0);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
}

static void scheduling(void) {
  cpu_set_t set;
  CHECK_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  CHECK(CPU_COUNT(&set) >= 1);
  CHECK_EQ(sched_yield(), 0);
  CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
  CHECK_EQ(sched_get_priority_max(SCHED_FIFO), 99);
  CHECK_ERR(sched_getscheduler(0x7ffffff), ESRCH);
  pid_t pid = fork();
  if (pid == 0) { // lowering the own priority is always allowed, whatever it is
    _exit(setpriority(PRIO_PROCESS, 0, 19) == 0 ? getpriority(PRIO_PROCESS, 0) : 99);
  }
  int status;
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK_EQ(status, 19 << 8);
  unsigned cpu;
  CHECK_EQ(syscall(SYS_getcpu, &cpu, NULL, NULL), 0);
}

static void identities_body(void) {
  uid_t r, e, s;
  CHECK_EQ(getresuid(&r, &e, &s), 0);
  CHECK_EQ(r, getuid());
  if (r == 0) {
    gid_t groups[3] = {10, 20, 30};
    CHECK_EQ(setgroups(3, groups), 0);
    CHECK_EQ(getgroups(0, NULL), 3);
    CHECK_EQ(setresuid(1, 2, 3), 0);
    CHECK_EQ(getuid(), 1);
    CHECK_EQ(geteuid(), 2);
    CHECK_EQ(setuid(3), 0);
    CHECK_EQ(geteuid(), 3);
    CHECK_ERR(setuid(7), EPERM);
  }
}

static void unknown(void) {
  CHECK_ERR(syscall(9999), ENOSYS);
  CHECK_ERR(syscall(-1), ENOSYS);
  CHECK_ERR(socket(99, SOCK_STREAM, 0), EAFNOSUPPORT);
  CHECK_ERR(listen(0, 1), ENOTSOCK);
  CHECK_ERR(listen(999, 1), EBADF);
}

int main(void) {
  signal(SIGUSR1, SIG_IGN);
  CHECK_EQ(chdir("/tmp"), 0);
  int null = open("/dev/null", O_RDONLY);
  dup2(null, 0);
  close(null);
  proc_self();
  proc_others();
  proc_system();
  clocks();
  randomness();
  limits();
  scheduling();
  CHECK_CHILD(identities_body);
  unknown();
  return check_result();
}
