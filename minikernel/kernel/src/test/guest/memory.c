// Memory: mappings, protection, copy-on-write, sharing, files, brk, growth.
#include "check.h"

enum { PAGE = 4096 };

static char *map(size_t n) {
  char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(p != MAP_FAILED);
  return p;
}

static int faults(volatile char *address, int write) {
  pid_t pid = fork();
  if (pid == 0) {
    signal(SIGSEGV, SIG_DFL);
    if (write) {
      *address = 1;
    } else {
      (void)*address;
    }
    _exit(0);
  }
  int status;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void anonymous(void) {
  char *p = map(8 * PAGE);
  for (int i = 0; i < 8 * PAGE; i++) {
    if (p[i] != 0) {
      CHECK(!"not zero");
      break;
    }
  }
  memset(p, 7, 8 * PAGE);
  CHECK_EQ(munmap(p + 2 * PAGE, 2 * PAGE), 0);
  CHECK_EQ(faults(p + 2 * PAGE, 0), SIGSEGV);
  CHECK_EQ(faults(p + 4 * PAGE, 0), 0);
  CHECK_EQ(p[PAGE], 7);
  CHECK_EQ(munmap(p, 8 * PAGE), 0);
  CHECK_EQ(munmap(p, 8 * PAGE), 0);
  CHECK_ERR(munmap(p + 1, PAGE), EINVAL);
  CHECK_ERR(munmap(p, 0), EINVAL);
  CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
  CHECK(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
  CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED && errno == EBADF);
  CHECK(mmap((void *)1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
            MAP_FAILED &&
        errno == EINVAL);
}

static void fixed(void) {
  char *p = map(4 * PAGE);
  memset(p, 1, 4 * PAGE);
  char *q = mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK(q == p + PAGE);
  CHECK_EQ(q[0], 0);
  CHECK_EQ(p[0], 1);
  CHECK_EQ(p[2 * PAGE], 1);
  CHECK(mmap(p + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
             0) == MAP_FAILED &&
        errno == EEXIST);
  munmap(p, 4 * PAGE);
  q = mmap(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); // a hint is taken if free
  CHECK(q == p);
  munmap(q, PAGE);
}

static void protection(void) {
  char *p = map(3 * PAGE);
  memset(p, 1, 3 * PAGE);
  CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_READ), 0);
  CHECK_EQ(faults(p + PAGE, 1), SIGSEGV);
  CHECK_EQ(faults(p + PAGE, 0), 0);
  CHECK_EQ(faults(p, 1), 0);
  CHECK_EQ(faults(p + 2 * PAGE, 1), 0);
  CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_NONE), 0);
  CHECK_EQ(faults(p + PAGE, 0), SIGSEGV);
  CHECK_EQ(mprotect(p, 3 * PAGE, PROT_READ | PROT_WRITE), 0);
  CHECK_EQ(p[PAGE], 1);
  CHECK_ERR(mprotect(p + 1, PAGE, PROT_READ), EINVAL);
  munmap(p + PAGE, PAGE);
  CHECK_ERR(mprotect(p, 3 * PAGE, PROT_READ), ENOMEM);
  munmap(p, 3 * PAGE);
}

static void code_can_be_made_at_run_time(void) {
#ifdef __aarch64__
  uint32_t *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int (*function)(void) = (int (*)(void))code;
  for (int i = 1; i < 200; i++) {
    code[0] = 0x52800000 | (uint32_t)i << 5; // mov w0, #i
    code[1] = 0xd65f03c0;                    // ret
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    if (function() != i) {
      CHECK_EQ(function(), i);
      break;
    }
  }
  CHECK_EQ(mprotect(code, PAGE, PROT_READ | PROT_EXEC), 0);
  CHECK_EQ(function(), 199);
  CHECK_EQ(mprotect(code, PAGE, PROT_READ | PROT_WRITE), 0);
  pid_t pid = fork();
  if (pid == 0) {
    function();
    _exit(0);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
  code[0] = 0x52800000 | 250 << 5;
  mprotect(code, PAGE, PROT_READ | PROT_EXEC);
  __builtin___clear_cache((char *)code, (char *)(code + 2));
  CHECK_EQ(function(), 250);
  munmap(code, PAGE);
#endif
}

static void copy_on_write(void) {
  enum { PAGES = 64 };
  char *p = map(PAGES * PAGE);
  for (int i = 0; i < PAGES; i++) {
    p[i * PAGE] = (char)i;
  }
  int up[2];
  CHECK_EQ(pipe(up), 0);
  pid_t pid = fork();
  if (pid == 0) {
    for (int i = 0; i < PAGES; i++) {
      if (p[i * PAGE] != (char)i) {
        _exit(1);
      }
      p[i * PAGE] = (char)(i + 1);
    }
    pid_t grandchild = fork();
    if (grandchild == 0) {
      for (int i = 0; i < PAGES; i++) {
        if (p[i * PAGE] != (char)(i + 1)) {
          _exit(1);
        }
        p[i * PAGE] = 0;
      }
      _exit(0);
    }
    int status;
    waitpid(grandchild, &status, 0);
    for (int i = 0; i < PAGES; i++) {
      if (p[i * PAGE] != (char)(i + 1)) {
        _exit(2);
      }
    }
    _exit(status ? 3 : 0);
  }
  for (int i = 0; i < PAGES; i += 2) {
    p[i * PAGE] = 100;
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  for (int i = 0; i < PAGES; i++) {
    CHECK_EQ(p[i * PAGE], i % 2 ? i : 100);
  }
  // the kernel's own writes copy too
  pid = fork();
  if (pid == 0) {
    pause_ms(30);
    _exit(p[3] == 0 ? 0 : 1);
  }
  (void)!write(up[1], "abcd", 4);
  CHECK_EQ(read(up[0], p, 4), 4);
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
  CHECK_EQ(p[3], 'd');
  munmap(p, PAGES * PAGE);
  close(up[0]);
  close(up[1]);
}

static void shared(void) {
  int *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  p[0] = 1;
  pid_t pid = fork();
  if (pid == 0) {
    p[0] = 2;
    p[PAGE / 4] = 3; // a page first touched after the fork
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  CHECK_EQ(p[0], 2);
  CHECK_EQ(p[PAGE / 4], 3);
  munmap(p, 2 * PAGE);
}

static void files(void) {
  char name[] = "/tmp/mapXXXXXX";
  int fd = mkstemp(name);
  unlink(name);
  CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
  CHECK_EQ(pwrite(fd, "hello", 5, PAGE), 5);
  char *s = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *v = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(memcmp(s + PAGE, "hello", 5) == 0);
  CHECK(memcmp(v + PAGE, "hello", 5) == 0);
  memcpy(s, "shared", 6);
  char buffer[8] = "";
  CHECK_EQ(pread(fd, buffer, 6, 0), 6);
  CHECK(memcmp(buffer, "shared", 6) == 0);
  CHECK(memcmp(v, "shared", 6) == 0);
  memcpy(v, "privat", 6);
  CHECK(memcmp(s, "shared", 6) == 0);
  CHECK_EQ(pwrite(fd, "SHARED", 6, 0), 6);
  CHECK(memcmp(s, "SHARED", 6) == 0);
  CHECK(memcmp(v, "privat", 6) == 0);
  CHECK_EQ(msync(s, 3 * PAGE, MS_SYNC), 0);
  CHECK_ERR(msync(s + 1, PAGE, MS_SYNC), EINVAL);
  CHECK_EQ(ftruncate(fd, PAGE), 0);
  CHECK_EQ(faults(s + 2 * PAGE, 0), SIGBUS);
  CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
  CHECK_EQ(s[2 * PAGE], 0);
  CHECK_EQ(s[PAGE], 0);
  // a mapping outlives its descriptor; offsets select pages
  char *o = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
  close(fd);
  s[PAGE + 5] = 'o';
  CHECK_EQ(o[5], 'o');
  munmap(o, PAGE);
  munmap(s, 3 * PAGE);
  munmap(v, 3 * PAGE);
  fd = open("/dev/null", O_RDONLY);
  CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENODEV);
  close(fd);
  int p[2];
  CHECK_EQ(pipe(p), 0);
  CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, p[0], 0) == MAP_FAILED && errno == ENODEV);
  close(p[0]);
  close(p[1]);
  fd = open("/proc/self/exe", O_RDONLY);
  CHECK(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED &&
        errno == EACCES);
  CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 1) == MAP_FAILED && errno == EINVAL);
  unsigned char *elf = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
  CHECK(elf[0] == 0x7f && elf[1] == 'E');
  munmap(elf, PAGE);
  close(fd);
}

static void moving(void) {
  char *p = map(4 * PAGE);
  for (int i = 0; i < 4; i++) {
    p[i * PAGE] = (char)(i + 1);
  }
  char *q = mremap(p, 4 * PAGE, 2 * PAGE, 0);
  CHECK(q == p);
  CHECK_EQ(faults(p + 2 * PAGE, 0), SIGSEGV);
  q = mremap(p, 2 * PAGE, 16 * PAGE, MREMAP_MAYMOVE);
  CHECK(q != MAP_FAILED);
  CHECK_EQ(q[0], 1);
  CHECK_EQ(q[PAGE], 2);
  CHECK_EQ(q[2 * PAGE], 0);
  q[15 * PAGE] = 9;
  char *where = map(16 * PAGE);
  char *r = mremap(q, 16 * PAGE, 16 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, where);
  CHECK(r == where);
  CHECK_EQ(r[15 * PAGE], 9);
  CHECK_EQ(faults(q, 0), SIGSEGV);
  CHECK(mremap(q, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED && errno == EFAULT);
  CHECK(mremap(r + 1, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED && errno == EINVAL);
  munmap(r, 16 * PAGE);
  p = map(2 * PAGE); // cannot grow in place: something is behind it
  char *wall = mmap(p + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK(mremap(p, PAGE, 3 * PAGE, 0) == MAP_FAILED && errno == ENOMEM);
  (void)wall;
  munmap(p, 2 * PAGE);
}

static void heap(void) {
  char *start = sbrk(0);
  CHECK(sbrk(5 * PAGE) == start);
  memset(start, 5, 5 * PAGE);
  CHECK(sbrk(-5 * PAGE) == start + 5 * PAGE);
  CHECK(sbrk(0) == start);
  CHECK(sbrk(PAGE) == start);
  CHECK_EQ(start[0], 0);
  sbrk(-PAGE);
  char *block[100];
  for (int i = 0; i < 100; i++) {
    block[i] = malloc(i * 1000 + 1);
    memset(block[i], i, i * 1000 + 1);
  }
  for (int i = 0; i < 100; i++) {
    CHECK_EQ(block[i][i * 1000], i);
    free(block[i]);
  }
}

static void advice(void) {
  char *p = map(4 * PAGE);
  memset(p, 1, 4 * PAGE);
  CHECK_EQ(madvise(p + PAGE, PAGE, MADV_DONTNEED), 0);
  CHECK_EQ(p[PAGE], 0);
  CHECK_EQ(p[0], 1);
  CHECK_EQ(madvise(p, 4 * PAGE, MADV_WILLNEED), 0);
  CHECK_EQ(madvise(p, 4 * PAGE, MADV_NORMAL), 0);
  CHECK_ERR(madvise(p + 1, PAGE, MADV_DONTNEED), EINVAL);
  CHECK_ERR(madvise(p, PAGE, 9999), EINVAL);
  unsigned char in[4];
  p[2 * PAGE] = 1;
  CHECK_EQ(mincore(p, 4 * PAGE, in), 0);
  CHECK_EQ(in[2] & 1, 1);
  munmap(p, 4 * PAGE);
  CHECK_ERR(mincore(p, PAGE, in), ENOMEM);
  CHECK_ERR(madvise(p, PAGE, MADV_DONTNEED), ENOMEM);
}

static int deep(int n) {
  volatile char frame[4096];
  frame[0] = (char)n;
  int below = n == 0 ? 0 : deep(n - 1);
  return below + (frame[0] == (char)n);
}

static void stack_grows(void) {
  CHECK_EQ(deep(1000), 1001); // about 4 MiB
}

static void large_and_sparse(void) {
  size_t size = 1UL << 33;
  char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(p != MAP_FAILED);
  if (p != MAP_FAILED) {
    for (size_t i = 0; i < size; i += size / 64) {
      p[i] = 1;
    }
    CHECK_EQ(p[size / 2], 1);
    munmap(p, size);
  }
  CHECK(mmap(NULL, 1UL << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
        errno == ENOMEM);
}

static void many_mappings(void) {
  enum { COUNT = 1000 };
  static char *p[COUNT];
  for (int i = 0; i < COUNT; i++) {
    p[i] = mmap(NULL, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p[i] != MAP_FAILED);
    if (i % 2 == 0) {
      *p[i] = (char)i;
    }
  }
  for (int i = 0; i < COUNT; i += 2) {
    CHECK_EQ(*p[i], (char)i);
  }
  for (int i = 0; i < COUNT; i++) {
    munmap(p[i], PAGE);
  }
}

static void memory_files(void) {
  int fd = memfd_create("test", MFD_CLOEXEC);
  CHECK(fd >= 0);
  CHECK_EQ(write(fd, "abc", 3), 3);
  char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  CHECK_EQ(p[1], 'b');
  p[1] = 'x';
  char c;
  CHECK_EQ(pread(fd, &c, 1, 1), 1);
  CHECK_EQ(c, 'x');
  close(fd);
  munmap(p, PAGE);
}

int main(void) {
  anonymous();
  fixed();
  protection();
  code_can_be_made_at_run_time();
  copy_on_write();
  shared();
  files();
  moving();
  heap();
  advice();
  stack_grows();
  large_and_sparse();
  many_mappings();
  memory_files();
  return check_result();
}
