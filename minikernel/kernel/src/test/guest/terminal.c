// Terminals through pseudo-terminal pairs: line editing, signals by key, job control, hang-up.
#include "check.h"

#include <sys/ioctl.h>
#include <termios.h>

static int master, slave;
static char text[8192];

static void open_pair(void) {
  master = posix_openpt(O_RDWR | O_NOCTTY);
  CHECK(master >= 0);
  CHECK_EQ(grantpt(master), 0);
  char name[64];
  CHECK_EQ(ptsname_r(master, name, sizeof name), 0);
  CHECK_ERR(open(name, O_RDWR | O_NOCTTY), EIO); // locked yet
  CHECK_EQ(unlockpt(master), 0);
  slave = open(name, O_RDWR | O_NOCTTY);
  CHECK(slave >= 0);
  CHECK(isatty(slave));
  char other[64];
  CHECK_EQ(ttyname_r(slave, other, sizeof other), 0);
  CHECK(strcmp(name, other) == 0);
}

static void close_pair(void) {
  close(slave);
  close(master);
}

// Types. Linux passes keys on in a thread of its own, for which a poll that finds nothing waits.
static void type(const char *s) {
  struct pollfd f = {slave, POLLIN, 0};
  CHECK_EQ(write(master, s, strlen(s)), strlen(s));
  (void)!poll(&f, 1, 0);
}

// What the master has to read now; waits a little for it to settle.
static const char *shown(void) {
  size_t n = 0;
  struct pollfd f = {master, POLLIN, 0};
  while (n < sizeof text - 1 && poll(&f, 1, 20) == 1 && (f.revents & POLLIN)) {
    ssize_t r = read(master, text + n, sizeof text - 1 - n);
    if (r <= 0) {
      break;
    }
    n += r;
  }
  text[n] = 0;
  return text;
}

#define CHECK_TEXT(actual, expected)                                                         \
  do {                                                                                       \
    const char *check_t = (actual);                                                          \
    if (strcmp(check_t, expected) != 0) {                                                    \
      dprintf(1, "FAIL %s:%d: \"%s\" is not \"%s\"\n", __FILE__, __LINE__, check_t, expected); \
      check_failures++;                                                                      \
    }                                                                                        \
  } while (0)

static const char *input(int size) {
  static char line[8192];
  struct pollfd f = {slave, POLLIN, 0};
  if (poll(&f, 1, 10000) != 1) {
    return "(nothing)";
  }
  ssize_t n = read(slave, line, size);
  line[n < 0 ? 0 : n] = 0;
  return line;
}

static void set(int lflag_on, int lflag_off) {
  struct termios t;
  tcgetattr(slave, &t);
  t.c_lflag |= lflag_on;
  t.c_lflag &= ~lflag_off;
  CHECK_EQ(tcsetattr(slave, TCSANOW, &t), 0);
}

static void editing(void) {
  open_pair();
  struct termios t;
  CHECK_EQ(tcgetattr(slave, &t), 0);
  CHECK_EQ(t.c_lflag & (ICANON | ECHO | ISIG), ICANON | ECHO | ISIG);
  CHECK_EQ(t.c_cc[VINTR], 3);
  type("hello\r");
  CHECK_TEXT(input(100), "hello\n");
  CHECK_TEXT(shown(), "hello\r\n");
  type("abc\177\177x\n");
  CHECK_TEXT(input(100), "ax\n");
  CHECK_TEXT(shown(), "abc\b \b\b \bx\r\n");
  type("one two\027three\n");
  CHECK_TEXT(input(100), "one three\n");
  type("rubbish\025ok\n");
  CHECK_TEXT(input(100), "ok\n");
  shown();
  type("a\026\003b\n");
  CHECK_TEXT(input(100), "a\003b\n");
  CHECK_TEXT(shown(), "a^\b^Cb\r\n");
  type("one\ntwo\n");
  CHECK_TEXT(input(100), "one\n");
  int n;
  ioctl(slave, FIONREAD, &n);
  CHECK_EQ(n, 4);
  CHECK_TEXT(input(2), "tw");
  CHECK_TEXT(input(100), "o\n");
  type("part\004");
  CHECK_TEXT(input(100), "part");
  type("\004");
  CHECK_TEXT(input(100), "");
  shown();
  CHECK_EQ(write(slave, "a\nb\tc", 5), 5);
  CHECK_TEXT(shown(), "a\r\nb\tc");
  fcntl(slave, F_SETFL, O_NONBLOCK);
  char c;
  CHECK_ERR(read(slave, &c, 1), EAGAIN);
  type("x");
  CHECK_ERR(read(slave, &c, 1), EAGAIN);
  type("\n");
  CHECK_EQ(read(slave, &c, 1), 1);
  close_pair();
}

static void raw_mode(void) {
  open_pair();
  struct termios t;
  tcgetattr(slave, &t);
  cfmakeraw(&t);
  CHECK_EQ(tcsetattr(slave, TCSAFLUSH, &t), 0);
  type("a\003\r\n");
  CHECK_TEXT(input(100), "a\003\r\n");
  CHECK_TEXT(shown(), "");
  CHECK_EQ(write(slave, "\n", 1), 1);
  CHECK_TEXT(shown(), "\n");
  t.c_cc[VMIN] = 3;
  tcsetattr(slave, TCSANOW, &t);
  struct pollfd f = {slave, POLLIN, 0};
  type("12");
  CHECK_EQ(poll(&f, 1, 20), 0);
  type("3");
  CHECK_EQ(poll(&f, 1, 10000), 1);
  CHECK_TEXT(input(100), "123");
  t.c_cc[VMIN] = 0;
  t.c_cc[VTIME] = 0;
  tcsetattr(slave, TCSANOW, &t);
  char c[10];
  CHECK_EQ(read(slave, c, 10), 0);
  t.c_cc[VTIME] = 1;
  tcsetattr(slave, TCSANOW, &t);
  int64_t begin = now_ns();
  CHECK_EQ(read(slave, c, 10), 0);
  CHECK(now_ns() - begin >= 90000000);
  type("z");
  CHECK_EQ(read(slave, c, 10), 1);
  t.c_cc[VMIN] = 5;
  tcsetattr(slave, TCSANOW, &t);
  type("ab");
  begin = now_ns();
  CHECK_EQ(read(slave, c, 10), 2); // the pause between bytes was too long
  CHECK(now_ns() - begin >= 50000000);
  close_pair();
}

static void output_waits_for_room(void) {
  open_pair();
  enum { LINES = 20000 };
  pid_t pid = fork();
  if (pid == 0) {
    char line[32];
    for (int i = 0; i < LINES; i++) {
      int n = snprintf(line, sizeof line, "%d\n", i);
      if (write(slave, line, n) != n) {
        _exit(1);
      }
    }
    _exit(0);
  }
  close(slave);
  long total = 0, newlines = 0;
  uint32_t sum = 0;
  for (;;) {
    ssize_t n = read(master, text, sizeof text);
    if (n <= 0) {
      break;
    }
    for (ssize_t i = 0; i < n; i++) {
      newlines += text[i] == '\n';
      sum = sum * 31 + (unsigned char)text[i];
    }
    total += n;
  }
  CHECK_EQ(newlines, LINES);
  uint32_t expected = 0;
  long length = 0;
  for (int i = 0; i < LINES; i++) {
    char line[32];
    int n = snprintf(line, sizeof line, "%d\r\n", i);
    for (int j = 0; j < n; j++) {
      expected = expected * 31 + (unsigned char)line[j];
    }
    length += n;
  }
  CHECK_EQ(total, length);
  CHECK_EQ(sum, expected);
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  close(master);
}

static void flow_control(void) {
  open_pair();
  set(0, ECHO);
  type("\023");
  fcntl(slave, F_SETFL, O_NONBLOCK);
  CHECK_ERR(write(slave, "x", 1), EAGAIN);
  type("\021");
  CHECK_EQ(write(slave, "x", 1), 1);
  CHECK_TEXT(shown(), "x");
  CHECK_EQ(tcflow(slave, TCOOFF), 0);
  CHECK_ERR(write(slave, "y", 1), EAGAIN);
  CHECK_EQ(tcflow(slave, TCOON), 0);
  CHECK_EQ(write(slave, "y", 1), 1);
  CHECK_TEXT(shown(), "y");
  type("lost");
  CHECK_EQ(tcflush(slave, TCIFLUSH), 0);
  type("kept\n");
  CHECK_TEXT(input(100), "kept\n");
  close_pair();
}

static volatile int got;

static void handler(int signal) { got = signal; }

// Becomes the leader of a session that the slave controls.
static void take_terminal(void) {
  CHECK_EQ(setsid(), getpid());
  CHECK_ERR(open("/dev/tty", O_RDWR), ENXIO);
  CHECK_EQ(ioctl(slave, TIOCSCTTY, 0), 0);
  CHECK_EQ(tcgetpgrp(slave), getpid());
  CHECK_EQ(tcgetsid(slave), getpid());
  int tty = open("/dev/tty", O_RDWR);
  CHECK(tty >= 0);
  close(tty);
}

static void keys_body(void) {
  take_terminal();
  struct sigaction a = {.sa_handler = handler};
  sigaction(SIGINT, &a, NULL);
  sigaction(SIGQUIT, &a, NULL);
  sigaction(SIGTSTP, &a, NULL);
  sigaction(SIGWINCH, &a, NULL);
  got = 0;
  type("half");
  CHECK_TEXT(shown(), "half");
  type("\003");
  CHECK_EQ(got, SIGINT);
  CHECK_TEXT(shown(), "^C");
  type("\034");
  CHECK_EQ(got, SIGQUIT);
  type("\032");
  CHECK_EQ(got, SIGTSTP);
  type("next\n"); // the half line was thrown away
  CHECK_TEXT(input(100), "next\n");
  struct winsize w = {.ws_row = 30, .ws_col = 100}, v;
  CHECK_EQ(ioctl(master, TIOCSWINSZ, &w), 0);
  CHECK_EQ(got, SIGWINCH);
  CHECK_EQ(ioctl(slave, TIOCGWINSZ, &v), 0);
  CHECK_EQ(v.ws_row, 30);
  CHECK_EQ(v.ws_col, 100);
  got = 0;
  ioctl(slave, TIOCSWINSZ, &w); // no change, no signal
  pause_ms(10);
  CHECK_EQ(got, 0);
}

static void keys(void) {
  open_pair();
  CHECK_CHILD(keys_body);
  close_pair();
}

static void jobs_body(void) {
  take_terminal();
  int status;
  // a background job that reads is stopped, and goes on in the foreground
  pid_t job = fork();
  if (job == 0) {
    setpgid(0, 0);
    char c = 0;
    ssize_t n = read(slave, &c, 1);
    _exit(n == 1 ? c : 1);
  }
  setpgid(job, job);
  CHECK_EQ(waitpid(job, &status, WUNTRACED), job);
  CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTIN);
  signal(SIGTTOU, SIG_IGN);
  CHECK_EQ(tcsetpgrp(slave, job), 0);
  CHECK_EQ(tcgetpgrp(slave), job);
  kill(-job, SIGCONT);
  type("k\n");
  CHECK_EQ(waitpid(job, &status, WUNTRACED), job);
  CHECK_EQ(status, 'k' << 8);
  CHECK_EQ(tcsetpgrp(slave, getpgrp()), 0);
  tcflush(slave, TCIFLUSH);
  // a background job may write unless TOSTOP is set
  signal(SIGTTOU, SIG_DFL);
  for (int stops = 0; stops < 2; stops++) {
    set(stops ? TOSTOP : 0, 0);
    job = fork();
    if (job == 0) {
      setpgid(0, 0);
      pause_ms(10);
      _exit(write(slave, "w", 1) == 1 ? 7 : 1);
    }
    setpgid(job, job);
    CHECK_EQ(waitpid(job, &status, WUNTRACED), job);
    if (stops) {
      CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTOU);
      kill(job, SIGKILL);
      waitpid(job, &status, 0);
    } else {
      CHECK_EQ(status, 7 << 8);
    }
  }
  set(0, TOSTOP);
  // changing settings in the background stops too; ignoring SIGTTOU lets it through
  job = fork();
  if (job == 0) {
    setpgid(0, 0);
    struct termios t;
    tcgetattr(slave, &t);
    signal(SIGTTOU, SIG_IGN);
    int allowed = tcsetattr(slave, TCSANOW, &t);
    signal(SIGTTOU, SIG_DFL);
    tcsetattr(slave, TCSANOW, &t);
    _exit(allowed == 0 ? 5 : 6);
  }
  setpgid(job, job);
  CHECK_EQ(waitpid(job, &status, WUNTRACED), job);
  CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTOU);
  signal(SIGTTOU, SIG_IGN);
  tcsetpgrp(slave, job);
  kill(job, SIGCONT);
  CHECK_EQ(waitpid(job, &status, 0), job);
  CHECK_EQ(status, 5 << 8);
  tcsetpgrp(slave, getpgrp());
  // reading with SIGTTIN blocked, or from an orphaned group, is an error
  job = fork();
  if (job == 0) {
    setpgid(0, 0);
    signal(SIGTTIN, SIG_IGN);
    char c;
    CHECK_ERR(read(slave, &c, 1), EIO);
    _exit(check_failures);
  }
  setpgid(job, job);
  waitpid(job, &status, 0);
  CHECK_EQ(status, 0);
  CHECK_ERR(tcsetpgrp(slave, 0x7ffffff), ESRCH);
  int other = 1;
  CHECK(ioctl(slave, TIOCSPGRP, &other) == -1);
}

static void jobs(void) {
  open_pair();
  CHECK_CHILD(jobs_body);
  close_pair();
}

static void hang_up_body(void) {
  take_terminal();
  signal(SIGHUP, handler);
  got = 0;
  close(master);
  UNTIL(got == SIGHUP);
  char c;
  CHECK_EQ(read(slave, &c, 1), 0);
  CHECK_ERR(write(slave, "x", 1), EIO);
  struct termios t;
  CHECK_ERR(tcgetattr(slave, &t), EIO);
  struct pollfd f = {slave, POLLIN | POLLOUT, 0};
  CHECK_EQ(poll(&f, 1, 0), 1);
  CHECK(f.revents & POLLHUP);
  CHECK_ERR(open("/dev/tty", O_RDWR), ENXIO);
}

static void hang_up(void) {
  open_pair();
  pid_t pid = fork();
  if (pid == 0) {
    check_failures = 0;
    hang_up_body();
    _exit(check_failures);
  }
  close(master);
  close(slave);
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
}

static char hup[32];

static void leader_ends_body(void) {
  take_terminal();
  int p[2];
  CHECK_EQ(pipe(p), 0);
  if (fork() == 0) {
    signal(SIGHUP, handler);
    (void)!write(p[1], "r", 1);
    while (got == 0) {
      pause_ms(1);
    }
    // told through the file that the test looks at
    _exit(close(open(hup, O_CREAT | O_WRONLY, 0600)));
  }
  char c;
  CHECK_EQ(read(p[0], &c, 1), 1);
}

static void leader_ends(void) {
  snprintf(hup, sizeof hup, "/tmp/hup%d", getpid());
  open_pair();
  CHECK_CHILD(leader_ends_body);
  UNTIL(access(hup, F_OK) == 0);
  unlink(hup);
  close_pair();
}

static void last_slave_closes(void) {
  open_pair();
  CHECK_EQ(write(slave, "bye", 3), 3);
  close(slave);
  CHECK_EQ(read(master, text, 100), 3);
  CHECK_ERR(read(master, text, 100), EIO);
  struct pollfd f = {master, POLLIN, 0};
  CHECK_EQ(poll(&f, 1, 0), 1);
  CHECK(f.revents & POLLHUP);
  char name[64];
  ptsname_r(master, name, sizeof name);
  slave = open(name, O_RDWR | O_NOCTTY); // opening it again heals that
  CHECK_EQ(poll(&f, 1, 0), 0);
  close_pair();
}

static void packets(void) {
  open_pair();
  int on = 1;
  CHECK_EQ(ioctl(master, TIOCPKT, &on), 0);
  CHECK_EQ(write(slave, "data", 4), 4);
  CHECK_EQ(read(master, text, 100), 5);
  CHECK_EQ(text[0], TIOCPKT_DATA);
  CHECK_EQ(text[1], 'd');
  CHECK_EQ(tcflush(slave, TCIOFLUSH), 0);
  CHECK_EQ(read(master, text, 100), 1);
  CHECK(text[0] & (TIOCPKT_FLUSHREAD | TIOCPKT_FLUSHWRITE));
  close_pair();
}

static void not_terminals(void) {
  int fd = open("/dev/null", O_RDWR);
  struct termios t;
  CHECK_ERR(tcgetattr(fd, &t), ENOTTY);
  CHECK(!isatty(fd));
  close(fd);
  int p[2];
  CHECK_EQ(pipe(p), 0);
  CHECK_ERR(tcgetattr(p[0], &t), ENOTTY);
  close(p[0]);
  close(p[1]);
}

int main(void) {
  CHECK_EQ(chdir("/tmp"), 0);
  editing();
  raw_mode();
  output_waits_for_room();
  flow_control();
  keys();
  jobs();
  hang_up();
  leader_ends();
  last_slave_closes();
  packets();
  not_terminals();
  return check_result();
}
