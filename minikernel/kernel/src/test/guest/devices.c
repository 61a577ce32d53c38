/* Uses files under /dev that drivers stand behind; the host has no such devices. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what) {
  printf("%s: %s\n", what, strerror(errno));
  return 1;
}

/* read PATH BYTES: how many came, and how many different values there were among them */
static int read_bytes(const char *path, long wanted) {
  unsigned char *data = malloc(wanted);
  int seen[256] = {0}, kinds = 0;
  long done = 0;
  int fd = open(path, O_RDONLY);
  if (fd < 0) return fail("open");
  while (done < wanted) {
    ssize_t n = read(fd, data + done, wanted - done);
    if (n <= 0) return fail("read");
    done += n;
  }
  for (long i = 0; i < wanted; i++) kinds += !seen[data[i]]++;
  printf("%ld bytes, %d kinds\n", done, kinds);
  return 0;
}

/* number PATH: one 32-bit number */
static int read_number(const char *path) {
  int value;
  int fd = open(path, O_RDONLY);
  if (fd < 0) return fail("open");
  if (read(fd, &value, sizeof value) != sizeof value) return fail("read");
  printf("%d\n", value);
  return 0;
}

/* echo PATH: a line from there goes back, twice */
static int echo(const char *path) {
  char line[256];
  int fd = open(path, O_RDWR | O_NOCTTY);
  if (fd < 0) return fail("open");
  struct pollfd p = {fd, POLLIN, 0};
  if (poll(&p, 1, 10000) != 1) return fail("poll");
  ssize_t n = read(fd, line, sizeof line);
  if (n <= 0) return fail("read");
  if (write(fd, line, n) != n || write(fd, line, n) != n) return fail("write");
  printf("%zd bytes%s\n", n, isatty(fd) ? ", a terminal" : "");
  return 0;
}

/* fill PATH BYTES: writes so many */
static int fill(const char *path, long wanted) {
  char data[1000];
  memset(data, 'x', sizeof data);
  int fd = open(path, O_WRONLY | O_NOCTTY);
  if (fd < 0) return fail("open");
  for (long done = 0; done < wanted;) {
    ssize_t n = write(fd, data, wanted - done < 1000 ? wanted - done : 1000);
    if (n <= 0) return fail("write");
    done += n;
  }
  return 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[1] : "";
  if (!strcmp(what, "read") && argc > 3) return read_bytes(argv[2], atol(argv[3]));
  if (!strcmp(what, "number")) return read_number(argv[2]);
  if (!strcmp(what, "echo")) return echo(argv[2]);
  if (!strcmp(what, "fill") && argc > 3) return fill(argv[2], atol(argv[3]));
  return 2;
}
