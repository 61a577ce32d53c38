/* NVMe drives as programs see them: passthrough commands, data, failures. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK 512
#define PAGE 4096

static unsigned char page[PAGE] __attribute__((aligned(PAGE)));
static unsigned char large[1 << 20] __attribute__((aligned(PAGE)));

static int open_or_die(const char *path, int flags) {
  int fd = open(path, flags);
  if (fd < 0) {
    perror(path);
    exit(1);
  }
  return fd;
}

/* The result of an ioctl: what it returned, or its error. */
static const char *said(int result) {
  static char text[32];
  if (result < 0)
    return strerror(errno);
  snprintf(text, sizeof text, "0x%x", result);
  return text;
}

static struct nvme_passthru_cmd identify(int what, unsigned nsid) {
  struct nvme_passthru_cmd c = {.opcode = 0x06,
                                .nsid = nsid,
                                .addr = (uintptr_t)page,
                                .data_len = PAGE,
                                .cdw10 = what};
  return c;
}

static uint64_t blocks(int fd) {
  uint64_t bytes = 0;
  ioctl(fd, BLKGETSIZE64, &bytes);
  int size = 0;
  ioctl(fd, BLKSSZGET, &size);
  return bytes / size;
}

/* Every ioctl of linux/nvme_ioctl.h once, and what is wrong with them. */
static int ioctls(void) {
  int c = open_or_die("/dev/nvme0", O_RDWR);
  int n = open_or_die("/dev/nvme0n1", O_RDWR);
  printf("id of controller: %s\n", said(ioctl(c, NVME_IOCTL_ID)));
  printf("id of namespace: %s\n", said(ioctl(n, NVME_IOCTL_ID)));

  struct nvme_passthru_cmd p = identify(1, 0);
  printf("identify controller: %s, ", said(ioctl(c, NVME_IOCTL_ADMIN_CMD, &p)));
  printf("%.22s\n", page + 24);
  p = identify(0, 1);
  memset(page, 0, PAGE);
  printf("identify namespace: %s, ", said(ioctl(n, NVME_IOCTL_ADMIN_CMD, &p)));
  printf("%llu blocks\n", (unsigned long long)*(uint64_t *)page);

  struct nvme_passthru_cmd64 q = {.opcode = 0x06,
                                  .addr = (uintptr_t)page,
                                  .data_len = PAGE,
                                  .cdw10 = 1};
  printf("identify, 64 bits: %s\n", said(ioctl(c, NVME_IOCTL_ADMIN64_CMD, &q)));
  struct nvme_passthru_cmd f = {.opcode = 0x0a, .cdw10 = 0x07};
  int r = ioctl(c, NVME_IOCTL_ADMIN_CMD, &f);
  printf("number of queues: %s, 0x%x\n", said(r), f.result);

  memset(page, 'x', PAGE);
  struct nvme_passthru_cmd w = {.opcode = 0x01,
                                .nsid = 1,
                                .addr = (uintptr_t)page,
                                .data_len = PAGE,
                                .cdw10 = 16,
                                .cdw12 = PAGE / BLOCK - 1};
  printf("write: %s\n", said(ioctl(n, NVME_IOCTL_IO_CMD, &w)));
  memset(page, 0, PAGE);
  struct nvme_user_io u = {.opcode = 0x02,
                           .nblocks = 0,
                           .addr = (uintptr_t)page,
                           .slba = 20};
  printf("read: %s, ", said(ioctl(n, NVME_IOCTL_SUBMIT_IO, &u)));
  printf("%.4s\n", page);
  struct nvme_passthru_cmd64 v = {.opcode = 0x02,
                                  .nsid = 1,
                                  .addr = (uintptr_t)large,
                                  .data_len = sizeof large,
                                  .cdw12 = sizeof large / BLOCK - 1};
  printf("read of 1 MiB: %s, ", said(ioctl(n, NVME_IOCTL_IO64_CMD, &v)));
  printf("%.4s\n", large + 16 * BLOCK);

  v.cdw10 = 0xffffffff;
  printf("read behind the end: %s\n", said(ioctl(n, NVME_IOCTL_IO64_CMD, &v)));
  w.nsid = 2;
  printf("another namespace: %s\n", said(ioctl(n, NVME_IOCTL_IO_CMD, &w)));
  w.nsid = 1;
  w.addr = 16;
  printf("no such memory: %s\n", said(ioctl(n, NVME_IOCTL_IO_CMD, &w)));
  w.addr = (uintptr_t)page;
  w.flags = 1;
  printf("flags: %s\n", said(ioctl(n, NVME_IOCTL_IO_CMD, &w)));
  w.flags = 0;
  w.data_len = 1 << 30;
  printf("too long: %s\n", said(ioctl(n, NVME_IOCTL_IO_CMD, &w)));
  p = identify(0xff, 0);
  printf("no such structure: %s\n", said(ioctl(c, NVME_IOCTL_ADMIN_CMD, &p)));
  printf("no such ioctl: %s\n", said(ioctl(c, _IO('N', 0x7f))));

  printf("rescan: %s\n", said(ioctl(c, NVME_IOCTL_RESCAN)));
  printf("reset: %s\n", said(ioctl(c, NVME_IOCTL_RESET)));
  printf("subsystem reset: %s\n", said(ioctl(c, NVME_IOCTL_SUBSYS_RESET)));
  printf("reset of a namespace: %s\n", said(ioctl(n, NVME_IOCTL_RESET)));
  u.slba = 17;
  printf("read after that: %s, ", said(ioctl(n, NVME_IOCTL_SUBMIT_IO, &u)));
  printf("%.4s\n", page);

  if (setuid(1000) == 0) {
    p = identify(1, 0);
    printf("as a user: %s\n", said(ioctl(c, NVME_IOCTL_ADMIN_CMD, &p)));
  }
  return 0;
}

/* A format changes what the disk is. */
static int format(void) {
  int n = open_or_die("/dev/nvme0n1", O_RDWR);
  printf("%llu blocks\n", (unsigned long long)blocks(n));
  struct nvme_passthru_cmd f = {.opcode = 0x80, .nsid = 1, .cdw10 = 1};
  printf("format: %s\n", said(ioctl(n, NVME_IOCTL_ADMIN_CMD, &f)));
  close(n);
  n = open_or_die("/dev/nvme0n1", O_RDONLY);
  printf("%llu blocks\n", (unsigned long long)blocks(n));
  memset(page, 1, PAGE);
  printf("%zd bytes, %d\n", read(n, page, PAGE), page[0]);
  return 0;
}

/* A command that is never answered, and a program that is killed while it waits for one. */
static int hang(void) {
  int c = open_or_die("/dev/nvme0", O_RDWR);
  int n = open_or_die("/dev/nvme0n1", O_RDWR);
  struct nvme_passthru_cmd v = {.opcode = 0x0c, .nsid = 1, .timeout_ms = 200};
  printf("verify: %s\n", said(ioctl(n, NVME_IOCTL_IO_CMD, &v)));
  fflush(stdout);
  if (fork() == 0) {
    v.timeout_ms = 600;
    ioctl(n, NVME_IOCTL_IO_CMD, &v);
    _exit(1);
  }
  struct nvme_passthru_cmd p = identify(1, 0);
  p.timeout_ms = 200;
  p.opcode = 0x02; /* Get Log Page */
  p.cdw10 = 0x02 | (PAGE / 4 - 1) << 16;
  p.nsid = 0xffffffff;
  printf("log: %s\n", said(ioctl(c, NVME_IOCTL_ADMIN_CMD, &p)));
  p = identify(1, 0);
  printf("identify: %s\n", said(ioctl(c, NVME_IOCTL_ADMIN_CMD, &p)));
  wait(0);
  return 0;
}

/* Reads one page until that fails. */
static int pull(void) {
  int n = open_or_die("/dev/nvme0n1", O_RDONLY | O_DIRECT);
  int held = open_or_die("/dev/nvme0", O_RDWR);
  struct stat node;
  if (stat("/dev/nvme0", &node) || access("/sys/class/nvme/nvme0/model", F_OK))
    printf("no controller\n");
  int good = 0;
  while (pread(n, page, PAGE, 0) == PAGE && good < 100)
    good++;
  printf("%d reads, then %s\n", good, strerror(errno));
  int again = open("/dev/nvme0n1", O_RDONLY);
  printf("open: %s\n", again < 0 ? strerror(errno) : "works");
  struct nvme_passthru_cmd p = identify(1, 0);
  printf("identify: %s\n", said(ioctl(held, NVME_IOCTL_ADMIN_CMD, &p)));
  printf("controller: %s\n",
         open("/dev/nvme0", O_RDWR) < 0 ? strerror(errno) : "works");
  mknod("/tmp/own", node.st_mode, node.st_rdev);
  printf("by number: %s\n",
         open("/tmp/own", O_RDWR) < 0 ? strerror(errno) : "works");
  printf("in /sys: %s, %s\n",
         access("/sys/class/nvme/nvme0", F_OK) ? strerror(errno) : "there",
         access("/sys/block/nvme0n1", F_OK) ? strerror(errno) : "there");
  return 0;
}

/* What the disk itself has in a block, past all caches. */
static const char *on_disk(int fd, long block) {
  struct nvme_user_io u = {.opcode = 0x02, .addr = (uintptr_t)page, .slba = block};
  memset(page, 0, PAGE);
  return ioctl(fd, NVME_IOCTL_SUBMIT_IO, &u) ? strerror(errno) : (char *)page;
}

/* Stores to a mapping of a disk get there. */
static int mapping(void) {
  int n = open_or_die("/dev/nvme0n1", O_RDWR);
  char *m = mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, n, 8 * PAGE);
  strcpy(m, "not yet");
  strcpy(m + PAGE, "one");
  printf("before: '%s'\n", on_disk(n, 72));
  printf("msync: %s, ", said(msync(m + PAGE, PAGE, MS_SYNC)));
  printf("'%s'\n", on_disk(n, 72));
  strcpy(m + PAGE, "two");
  printf("async: %s\n", said(msync(m, 3 * PAGE, MS_ASYNC)));
  printf("fsync: %s, ", said(fsync(n)));
  printf("'%s'\n", on_disk(n, 72));
  munmap(m + PAGE, PAGE);
  printf("a hole: %s\n", said(msync(m, 3 * PAGE, MS_SYNC)));

  strcpy(m + 2 * PAGE, "unmapped");
  munmap(m + 2 * PAGE, PAGE);
  printf("munmap, fsync: %s, ", said(fsync(n)));
  printf("'%s'\n", on_disk(n, 80));
  if (fork() == 0) {
    strcpy(m, "exited");
    _exit(0);
  }
  wait(NULL);
  munmap(m, PAGE);
  sync();
  printf("exit, sync: '%s'\n", on_disk(n, 64));
  return 0;
}

/* COUNT direct reads of 4 KiB. */
static int reads(int count) {
  int n = open_or_die("/dev/nvme0n1", O_RDONLY | O_DIRECT);
  off_t size = lseek(n, 0, SEEK_END);
  for (int i = 0; i < count; i++)
    if (pread(n, page, PAGE, (i * 7919L * PAGE) % size) != PAGE)
      return 1;
  return 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "ioctls"))
    return ioctls();
  if (!strcmp(what, "format"))
    return format();
  if (!strcmp(what, "hang"))
    return hang();
  if (!strcmp(what, "pull"))
    return pull();
  if (!strcmp(what, "mapping"))
    return mapping();
  if (!strcmp(what, "reads") && argc > 2)
    return reads(atoi(argv[2]));
  return 2;
}
