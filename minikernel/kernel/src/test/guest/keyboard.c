// Types random keys into a terminal under random settings and prints everything that is echoed and
// read: the same on Linux and on the mini-kernel. The argument is a seed.
#include "check.h"

#include <ctype.h>
#include <sys/ioctl.h>
#include <termios.h>

static uint32_t state;

static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static void show(const char *what, const char *bytes, ssize_t n) {
  printf("%s %zd ", what, n);
  for (ssize_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c > 32 && c < 127 && c != '\\') {
      putchar(c);
    } else {
      printf("\\%03o", c);
    }
  }
  putchar('\n');
}

static int master, slave;

// Prints what was echoed and written since the last time, once nothing more comes.
static void settle(void) {
  char buffer[4096];
  size_t n = 0;
  struct pollfd f = {master, POLLIN, 0};
  while (n < sizeof buffer && poll(&f, 1, 20) == 1 && (f.revents & POLLIN)) {
    ssize_t r = read(master, buffer + n, sizeof buffer - n);
    if (r <= 0) {
      break;
    }
    n += r;
  }
  if (n > 0) {
    show("shown", buffer, n);
  }
}

static void settings(void) {
  struct termios t;
  tcgetattr(slave, &t);
  static const tcflag_t in[] = {ICRNL, INLCR, IGNCR, IXON, IXANY, IUTF8, ISTRIP};
  static const tcflag_t out[] = {OPOST, ONLCR, OCRNL, ONOCR, ONLRET, TABDLY, OLCUC};
  static const tcflag_t local[] = {ECHO, ECHOE, ECHOK, ECHOCTL, ECHOKE, ECHONL, IEXTEN, NOFLSH};
  uint32_t r = next();
  t.c_iflag ^= in[r % 7];
  t.c_oflag ^= out[(r >> 8) % 7];
  t.c_lflag ^= local[(r >> 16) % 8];
  if ((r >> 24 & 3) != 0) {
    t.c_lflag |= ECHO | IEXTEN;
    t.c_iflag |= ICRNL;
    t.c_oflag |= OPOST;
  }
  if ((r >> 27 & 7) == 0) {
    t.c_lflag ^= ICANON;
  }
  t.c_lflag &= ~ISIG;
  t.c_cc[VMIN] = 1;
  t.c_cc[VTIME] = 0;
  t.c_cc[VEOL] = (r & 1) ? ';' : 0;
  tcsetattr(slave, TCSANOW, &t);
  printf("settings %x %x %x\n", t.c_iflag, t.c_oflag, t.c_lflag);
}

int main(int argc, char **argv) {
  state = argc > 1 ? (uint32_t)atoi(argv[1]) * 2654435761U | 1 : 1;
  master = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(master);
  unlockpt(master);
  char name[64];
  ptsname_r(master, name, sizeof name);
  slave = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK);
  static const char keys[] = "abc XY_1.\t\r\n\177\027\025\026\022\004\001\033;\303\251";
  for (int step = 0; step < 400; step++) {
    uint32_t r = next();
    char buffer[64];
    if (r % 12 < 4) {
      settle();
    }
    switch (r % 12) {
    case 0:
      settings();
      break;
    case 1: {
      ssize_t n = read(slave, buffer, 1 + (r >> 8) % 20);
      if (n < 0) {
        printf("read: %s\n", strerror(errno));
      } else {
        show("read", buffer, n);
      }
      break;
    }
    case 2: {
      static const char *texts[] = {"hello\n", "a\tb\r\n", "\b\bx", "tab\t\ttab\n"};
      const char *text = texts[(r >> 8) % 4];
      ssize_t n = write(slave, text, strlen(text));
      if (n < 0) {
        printf("write: %s\n", strerror(errno));
      }
      break;
    }
    case 3: {
      int n = -1;
      ioctl(slave, FIONREAD, &n);
      struct pollfd f = {slave, POLLIN, 0};
      int ready = poll(&f, 1, 0);
      printf("there %d ready %d\n", n, ready);
      break;
    }
    default:
      buffer[0] = keys[(r >> 8) % (sizeof keys - 1)];
      (void)!write(master, buffer, 1);
      // Linux passes a key on in a thread of its own, for which a poll that finds nothing waits.
      (void)!poll(&(struct pollfd){slave, POLLIN, 0}, 1, 0);
      pause_ms(1); // where it finds a line that is there already
    }
  }
  settle();
  return 0;
}
