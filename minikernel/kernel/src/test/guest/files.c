// Files and folders: every call that takes a path or a descriptor of a file.
#include "check.h"

#include <dirent.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>

static char buffer[65536];

static void make(const char *name, const char *text) {
  int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  CHECK(fd >= 0);
  CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
  close(fd);
}

static int holds(const char *name, const char *text) {
  int fd = open(name, O_RDONLY);
  ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof buffer);
  close(fd);
  return n == (ssize_t)strlen(text) && memcmp(buffer, text, n) == 0;
}

static void opening(void) {
  make("a", "hello");
  CHECK(holds("a", "hello"));
  CHECK_ERR(open("a", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
  CHECK_ERR(open("none", O_RDONLY), ENOENT);
  CHECK_ERR(open("a/b", O_RDONLY), ENOTDIR);
  CHECK_ERR(open("a/", O_RDONLY), ENOTDIR);
  CHECK_ERR(open("none/", O_CREAT | O_RDWR, 0600), EISDIR);
  CHECK_ERR(open(".", O_RDWR), EISDIR);
  CHECK_ERR(open("a", O_RDONLY | O_DIRECTORY), ENOTDIR);
  CHECK_ERR(open("", O_RDONLY), ENOENT);
  char name[PATH_MAX + 10];
  memset(name, 'x', sizeof name);
  name[256] = 0;
  CHECK_ERR(open(name, O_RDONLY), ENAMETOOLONG);
  CHECK_ERR(open(name, O_CREAT | O_RDWR, 0600), ENAMETOOLONG);
  name[256] = 'x';
  name[sizeof name - 1] = 0;
  CHECK_ERR(open(name, O_RDONLY), ENAMETOOLONG);
  int fd = open("a", O_WRONLY | O_APPEND);
  CHECK_EQ(write(fd, " you", 4), 4);
  CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
  CHECK_EQ(write(fd, "!", 1), 1);
  CHECK_ERR(read(fd, buffer, 1), EBADF);
  close(fd);
  CHECK(holds("a", "hello you!"));
  fd = open("a", O_RDWR | O_TRUNC);
  CHECK_EQ(lseek(fd, 0, SEEK_END), 0);
  close(fd);
  umask(027);
  fd = open("m", O_CREAT | O_RDWR, 0666);
  struct stat s;
  fstat(fd, &s);
  CHECK_EQ(s.st_mode & 07777, 0640);
  umask(022);
  close(fd);
  unlink("m");
  fd = open("a", O_PATH);
  CHECK_ERR(read(fd, buffer, 1), EBADF);
  CHECK_EQ(fstat(fd, &s), 0);
  close(fd);
  fd = open(".", O_TMPFILE | O_RDWR, 0600);
  CHECK(fd >= 0);
  CHECK_EQ(write(fd, "temporary", 9), 9);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  CHECK_EQ(linkat(AT_FDCWD, path, AT_FDCWD, "linked", AT_SYMLINK_FOLLOW), 0);
  close(fd);
  CHECK(holds("linked", "temporary"));
  unlink("linked");
  unlink("a");
}

static void reading_and_writing(void) {
  int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
  CHECK_EQ(pwrite(fd, "abc", 3, 10), 3);
  CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
  CHECK_EQ(read(fd, buffer, 100), 13);
  CHECK_EQ(buffer[0], 0);
  CHECK_EQ(buffer[12], 'c');
  CHECK_EQ(read(fd, buffer, 100), 0);
  CHECK_EQ(lseek(fd, -3, SEEK_END), 10);
  CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
  CHECK_ERR(lseek(fd, 0, 99), EINVAL);
  CHECK_EQ(lseek(fd, 1000000, SEEK_SET), 1000000);
  CHECK_EQ(read(fd, buffer, 1), 0);
  CHECK_EQ(write(fd, "z", 1), 1);
  struct stat s;
  fstat(fd, &s);
  CHECK_EQ(s.st_size, 1000001);
  CHECK(s.st_blocks * 512 < 100000);
  CHECK_EQ(lseek(fd, 20000, SEEK_DATA) >= 20000, 1);
  CHECK(lseek(fd, 0, SEEK_HOLE) >= 13);
  CHECK_ERR(lseek(fd, 2000000, SEEK_DATA), ENXIO);
  CHECK_EQ(ftruncate(fd, 5), 0);
  CHECK_EQ(ftruncate(fd, 20), 0);
  CHECK_EQ(pread(fd, buffer, 100, 0), 20);
  CHECK_EQ(buffer[12], 0);
  CHECK_ERR(ftruncate(fd, -1), EINVAL);
  CHECK_ERR(pread(fd, buffer, 1, -1), EINVAL);
  struct iovec v[2] = {{"12", 2}, {"345", 3}};
  CHECK_EQ(pwritev(fd, v, 2, 1), 5);
  char x[3], y[9];
  struct iovec w[2] = {{x, 3}, {y, 9}};
  CHECK_EQ(preadv(fd, w, 2, 0), 12);
  CHECK(memcmp(x, "\00012", 3) == 0 && memcmp(y, "345", 3) == 0);
  CHECK_EQ(fallocate(fd, 0, 0, 10000), 0);
  fstat(fd, &s);
  CHECK_EQ(s.st_size, 10000);
  CHECK_EQ(fsync(fd), 0);
  CHECK_EQ(fdatasync(fd), 0);
  CHECK_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
  for (int i = 0; i < 65536; i++) {
    buffer[i] = (char)(i * 31);
  }
  CHECK_EQ(pwrite(fd, buffer, sizeof buffer, 4090), sizeof buffer);
  static char again[65536];
  CHECK_EQ(pread(fd, again, sizeof again, 4090), sizeof again);
  CHECK(memcmp(buffer, again, sizeof again) == 0);
  int out = open("g", O_RDWR | O_CREAT | O_TRUNC, 0600);
  off_t from = 4090;
  CHECK_EQ(sendfile(out, fd, &from, 30000), 30000);
  CHECK_EQ(from, 34090);
  CHECK_EQ(pread(out, again, sizeof again, 0), 30000);
  CHECK(memcmp(buffer, again, 30000) == 0);
  close(out);
  close(fd);
  CHECK_ERR(read(fd, buffer, 1), EBADF);
  CHECK_ERR(close(fd), EBADF);
  CHECK_EQ(truncate("g", 3), 0);
  CHECK_ERR(truncate("none", 3), ENOENT);
  CHECK_ERR(truncate(".", 3), EISDIR);
  unlink("f");
  unlink("g");
}

static void descriptors(void) {
  make("d", "0123456789");
  int a = open("d", O_RDWR);
  int b = dup(a);
  CHECK_EQ(read(a, buffer, 4), 4);
  CHECK_EQ(lseek(b, 0, SEEK_CUR), 4); // one position for both
  int c = open("d", O_RDONLY);
  CHECK_EQ(lseek(c, 0, SEEK_CUR), 0);
  CHECK_EQ(dup2(a, 50), 50);
  CHECK_EQ(lseek(50, 0, SEEK_CUR), 4);
  CHECK_EQ(dup2(a, a), a);
  CHECK_ERR(dup3(a, a, 0), EINVAL);
  CHECK_EQ(dup3(a, 51, O_CLOEXEC), 51);
  CHECK_EQ(fcntl(51, F_GETFD), FD_CLOEXEC);
  CHECK_EQ(fcntl(a, F_GETFD), 0);
  CHECK_EQ(fcntl(a, F_SETFD, FD_CLOEXEC), 0);
  CHECK_EQ(fcntl(a, F_GETFD), FD_CLOEXEC);
  CHECK_EQ(fcntl(a, F_DUPFD, 60), 60);
  CHECK_EQ(fcntl(a, F_DUPFD_CLOEXEC, 60), 61);
  CHECK_EQ(fcntl(a, F_GETFL) & O_ACCMODE, O_RDWR);
  CHECK_EQ(fcntl(a, F_SETFL, O_APPEND), 0);
  CHECK(fcntl(b, F_GETFL) & O_APPEND);
  CHECK_ERR(dup(-1), EBADF);
  CHECK_ERR(dup2(a, -1), EBADF);
  CHECK_ERR(dup2(a, 100000000), EBADF);
  CHECK_ERR(fcntl(a, F_DUPFD, -1), EINVAL);
  CHECK_ERR(fcntl(a, 9999), EINVAL);
  CHECK_ERR(fcntl(999, F_GETFD), EBADF);
  close(a);
  CHECK_EQ(lseek(b, 0, SEEK_CUR), 4);
  close(b);
  close(c);
  CHECK_EQ(syscall(SYS_close_range, 50, 70, 0), 0);
  CHECK_ERR(close(50), EBADF);
  CHECK_ERR(close(61), EBADF);
  unlink("d");
}

static void names(void) {
  make("a", "A");
  struct stat s, t;
  CHECK_EQ(link("a", "b"), 0);
  stat("a", &s);
  stat("b", &t);
  CHECK_EQ(s.st_ino, t.st_ino);
  CHECK_EQ(s.st_nlink, 2);
  CHECK_ERR(link("a", "b"), EEXIST);
  CHECK_ERR(link("none", "c"), ENOENT);
  CHECK_ERR(link(".", "c"), EPERM);
  CHECK_EQ(unlink("a"), 0);
  CHECK(holds("b", "A"));
  CHECK_ERR(unlink("a"), ENOENT);
  CHECK_ERR(unlink("."), EISDIR);
  int fd = open("b", O_RDWR);
  unlink("b");
  CHECK_EQ(write(fd, "still", 5), 5);
  fstat(fd, &s);
  CHECK_EQ(s.st_nlink, 0);
  close(fd);
  make("a", "A");
  make("b", "B");
  CHECK_EQ(rename("a", "b"), 0);
  CHECK(holds("b", "A"));
  CHECK_ERR(rename("a", "c"), ENOENT);
  CHECK_EQ(rename("b", "b"), 0);
  mkdir("dir", 0755);
  mkdir("dir/sub", 0755);
  CHECK_ERR(rename("dir", "dir/sub/x"), EINVAL);
  CHECK_ERR(rename("b", "dir"), EISDIR);
  CHECK_ERR(rename("dir", "b"), ENOTDIR);
  make("dir/f", "F");
  mkdir("empty", 0755);
  CHECK_ERR(rename("empty", "dir"), ENOTEMPTY);
  CHECK_EQ(rename("dir", "empty"), 0);
  CHECK(holds("empty/f", "F"));
  CHECK_EQ(renameat2(AT_FDCWD, "b", AT_FDCWD, "empty", RENAME_EXCHANGE), 0);
  CHECK(holds("b/f", "F"));
  CHECK(holds("empty", "A"));
  CHECK_ERR(renameat2(AT_FDCWD, "b", AT_FDCWD, "empty", RENAME_NOREPLACE), EEXIST);
  CHECK_ERR(renameat2(AT_FDCWD, "b", AT_FDCWD, "empty", 99), EINVAL);
  unlink("b/f");
  rmdir("b/sub");
  rmdir("b");
  unlink("empty");
}

static void folders(void) {
  struct stat s;
  CHECK_EQ(mkdir("d", 0750), 0);
  stat("d", &s);
  CHECK(S_ISDIR(s.st_mode));
  CHECK_EQ(s.st_mode & 0777, 0750);
  CHECK_EQ(s.st_nlink, 2);
  CHECK_ERR(mkdir("d", 0755), EEXIST);
  CHECK_ERR(mkdir("none/d", 0755), ENOENT);
  CHECK_EQ(mkdir("d/e/", 0755), 0);
  stat("d", &s);
  CHECK_EQ(s.st_nlink, 3);
  CHECK_ERR(rmdir("d"), ENOTEMPTY);
  CHECK_ERR(rmdir("none"), ENOENT);
  CHECK_ERR(rmdir("d/."), EINVAL);
  make("file", "");
  CHECK_ERR(rmdir("file"), ENOTDIR);
  unlink("file");
  char here[PATH_MAX], there[PATH_MAX];
  CHECK(getcwd(here, sizeof here) != NULL);
  CHECK_EQ(chdir("d/e"), 0);
  CHECK(getcwd(there, sizeof there) != NULL);
  CHECK(strncmp(there, here, strlen(here)) == 0 && strcmp(there + strlen(here), "/d/e") == 0);
  CHECK_EQ(chdir("../.."), 0);
  CHECK_ERR(chdir("none"), ENOENT);
  CHECK(syscall(SYS_getcwd, here, 2) == -1 && errno == ERANGE);
  int fd = open("d", O_RDONLY | O_DIRECTORY);
  CHECK_ERR(read(fd, buffer, 10), EISDIR);
  CHECK_EQ(mkdirat(fd, "f", 0755), 0);
  int in = openat(fd, "x", O_CREAT | O_RDWR, 0600);
  CHECK(in >= 0);
  close(in);
  CHECK_EQ(faccessat(fd, "x", R_OK, 0), 0);
  CHECK_EQ(unlinkat(fd, "x", 0), 0);
  CHECK_ERR(unlinkat(fd, "f", 0), EISDIR);
  CHECK_EQ(unlinkat(fd, "f", AT_REMOVEDIR), 0);
  CHECK_EQ(fchdir(fd), 0);
  CHECK_EQ(rmdir("e"), 0);
  chdir("..");
  close(fd);
  CHECK_ERR(openat(fd, "x", O_RDONLY), EBADF);
  in = open("/dev/null", O_RDONLY);
  CHECK_ERR(openat(in, "x", O_RDONLY), ENOTDIR);
  close(in);
  // a removed current folder
  mkdir("gone", 0755);
  chdir("gone");
  rmdir("../gone");
  CHECK(syscall(SYS_getcwd, here, sizeof here) == -1 && errno == ENOENT);
  CHECK_ERR(open("x", O_CREAT | O_RDWR, 0600), ENOENT);
  CHECK_EQ(chdir("/"), 0);
}

static void listing(const char *base) {
  CHECK_EQ(chdir(base), 0);
  mkdir("l", 0755);
  char name[32];
  enum { COUNT = 500 };
  for (int i = 0; i < COUNT; i++) {
    snprintf(name, sizeof name, "l/file%d", i);
    make(name, "");
  }
  DIR *d = opendir("l");
  int seen = 0, dots = 0;
  struct dirent *e;
  static char found[COUNT];
  while ((e = readdir(d)) != NULL) {
    if (e->d_name[0] == '.') {
      dots++;
      CHECK_EQ(e->d_type, DT_DIR);
    } else {
      int i = atoi(e->d_name + 4);
      CHECK_EQ(found[i], 0);
      found[i] = 1;
      seen++;
      CHECK_EQ(e->d_type, DT_REG);
    }
  }
  CHECK_EQ(seen, COUNT);
  CHECK_EQ(dots, 2);
  rewinddir(d);
  // removing while listing loses nothing that stays
  seen = 0;
  while ((e = readdir(d)) != NULL) {
    if (e->d_name[0] != '.') {
      snprintf(name, sizeof name, "l/%.20s", e->d_name);
      CHECK_EQ(unlink(name), 0);
      seen++;
    }
  }
  CHECK_EQ(seen, COUNT);
  closedir(d);
  CHECK_EQ(rmdir("l"), 0);
  int fd = open(".", O_RDONLY | O_DIRECTORY);
  CHECK_ERR(syscall(SYS_getdents64, fd, buffer, 3), EINVAL);
  close(fd);
}

static void links(void) {
  struct stat s;
  make("t", "target");
  CHECK_EQ(symlink("t", "s"), 0);
  CHECK_ERR(symlink("t", "s"), EEXIST);
  CHECK(holds("s", "target"));
  lstat("s", &s);
  CHECK(S_ISLNK(s.st_mode));
  CHECK_EQ(s.st_size, 1);
  stat("s", &s);
  CHECK(S_ISREG(s.st_mode));
  CHECK_EQ(readlink("s", buffer, 100), 1);
  CHECK_EQ(buffer[0], 't');
  CHECK_ERR(readlink("t", buffer, 100), EINVAL);
  CHECK_ERR(readlink("s", buffer, 0), EINVAL);
  CHECK_ERR(open("s", O_RDONLY | O_NOFOLLOW), ELOOP);
  CHECK_EQ(symlink("loop2", "loop1"), 0);
  CHECK_EQ(symlink("loop1", "loop2"), 0);
  CHECK_ERR(open("loop1", O_RDONLY), ELOOP);
  CHECK_ERR(stat("loop1/x", &s), ELOOP);
  CHECK_EQ(symlink("nowhere", "dangling"), 0);
  CHECK_ERR(stat("dangling", &s), ENOENT);
  CHECK_ERR(open("dangling", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST);
  int fd = open("dangling", O_CREAT | O_RDWR, 0600); // makes the target
  CHECK(fd >= 0);
  close(fd);
  CHECK_EQ(stat("nowhere", &s), 0);
  mkdir("real", 0755);
  symlink("real", "alias");
  make("alias/in", "in");
  CHECK(holds("real/in", "in"));
  CHECK(holds("alias/../real/in", "in"));
  CHECK_ERR(rmdir("alias"), ENOTDIR);
  unlink("real/in");
  rmdir("real");
  CHECK_EQ(symlink("/", "root"), 0);
  CHECK_EQ(stat("root/dev/null", &s), 0);
  CHECK(S_ISCHR(s.st_mode));
  CHECK_EQ(major(s.st_rdev), 1);
  CHECK_EQ(minor(s.st_rdev), 3);
  char long_target[300];
  memset(long_target, 'y', 299);
  long_target[299] = 0;
  CHECK_EQ(symlink(long_target, "long"), 0);
  CHECK_EQ(readlink("long", buffer, 1000), 299);
  CHECK_ERR(symlink("", "empty"), ENOENT);
  const char *all[] = {"t", "s", "loop1", "loop2", "dangling", "nowhere", "alias", "root", "long"};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
    CHECK_EQ(unlink(all[i]), 0);
  }
}

static void attributes(void) {
  struct stat s;
  struct statx x;
  make("a", "12345");
  CHECK_EQ(chmod("a", 04751), 0);
  stat("a", &s);
  CHECK_EQ(s.st_mode & 07777, 04751);
  CHECK_EQ(s.st_size, 5);
  CHECK_EQ(s.st_uid, geteuid());
  int fd = open("a", O_RDWR);
  CHECK_EQ(fchmod(fd, 0600), 0);
  struct timespec times[2] = {{1000, 123456789}, {2000, 5}};
  CHECK_EQ(futimens(fd, times), 0);
  fstat(fd, &s);
  CHECK_EQ(s.st_atim.tv_sec, 1000);
  CHECK_EQ(s.st_atim.tv_nsec, 123456789);
  CHECK_EQ(s.st_mtim.tv_sec, 2000);
  times[0].tv_nsec = UTIME_OMIT;
  times[1].tv_nsec = UTIME_NOW;
  CHECK_EQ(utimensat(AT_FDCWD, "a", times, 0), 0);
  stat("a", &s);
  CHECK_EQ(s.st_atim.tv_sec, 1000);
  CHECK(s.st_mtim.tv_sec > 1000000000);
  times[1].tv_nsec = 1000000000;
  CHECK_ERR(utimensat(AT_FDCWD, "a", times, 0), EINVAL);
  CHECK_EQ(statx(AT_FDCWD, "a", 0, STATX_BASIC_STATS, &x), 0);
  CHECK_EQ(x.stx_size, 5);
  CHECK_EQ(x.stx_ino, s.st_ino);
  CHECK_EQ(x.stx_mode, s.st_mode);
  CHECK(x.stx_mask & STATX_SIZE);
  CHECK_EQ(statx(fd, "", AT_EMPTY_PATH, STATX_ALL, &x), 0);
  CHECK_ERR(statx(fd, "", 0, STATX_ALL, &x), ENOENT);
  CHECK_ERR(statx(AT_FDCWD, "a", 0x10000000, STATX_ALL, &x), EINVAL);
  CHECK_ERR(fstatat(AT_FDCWD, "a", &s, 0x4000000), EINVAL);
  CHECK_EQ(access("a", R_OK | W_OK), 0);
  CHECK_ERR(access("none", F_OK), ENOENT);
  CHECK_ERR(access("a", 99), EINVAL);
  struct statfs fs;
  CHECK_EQ(statfs(".", &fs), 0);
  CHECK(fs.f_bsize > 0);
  CHECK_EQ(fstatfs(fd, &fs), 0);
  CHECK_ERR(statfs("none", &fs), ENOENT);
  close(fd);
  unlink("a");
}

static void permissions_body(void) {
  make("secret", "s");
  chmod("secret", 0600);
  make("tool", "#!/bin/sh\n");
  chmod("tool", 0644);
  mkdir("closed", 0700);
  make("closed/in", "x");
  if (getuid() == 0) {
    CHECK_EQ(chmod(".", 0755), 0);
    CHECK_EQ(access("secret", R_OK), 0);
    CHECK_ERR(access("tool", X_OK), EACCES);
    CHECK_EQ(chown("tool", 1000, 1000), 0);
    CHECK_EQ(setgid(1000), 0);
    CHECK_EQ(setuid(1000), 0);
    CHECK_ERR(open("secret", O_RDONLY), EACCES);
    CHECK_ERR(open("closed/in", O_RDONLY), EACCES);
    CHECK_ERR(open("new", O_CREAT | O_RDWR, 0600), EACCES);
    CHECK_ERR(unlink("secret"), EACCES);
    CHECK_ERR(chmod("secret", 0666), EPERM);
    CHECK_EQ(chmod("tool", 0755), 0);
    CHECK_ERR(chown("tool", 0, 0), EPERM);
    CHECK_ERR(setuid(0), EPERM);
    CHECK_ERR(sethostname("x", 1), EPERM);
    CHECK_ERR(kill(1, SIGTERM), EPERM);
    CHECK_ERR(mknod("dev", S_IFCHR | 0600, makedev(1, 3)), EACCES);
  }
}

static void locks(void) {
  int a = open("lock", O_RDWR | O_CREAT, 0600), b = open("lock", O_RDWR);
  CHECK_EQ(flock(a, LOCK_EX), 0);
  CHECK_ERR(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
  CHECK_EQ(flock(a, LOCK_SH), 0);
  CHECK_EQ(flock(b, LOCK_SH | LOCK_NB), 0);
  CHECK_EQ(flock(a, LOCK_UN), 0);
  CHECK_EQ(flock(b, LOCK_UN), 0);
  struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 10};
  CHECK_EQ(fcntl(a, F_SETLK, &l), 0);
  pid_t pid = fork();
  if (pid == 0) {
    struct flock m = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 15, .l_len = 1};
    CHECK(fcntl(b, F_SETLK, &m) == -1 && (errno == EAGAIN || errno == EACCES));
    CHECK_EQ(fcntl(b, F_GETLK, &m), 0);
    CHECK_EQ(m.l_type, F_WRLCK);
    CHECK_EQ(m.l_pid, getppid());
    CHECK_EQ(m.l_start, 10);
    m.l_type = F_RDLCK;
    m.l_start = 20;
    m.l_len = 1;
    CHECK_EQ(fcntl(b, F_SETLK, &m), 0);
    _exit(check_failures);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  l.l_type = F_UNLCK;
  CHECK_EQ(fcntl(a, F_SETLK, &l), 0);
  close(a);
  close(b);
  unlink("lock");
}

static void devices(void) {
  int fd = open("/dev/null", O_RDWR);
  CHECK_EQ(write(fd, buffer, 1000), 1000);
  CHECK_EQ(read(fd, buffer, 1000), 0);
  close(fd);
  fd = open("/dev/zero", O_RDWR);
  memset(buffer, 1, 1000);
  CHECK_EQ(read(fd, buffer, 1000), 1000);
  CHECK(buffer[0] == 0 && buffer[999] == 0);
  char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(p != MAP_FAILED);
  if (p != MAP_FAILED) {
    CHECK_EQ(p[5000], 0);
    p[5000] = 1;
    munmap(p, 8192);
  }
  close(fd);
  fd = open("/dev/full", O_RDWR);
  CHECK_ERR(write(fd, "x", 1), ENOSPC);
  close(fd);
  fd = open("/dev/urandom", O_RDONLY);
  char a[32], b[32];
  CHECK_EQ(read(fd, a, 32), 32);
  CHECK_EQ(read(fd, b, 32), 32);
  CHECK(memcmp(a, b, 32) != 0);
  close(fd);
  int p2[2];
  CHECK_EQ(pipe(p2), 0);
  dup2(p2[1], 9);
  fd = open("/dev/fd/9", O_WRONLY);
  CHECK(fd >= 0);
  CHECK_EQ(write(fd, "q", 1), 1);
  CHECK_EQ(read(p2[0], buffer, 10), 1);
  close(fd);
  close(9);
  close(p2[0]);
  close(p2[1]);
}

static void limits(void) {
  int fds[5000];
  int n = 0;
  while (n < 5000 && (fds[n] = open("/dev/null", O_RDONLY)) >= 0) {
    n++;
  }
  int why = errno;
  CHECK(n == 5000 || why == EMFILE);
  for (int i = 0; i < n; i++) {
    close(fds[i]);
  }
}

int main(void) {
  char base[] = "/tmp/filesXXXXXX";
  CHECK(mkdtemp(base) != NULL);
  CHECK_EQ(chdir(base), 0);
  umask(022);
  opening();
  reading_and_writing();
  descriptors();
  names();
  folders();
  listing(base);
  links();
  attributes();
  CHECK_CHILD(permissions_body);
  locks();
  devices();
  limits();
  return check_result();
}
