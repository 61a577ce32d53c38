// Processes: fork, vfork, exec, wait, groups and sessions.
#include "check.h"

static const char *self;

static void exit_codes(void) {
  for (int code = 0; code < 256; code += 51) {
    pid_t pid = fork();
    if (pid == 0) {
      _exit(code);
    }
    int status;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), code);
  }
  CHECK_ERR(wait(NULL), ECHILD);
  CHECK_ERR(waitpid(getpid(), NULL, 0), ECHILD);
  CHECK_ERR(waitpid(-1, NULL, 0x1000), EINVAL);
}

static void killed(void) {
  int signals[] = {SIGTERM, SIGKILL, SIGINT, SIGUSR1, SIGALRM, SIGPIPE, SIGHUP};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      for (;;) {
        pause();
      }
    }
    CHECK_EQ(kill(pid, signals[i]), 0);
    int status;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), signals[i]);
  }
}

static void wait_no_hang(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  pid_t pid = fork();
  if (pid == 0) {
    char c;
    close(p[1]);
    (void)!read(p[0], &c, 1);
    _exit(3);
  }
  int status = 0x1234;
  CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
  CHECK_EQ(status, 0x1234);
  siginfo_t info;
  memset(&info, 0xff, sizeof info);
  CHECK_EQ(waitid(P_PID, pid, &info, WEXITED | WNOHANG), 0);
  CHECK_EQ(info.si_pid, 0);
  close(p[1]);
  close(p[0]);
  CHECK_EQ(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
  CHECK_EQ(info.si_pid, pid);
  CHECK_EQ(info.si_signo, SIGCHLD);
  CHECK_EQ(info.si_code, CLD_EXITED);
  CHECK_EQ(info.si_status, 3);
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK_EQ(WEXITSTATUS(status), 3);
  CHECK_ERR(waitid(P_PID, pid, &info, WEXITED), ECHILD);
  CHECK_ERR(waitid(P_PID, pid, &info, 0), EINVAL);
}

static void stop_and_continue(void) {
  int seen[2];
  char byte = 0;
  CHECK_EQ(pipe(seen), 0);
  pid_t pid = fork();
  if (pid == 0) {
    raise(SIGSTOP);
    // Linux forgets a continuation that nobody has waited for when the next stop comes.
    (void)!read(seen[0], &byte, 1);
    raise(SIGSTOP);
    _exit(7);
  }
  int status;
  CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
  CHECK(WIFSTOPPED(status));
  CHECK_EQ(WSTOPSIG(status), SIGSTOP);
  CHECK_EQ(waitpid(pid, &status, WUNTRACED | WNOHANG), 0);
  kill(pid, SIGCONT);
  CHECK_EQ(waitpid(pid, &status, WCONTINUED), pid);
  CHECK(WIFCONTINUED(status));
  CHECK_EQ(write(seen[1], &byte, 1), 1);
  siginfo_t info;
  CHECK_EQ(waitid(P_ALL, 0, &info, WSTOPPED), 0);
  CHECK_EQ(info.si_code, CLD_STOPPED);
  CHECK_EQ(info.si_status, SIGSTOP);
  kill(pid, SIGCONT);
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK_EQ(WEXITSTATUS(status), 7);
  close(seen[0]);
  close(seen[1]);
}

static void a_stop_makes_a_continuation_forgotten(void) {
  pid_t pid = fork();
  if (pid == 0) {
    raise(SIGSTOP);
    raise(SIGSTOP);
    _exit(0);
  }
  int status;
  siginfo_t info;
  CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
  kill(pid, SIGCONT);
  CHECK_EQ(waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT), 0);
  info.si_pid = 0;
  CHECK_EQ(waitid(P_PID, pid, &info, WCONTINUED | WNOHANG), 0);
  CHECK_EQ(info.si_pid, 0);
  kill(pid, SIGKILL);
  CHECK_EQ(waitpid(pid, &status, 0), pid);
}

static void kill_while_stopped(void) {
  pid_t pid = fork();
  if (pid == 0) {
    raise(SIGSTOP);
    _exit(0);
  }
  int status;
  waitpid(pid, &status, WUNTRACED);
  kill(pid, SIGTERM);
  CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
  kill(pid, SIGKILL);
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK_EQ(WTERMSIG(status), SIGKILL);
}

static void wait_by_group(void) {
  pid_t a = fork();
  if (a == 0) {
    setpgid(0, 0);
    _exit(1);
  }
  setpgid(a, a);
  pid_t b = fork();
  if (b == 0) {
    _exit(2);
  }
  int status;
  CHECK_EQ(waitpid(-a, &status, 0), a);
  CHECK_EQ(WEXITSTATUS(status), 1);
  CHECK_EQ(waitpid(0, &status, 0), b);
  CHECK_EQ(WEXITSTATUS(status), 2);
  CHECK_ERR(waitpid(-a, &status, 0), ECHILD);
}

static volatile int shared_by_vfork;

static void vfork_shares_memory(void) {
  shared_by_vfork = 1;
  pid_t pid = vfork();
  if (pid == 0) {
    shared_by_vfork = 2;
    _exit(5);
  }
  CHECK_EQ(shared_by_vfork, 2);
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(WEXITSTATUS(status), 5);
  pid = vfork();
  if (pid == 0) {
    execl(self, self, "code", "9", NULL);
    _exit(1);
  }
  waitpid(pid, &status, 0);
  CHECK_EQ(WEXITSTATUS(status), 9);
}

static int fork_copies_memory_value = 1;

static void fork_copies_memory(void) {
  char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *page = 1;
  pid_t pid = fork();
  if (pid == 0) {
    *page = 2;
    fork_copies_memory_value = 2;
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  CHECK_EQ(*page, 1);
  CHECK_EQ(fork_copies_memory_value, 1);
}

static int run(const char *a1, const char *a2) {
  pid_t pid = fork();
  if (pid == 0) {
    execl(self, self, a1, a2, NULL);
    _exit(100 + errno);
  }
  int status;
  waitpid(pid, &status, 0);
  return status;
}

static void exec_errors(void) {
  char *args[] = {"x", NULL};
  CHECK_ERR(execv("/no/such/file", args), ENOENT);
  CHECK_ERR(execv("/", args), EACCES);
  CHECK_ERR(execv("", args), ENOENT);
  char name[] = "/tmp/execXXXXXX";
  int fd = mkstemp(name);
  CHECK(fd >= 0);
  CHECK_ERR(execv(name, args), EACCES);
  fchmod(fd, 0755);
  CHECK_ERR(execv(name, args), ETXTBSY);
  close(fd);
  CHECK_ERR(execv(name, args), ENOEXEC);
  fd = open(name, O_WRONLY);
  (void)!write(fd, "not a program\n", 14);
  close(fd);
  CHECK_ERR(execv(name, args), ENOEXEC);
  char below[64];
  snprintf(below, sizeof below, "%s/x", name);
  CHECK_ERR(execv(below, args), ENOTDIR);
  fd = open(name, O_WRONLY | O_TRUNC);
  (void)!write(fd, "\177ELF", 4);
  close(fd);
  CHECK_ERR(execv(name, args), ENOEXEC);
  fd = open(name, O_WRONLY | O_TRUNC);
  // an ELF header for another machine
  unsigned char header[64] = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                              2, 0, 8 /* MIPS */, 0, 1};
  (void)!write(fd, header, sizeof header);
  close(fd);
  CHECK_ERR(execv(name, args), ENOEXEC);
  char *bad[] = {(char *)1, NULL};
  CHECK_ERR(execv(self, bad), EFAULT);
  CHECK_ERR(syscall(SYS_execve, 1, args, NULL), EFAULT);
  size_t big = 4 << 20;
  char *huge = malloc(big);
  memset(huge, 'x', big - 1);
  huge[big - 1] = 0;
  char *too_big[] = {"x", huge, NULL};
  CHECK_ERR(execv(self, too_big), E2BIG);
  free(huge);
  unlink(name);
}

static void exec_script(void) {
  char name[] = "/tmp/scriptXXXXXX";
  int fd = mkstemp(name);
  dprintf(fd, "#!%s script\n", self);
  fchmod(fd, 0755);
  close(fd);
  pid_t pid = fork();
  if (pid == 0) {
    execl(name, "ignored", "more", NULL);
    _exit(100 + errno);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 21 << 8);
  fd = open(name, O_WRONLY | O_TRUNC);
  dprintf(fd, "#!/no/such/interpreter\n");
  close(fd);
  char *args[] = {"x", NULL};
  CHECK_ERR(execv(name, args), ENOENT);
  unlink(name);
}

static void exec_passes_environment(void) {
  pid_t pid = fork();
  if (pid == 0) {
    char *args[] = {(char *)self, "environment", "a b", "", NULL};
    char *env[] = {"A=1", "EMPTY=", NULL};
    execve(self, args, env);
    _exit(100 + errno);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
}

static void close_on_exec(void) {
  int keep = open("/dev/null", O_RDONLY);
  int drop = open("/dev/null", O_RDONLY | O_CLOEXEC);
  char a[16], b[16];
  snprintf(a, sizeof a, "%d", keep);
  snprintf(b, sizeof b, "%d", drop);
  pid_t pid = fork();
  if (pid == 0) {
    execl(self, self, "descriptors", a, b, NULL);
    _exit(1);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  close(keep);
  close(drop);
}

static void exec_by_descriptor(void) {
  int fd = open(self, O_PATH | O_CLOEXEC);
  CHECK(fd >= 0);
  pid_t pid = fork();
  if (pid == 0) {
    char *args[] = {"x", "code", "17", NULL};
    char *env[] = {NULL};
    syscall(SYS_execveat, fd, "", args, env, AT_EMPTY_PATH);
    _exit(1);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(WEXITSTATUS(status), 17);
  close(fd);
}

static void signal_state_over_exec(void) {
  pid_t pid = fork();
  if (pid == 0) {
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, (void (*)(int))exit);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    execl(self, self, "signals", NULL);
    _exit(1);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
}

static void groups_and_sessions(void) {
  CHECK_EQ(getpgid(0), getpgrp());
  CHECK_EQ(getsid(0), getsid(getpid()));
  CHECK_ERR(getpgid(0x7ffffff), ESRCH);
  CHECK_ERR(setpgid(0, -1), EINVAL);
  CHECK_ERR(setpgid(0x7ffffff, 0), ESRCH);
  pid_t pid = fork();
  if (pid == 0) {
    CHECK_EQ(setpgid(0, 0), 0);
    CHECK_EQ(getpgrp(), getpid());
    CHECK_ERR(setsid(), EPERM);
    pid_t child = fork();
    if (child == 0) {
      CHECK_EQ(setsid(), getpid());
      CHECK_EQ(getsid(0), getpid());
      CHECK_EQ(getpgrp(), getpid());
      CHECK_ERR(setpgid(0, 0), EPERM);
      _exit(check_failures);
    }
    int status;
    waitpid(child, &status, 0);
    CHECK_EQ(status, 0);
    _exit(check_failures);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
}

static void orphan_is_adopted(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  pid_t pid = fork();
  if (pid == 0) {
    pid_t parent = getpid();
    if (fork() == 0) {
      while (getppid() == parent) {
        sched_yield();
      }
      int adopted = getppid() != parent;
      (void)!write(p[1], &adopted, sizeof adopted);
      _exit(0);
    }
    _exit(0);
  }
  close(p[1]);
  waitpid(pid, NULL, 0);
  int adopted = 0;
  CHECK_EQ(read(p[0], &adopted, sizeof adopted), sizeof adopted);
  CHECK_EQ(adopted, 1);
  close(p[0]);
}

static void children_ignored_are_reaped(void) {
  signal(SIGCHLD, SIG_IGN);
  pid_t pid = fork();
  if (pid == 0) {
    _exit(0);
  }
  CHECK_ERR(waitpid(pid, NULL, 0), ECHILD);
  signal(SIGCHLD, SIG_DFL);
}

static void many_children(void) {
  enum { COUNT = 50 };
  for (int i = 0; i < COUNT; i++) {
    if (fork() == 0) {
      _exit(i);
    }
  }
  int sum = 0, status;
  for (int i = 0; i < COUNT; i++) {
    CHECK(wait(&status) > 0);
    sum += WEXITSTATUS(status);
  }
  CHECK_EQ(sum, COUNT * (COUNT - 1) / 2);
}

static int worker(int argc, char **argv) {
  if (strcmp(argv[1], "code") == 0) {
    return atoi(argv[2]);
  }
  if (strcmp(argv[1], "script") == 0) {
    // name of the script and its argument follow the interpreter's one argument
    return argc == 4 && strncmp(argv[2], "/tmp/script", 11) == 0 && !strcmp(argv[3], "more") ? 21
                                                                                           : 22;
  }
  if (strcmp(argv[1], "environment") == 0) {
    CHECK_EQ(argc, 4);
    CHECK(strcmp(argv[2], "a b") == 0);
    CHECK(strcmp(argv[3], "") == 0);
    CHECK(getenv("A") && strcmp(getenv("A"), "1") == 0);
    CHECK(getenv("EMPTY") && strcmp(getenv("EMPTY"), "") == 0);
    CHECK(getenv("PATH") == NULL);
    return check_result();
  }
  if (strcmp(argv[1], "descriptors") == 0) {
    CHECK(fcntl(atoi(argv[2]), F_GETFD) >= 0);
    CHECK_ERR(fcntl(atoi(argv[3]), F_GETFD), EBADF);
    return check_result();
  }
  if (strcmp(argv[1], "signals") == 0) {
    struct sigaction a;
    sigaction(SIGUSR1, NULL, &a);
    CHECK(a.sa_handler == SIG_IGN);
    sigaction(SIGUSR2, NULL, &a);
    CHECK(a.sa_handler == SIG_DFL);
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    CHECK(sigismember(&set, SIGTERM));
    CHECK(!sigismember(&set, SIGINT));
    return check_result();
  }
  return 98;
}

int main(int argc, char **argv) {
  if (argc > 1) {
    return worker(argc, argv);
  }
  static char path[4096];
  CHECK(realpath("/proc/self/exe", path) != NULL);
  self = path;
  exit_codes();
  killed();
  wait_no_hang();
  stop_and_continue();
  a_stop_makes_a_continuation_forgotten();
  kill_while_stopped();
  wait_by_group();
  vfork_shares_memory();
  fork_copies_memory();
  CHECK_EQ(run("code", "42"), 42 << 8);
  exec_errors();
  exec_script();
  exec_passes_environment();
  close_on_exec();
  exec_by_descriptor();
  signal_state_over_exec();
  groups_and_sessions();
  orphan_is_adopted();
  children_ignored_are_reaped();
  many_children();
  return check_result();
}
