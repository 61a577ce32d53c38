// io_uring: order among entries (links, hard links, drains), what waits beside the program (polls,
// time-outs, reads and writes of files that are not ready), taking that back, and a thread of the
// kernel that submits.
#include "check.h"

#include <dirent.h>
#include <linux/io_uring.h>
#include <sys/eventfd.h>

#define ENTRIES 32

static int ring;
static unsigned *sq_head, *sq_tail, *sq_mask, *sq_flags, *sq_array, *cq_head, *cq_tail, *cq_mask;
static struct io_uring_sqe *entries;
static struct io_uring_cqe *events;
static char *rings;
static size_t rings_size;
static unsigned queued;

static void open_ring(int flags, int idle_ms) {
  struct io_uring_params p;
  memset(&p, 0, sizeof p);
  p.flags = flags;
  p.sq_thread_idle = idle_ms;
  queued = 0;
  ring = syscall(SYS_io_uring_setup, ENTRIES, &p);
  CHECK(ring >= 0);
  size_t size = p.cq_off.cqes + p.cq_entries * sizeof *events;
  size_t other = p.sq_off.array + p.sq_entries * sizeof(unsigned);
  size = size > other ? size : other;
  rings_size = size;
  rings = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
  entries = mmap(0, p.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, ring,
                 IORING_OFF_SQES);
  CHECK(rings != MAP_FAILED && entries != MAP_FAILED);
  sq_head = (unsigned *)(rings + p.sq_off.head);
  sq_tail = (unsigned *)(rings + p.sq_off.tail);
  sq_flags = (unsigned *)(rings + p.sq_off.flags);
  sq_mask = (unsigned *)(rings + p.sq_off.ring_mask);
  sq_array = (unsigned *)(rings + p.sq_off.array);
  cq_head = (unsigned *)(rings + p.cq_off.head);
  cq_tail = (unsigned *)(rings + p.cq_off.tail);
  cq_mask = (unsigned *)(rings + p.cq_off.ring_mask);
  events = (struct io_uring_cqe *)(rings + p.cq_off.cqes);
}

static struct io_uring_sqe *entry(int opcode, int flags, long data) {
  unsigned at = *sq_tail & *sq_mask;
  struct io_uring_sqe *e = &entries[at];
  memset(e, 0, sizeof *e);
  e->opcode = opcode;
  e->flags = flags;
  e->user_data = data;
  e->fd = -1;
  sq_array[at] = at;
  __atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
  queued++;
  return e;
}

static struct io_uring_sqe *on_file(int opcode, int flags, long data, int fd, void *buffer, int length,
                    long offset) {
  struct io_uring_sqe *e = entry(opcode, flags, data);
  e->fd = fd;
  e->addr = (uintptr_t)buffer;
  e->len = length;
  e->off = offset;
  return e;
}

static struct io_uring_sqe *poll_for(int flags, long data, int fd, int what) {
  struct io_uring_sqe *e = entry(IORING_OP_POLL_ADD, flags, data);
  e->fd = fd;
  e->poll32_events = what;
  return e;
}

static struct __kernel_timespec times[ENTRIES];

static struct io_uring_sqe *timeout(int flags, long data, int ms, int count) {
  struct __kernel_timespec *t = &times[*sq_tail & *sq_mask];
  t->tv_sec = ms / 1000;
  t->tv_nsec = ms % 1000 * 1000000LL;
  struct io_uring_sqe *e = entry(IORING_OP_TIMEOUT, flags, data);
  e->addr = (uintptr_t)t;
  e->len = 1;
  e->off = count;
  return e;
}

// Takes something back: a poll, a time-out, or any of them.
static struct io_uring_sqe *undo(int opcode, long data, long target) {
  struct io_uring_sqe *e = entry(opcode, 0, data);
  e->addr = target;
  return e;
}

static int enter(int least) {
  int n = syscall(SYS_io_uring_enter, ring, queued, least, IORING_ENTER_GETEVENTS, 0, 0);
  queued = 0;
  return n;
}

static int waiting(void) { return __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE) - *cq_head; }

// The next completion is that one.
#define NEXT(data, result)                                    \
  do {                                                        \
    CHECK(waiting() > 0);                                     \
    struct io_uring_cqe *c = &events[*cq_head & *cq_mask];    \
    CHECK_EQ(c->user_data, data);                             \
    CHECK_EQ(c->res, result);                                 \
    if (waiting() > 0)                                        \
      __atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE); \
  } while (0)

// Of the two next completions, in any order.
#define NEXT_BOTH(data1, result1, data2, result2)                        \
  do {                                                                   \
    CHECK(waiting() > 1);                                                \
    if ((long)events[*cq_head & *cq_mask].user_data == (long)(data1)) {  \
      NEXT(data1, result1);                                              \
      NEXT(data2, result2);                                              \
    } else {                                                             \
      NEXT(data2, result2);                                              \
      NEXT(data1, result1);                                              \
    }                                                                    \
  } while (0)

static void links(int file) {
  char out[8] = "abcdefg", in[8] = "", more[8] = "";
  on_file(IORING_OP_WRITE, IOSQE_IO_LINK, 1, file, out, 8, 0);
  on_file(IORING_OP_READ, IOSQE_IO_LINK, 2, file, in, 8, 0);
  on_file(IORING_OP_WRITE, 0, 3, file, in, 8, 8);
  CHECK_EQ(enter(3), 3);
  NEXT(1, 8);
  NEXT(2, 8);
  NEXT(3, 8);
  CHECK_EQ(pread(file, more, 8, 8), 8);
  CHECK(!strcmp(more, out));

  // A short read, like a failure, ends the chain.
  on_file(IORING_OP_READ, IOSQE_IO_LINK, 1, file, in, 8, 12);
  entry(IORING_OP_NOP, IOSQE_IO_LINK, 2);
  entry(IORING_OP_NOP, 0, 3);
  CHECK_EQ(enter(3), 3);
  NEXT(1, 4);
  NEXT(2, -ECANCELED);
  NEXT(3, -ECANCELED);

  on_file(IORING_OP_READ, IOSQE_IO_LINK, 1, 999, in, 8, 0);
  entry(IORING_OP_NOP, 0, 2);
  CHECK_EQ(enter(2), 2);
  NEXT(1, -EBADF);
  NEXT(2, -ECANCELED);

  // Of a hard link only the end of its predecessor counts.
  on_file(IORING_OP_READ, IOSQE_IO_HARDLINK, 1, 999, in, 8, 0);
  entry(IORING_OP_NOP, 0, 2);
  CHECK_EQ(enter(2), 2);
  NEXT(1, -EBADF);
  NEXT(2, 0);

  // What is no entry at all takes the whole chain with it.
  entry(IORING_OP_NOP, IOSQE_IO_LINK, 1);
  entry(250, IOSQE_IO_LINK, 2);
  entry(IORING_OP_NOP, 0, 3);
  CHECK_EQ(enter(3), 3);
  NEXT(1, -ECANCELED);
  NEXT(2, -EINVAL);
  NEXT(3, -ECANCELED);

  // The end of a submission is the end of its chain.
  entry(IORING_OP_NOP, IOSQE_IO_LINK, 1);
  CHECK_EQ(enter(1), 1);
  NEXT(1, 0);
}

static void polls(void) {
  int p[2];
  char in[4] = "";
  CHECK_EQ(pipe(p), 0);
  poll_for(0, 1, p[0], POLLIN);
  poll_for(0, 2, p[1], POLLOUT);
  CHECK_EQ(enter(1), 2);
  NEXT(2, POLLOUT);
  CHECK_EQ(waiting(), 0);
  CHECK_EQ(write(p[1], "x", 1), 1);
  CHECK_EQ(enter(1), 0);
  NEXT(1, POLLIN);

  // A poll of the ring itself sees what the ring's polls see.
  CHECK_EQ(read(p[0], in, 1), 1);
  poll_for(IOSQE_IO_LINK, 3, p[0], POLLIN);
  on_file(IORING_OP_READ, 0, 4, p[0], in, 3, -1);
  CHECK_EQ(enter(0), 2);
  struct pollfd r = {ring, POLLIN, 0};
  CHECK_EQ(poll(&r, 1, 0), 0);
  pid_t pid = fork();
  if (pid == 0) {
    pause_ms(50);
    CHECK_EQ(write(p[1], "abc", 3), 3);
    _exit(check_result());
  }
  CHECK_EQ(poll(&r, 1, 5000), 1);
  CHECK_EQ(enter(2), 0);
  NEXT(3, POLLIN);
  NEXT(4, 3);
  CHECK(!memcmp(in, "abc", 3));
  waitpid(pid, 0, 0);

  poll_for(0, 5, p[0], POLLIN);
  undo(IORING_OP_POLL_REMOVE, 6, 5);
  undo(IORING_OP_POLL_REMOVE, 7, 99);
  CHECK_EQ(enter(3), 3);
  for (int i = 0; i < 3; i++) {
    struct io_uring_cqe *c = &events[*cq_head & *cq_mask];
    CHECK_EQ(c->res, c->user_data == 5 ? -ECANCELED : c->user_data == 6 ? 0 : -ENOENT);
    ++*cq_head;
  }

  // The other end's close is an event that nobody needs to ask for.
  poll_for(0, 8, p[0], POLLIN);
  CHECK_EQ(enter(0), 1);
  close(p[1]);
  CHECK_EQ(enter(1), 0);
  NEXT(8, POLLHUP);
  close(p[0]);
  poll_for(0, 9, 999, POLLIN);
  CHECK_EQ(enter(1), 1);
  NEXT(9, -EBADF);
}

static void timeouts(void) {
  int64_t begin = now_ns();
  timeout(0, 1, 30, 0);
  CHECK_EQ(enter(1), 1);
  NEXT(1, -ETIME);
  CHECK(now_ns() - begin >= 30000000);

  // One that waits for completions: these are its end, too.
  timeout(0, 2, 10000, 2);
  entry(IORING_OP_NOP, 0, 3);
  CHECK_EQ(enter(1), 2);
  NEXT(3, 0);
  CHECK_EQ(waiting(), 0);
  entry(IORING_OP_NOP, 0, 4);
  CHECK_EQ(enter(2), 1);
  NEXT(4, 0);
  NEXT(2, 0);

  // In a chain it is a pause, unless that counts as a failure.
  timeout(IOSQE_IO_LINK, 5, 5, 0);
  entry(IORING_OP_NOP, 0, 6);
  CHECK_EQ(enter(2), 2);
  NEXT(5, -ETIME);
  NEXT(6, -ECANCELED);
  timeout(IOSQE_IO_LINK, 7, 5, 0)->timeout_flags = IORING_TIMEOUT_ETIME_SUCCESS;
  entry(IORING_OP_NOP, 0, 8);
  CHECK_EQ(enter(2), 2);
  NEXT(7, -ETIME);
  NEXT(8, 0);

  begin = now_ns() + 20000000;
  struct io_uring_sqe *e = timeout(0, 9, 0, 0);
  e->timeout_flags = IORING_TIMEOUT_ABS;
  struct __kernel_timespec *t = (struct __kernel_timespec *)(uintptr_t)e->addr;
  t->tv_sec = begin / 1000000000;
  t->tv_nsec = begin % 1000000000;
  CHECK_EQ(enter(1), 1);
  NEXT(9, -ETIME);
  CHECK(now_ns() >= begin);

  timeout(0, 10, 10000, 0);
  undo(IORING_OP_TIMEOUT_REMOVE, 11, 10);
  CHECK_EQ(enter(2), 2);
  NEXT_BOTH(10, -ECANCELED, 11, 0);
  undo(IORING_OP_TIMEOUT_REMOVE, 12, 10);
  CHECK_EQ(enter(1), 1);
  NEXT(12, -ENOENT);

  timeout(0, 13, 10, 0)->len = 2;
  CHECK_EQ(enter(1), 1);
  NEXT(13, -EINVAL);
  e = timeout(0, 14, 10, 0);
  ((struct __kernel_timespec *)(uintptr_t)e->addr)->tv_nsec = -1;
  CHECK_EQ(enter(1), 1);
  NEXT(14, -EINVAL);
  timeout(0, 15, 10, 0)->addr = 8;
  CHECK_EQ(enter(1), 1);
  NEXT(15, -EFAULT);
}

static void cancels(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  poll_for(0, 1, p[0], POLLIN);
  CHECK_EQ(enter(0), 1);
  undo(IORING_OP_ASYNC_CANCEL, 2, 1);
  CHECK_EQ(enter(2), 1);
  NEXT_BOTH(1, -ECANCELED, 2, 0);
  undo(IORING_OP_ASYNC_CANCEL, 3, 1);
  CHECK_EQ(enter(1), 1);
  NEXT(3, -ENOENT);

  timeout(0, 4, 10000, 0);
  CHECK_EQ(enter(0), 1);
  undo(IORING_OP_ASYNC_CANCEL, 5, 4);
  CHECK_EQ(enter(2), 1);
  NEXT_BOTH(4, -ECANCELED, 5, 0);

  // All of that name; what hangs on a cancelled entry goes with it.
  poll_for(0, 6, p[0], POLLIN);
  poll_for(IOSQE_IO_LINK, 6, p[0], POLLIN);
  entry(IORING_OP_NOP, 0, 7);
  CHECK_EQ(enter(0), 3);
  undo(IORING_OP_ASYNC_CANCEL, 8, 6)->cancel_flags = IORING_ASYNC_CANCEL_ALL;
  CHECK_EQ(enter(4), 1);
  int seen[10] = {0};
  for (int i = 0; i < 4; i++) {
    struct io_uring_cqe *c = &events[*cq_head & *cq_mask];
    seen[c->user_data % 10]++;
    CHECK_EQ(c->res, c->user_data == 8 ? 2 : -ECANCELED);
    ++*cq_head;
  }
  CHECK_EQ(seen[6], 2);
  CHECK_EQ(seen[7], 1);

  poll_for(0, 9, p[0], POLLIN);
  CHECK_EQ(enter(0), 1);
  struct io_uring_sqe *e = undo(IORING_OP_ASYNC_CANCEL, 10, 0);
  e->cancel_flags = IORING_ASYNC_CANCEL_FD;
  e->fd = p[0];
  CHECK_EQ(enter(2), 1);
  NEXT_BOTH(9, -ECANCELED, 10, 0);
  undo(IORING_OP_ASYNC_CANCEL, 11, 0)->cancel_flags = 1 << 30;
  CHECK_EQ(enter(1), 1);
  NEXT(11, -EINVAL);
  close(p[0]);
  close(p[1]);
}

static void drains(void) {
  int p[2];
  CHECK_EQ(pipe(p), 0);
  poll_for(0, 1, p[0], POLLIN);
  entry(IORING_OP_NOP, IOSQE_IO_DRAIN, 2);
  entry(IORING_OP_NOP, 0, 3);
  CHECK_EQ(enter(0), 3);
  CHECK_EQ(waiting(), 0);
  entry(IORING_OP_NOP, 0, 4);
  CHECK_EQ(enter(0), 1);
  CHECK_EQ(waiting(), 0);
  CHECK_EQ(write(p[1], "x", 1), 1);
  CHECK_EQ(enter(4), 0);
  NEXT(1, POLLIN);
  NEXT(2, 0);
  NEXT(3, 0);
  NEXT(4, 0);
  entry(IORING_OP_NOP, IOSQE_IO_DRAIN, 5);
  CHECK_EQ(enter(1), 1);
  NEXT(5, 0);
  close(p[0]);
  close(p[1]);
}

// Reads and writes that would keep the program waiting are made when the file is ready.
static void waits(void) {
  int p[2];
  char in[8] = "";
  CHECK_EQ(pipe(p), 0);
  on_file(IORING_OP_READ, 0, 1, p[0], in, 8, -1);
  entry(IORING_OP_NOP, 0, 2);
  CHECK_EQ(enter(1), 2);
  NEXT(2, 0);
  CHECK_EQ(waiting(), 0);
  CHECK_EQ(write(p[1], "hello", 5), 5);
  CHECK_EQ(enter(1), 0);
  NEXT(1, 5);
  CHECK(!memcmp(in, "hello", 5));

  // A pipe has no positions; the one of the entry means nothing.
  on_file(IORING_OP_READ, IOSQE_IO_LINK, 3, p[0], in, 3, 0);
  on_file(IORING_OP_WRITE, 0, 4, p[1], "xyz", 3, 77);
  CHECK_EQ(enter(0), 2);
  CHECK_EQ(waiting(), 0);
  CHECK_EQ(write(p[1], "abc", 3), 3);
  CHECK_EQ(enter(2), 0);
  NEXT(3, 3);
  NEXT(4, 3);
  CHECK(!memcmp(in, "abc", 3));
  CHECK_EQ(read(p[0], in, 8), 3);
  CHECK(!memcmp(in, "xyz", 3));

  // Whoever only looks at the ring sees the end, too.
  on_file(IORING_OP_READ, 0, 5, p[0], in, 8, -1);
  CHECK_EQ(enter(0), 1);
  int64_t patience = now_ns() + 5000000000;
  pid_t pid = fork();
  if (pid == 0) {
    pause_ms(20);
    CHECK_EQ(write(p[1], "later", 5), 5);
    _exit(check_result());
  }
  while (!waiting() && now_ns() < patience) {
  }
  NEXT(5, 5);
  waitpid(pid, 0, 0);

  // And whoever waits for an eventfd.
  int told = eventfd(0, 0);
  CHECK_EQ(syscall(SYS_io_uring_register, ring, IORING_REGISTER_EVENTFD, &told, 1), 0);
  on_file(IORING_OP_READ, 0, 6, p[0], in, 8, -1);
  CHECK_EQ(enter(0), 1);
  pid = fork();
  if (pid == 0) {
    pause_ms(20);
    CHECK_EQ(write(p[1], "told", 4), 4);
    _exit(check_result());
  }
  struct pollfd f = {told, POLLIN, 0};
  CHECK_EQ(poll(&f, 1, 5000), 1);
  NEXT(6, 4);
  waitpid(pid, 0, 0);
  CHECK_EQ(syscall(SYS_io_uring_register, ring, IORING_UNREGISTER_EVENTFD, 0, 0), 0);
  close(told);

  // An eventfd that is read waits as well.
  int e = eventfd(0, 0);
  uint64_t count = 0, three = 3;
  on_file(IORING_OP_READ, 0, 7, e, &count, 8, 0);
  CHECK_EQ(enter(0), 1);
  CHECK_EQ(waiting(), 0);
  CHECK_EQ(write(e, &three, 8), 8);
  CHECK_EQ(enter(1), 0);
  NEXT(7, 8);
  CHECK_EQ(count, 3);
  close(e);

  // Taken back; and without a writer.
  on_file(IORING_OP_READ, 0, 8, p[0], in, 8, -1);
  CHECK_EQ(enter(0), 1);
  undo(IORING_OP_POLL_REMOVE, 9, 8);
  CHECK_EQ(enter(1), 1);
  NEXT(9, -ENOENT);
  undo(IORING_OP_ASYNC_CANCEL, 10, 8);
  CHECK_EQ(enter(2), 1);
  NEXT_BOTH(8, -ECANCELED, 10, 0);

  // A write waits for room.
  static char much[1 << 16];
  fcntl(p[1], F_SETFL, O_NONBLOCK);
  while (write(p[1], much, 4096) > 0) {
  }
  // (O_NONBLOCK makes no difference to a file that can be waited for, RWF_NOWAIT does.)
  on_file(IORING_OP_WRITE, 0, 11, p[1], much, 4096, -1)->rw_flags = 8 /* RWF_NOWAIT */;
  CHECK_EQ(enter(1), 1);
  NEXT(11, -EAGAIN);
  on_file(IORING_OP_WRITE, 0, 12, p[1], much, 4096, -1);
  CHECK_EQ(enter(0), 1);
  CHECK_EQ(waiting(), 0);
  CHECK(read(p[0], much, sizeof much) > 4096);
  CHECK_EQ(enter(1), 0);
  NEXT(12, 4096);
  CHECK_EQ(read(p[0], much, sizeof much), 4096);

  on_file(IORING_OP_READ, 0, 13, p[0], in, 8, -1)->rw_flags = 8 /* RWF_NOWAIT */;
  CHECK_EQ(enter(1), 1);
  NEXT(13, -EAGAIN);

  // The end of the descriptor is not the end of what waits for its file.
  on_file(IORING_OP_READ, 0, 14, p[0], in, 8, -1);
  CHECK_EQ(enter(0), 1);
  close(p[0]);
  CHECK_EQ(write(p[1], "still", 5), 5);
  CHECK_EQ(enter(1), 0);
  NEXT(14, 5);
  close(p[1]);
  CHECK_EQ(pipe(p), 0);
  on_file(IORING_OP_READ, 0, 15, p[0], in, 8, -1);
  CHECK_EQ(enter(0), 1);
  close(p[1]);
  CHECK_EQ(enter(1), 0);
  NEXT(15, 0);
  close(p[0]);
}

static void limit(int flags, long data, int ms) {
  timeout(flags, data, ms, 0)->opcode = IORING_OP_LINK_TIMEOUT;
}

static void limits(void) {
  int p[2];
  char in[8];
  CHECK_EQ(pipe(p), 0);
  int64_t begin = now_ns();
  on_file(IORING_OP_READ, IOSQE_IO_LINK, 1, p[0], in, 8, -1);
  limit(0, 2, 20);
  CHECK_EQ(enter(2), 2);
  NEXT_BOTH(1, -ECANCELED, 2, -ETIME);
  CHECK(now_ns() - begin >= 20000000);

  // In time.
  entry(IORING_OP_NOP, IOSQE_IO_LINK, 3);
  limit(IOSQE_IO_LINK, 4, 10000);
  entry(IORING_OP_NOP, 0, 5);
  CHECK_EQ(enter(3), 3);
  int seen[10] = {0};
  for (int i = 0; i < 3; i++) {
    struct io_uring_cqe *c = &events[*cq_head & *cq_mask];
    seen[c->user_data % 10]++;
    CHECK_EQ(c->res, c->user_data == 4 ? -ECANCELED : 0);
    ++*cq_head;
  }
  CHECK(seen[3] && seen[4] && seen[5]);
  poll_for(IOSQE_IO_LINK, 6, p[0], POLLIN);
  limit(0, 7, 10000);
  CHECK_EQ(enter(0), 2);
  CHECK_EQ(waiting(), 0);
  CHECK_EQ(write(p[1], "x", 1), 1);
  CHECK_EQ(enter(2), 0);
  NEXT_BOTH(6, POLLIN, 7, -ECANCELED);
  CHECK_EQ(read(p[0], in, 8), 1);

  // What hangs on the one that was too late goes with it.
  poll_for(IOSQE_IO_LINK, 1, p[0], POLLIN);
  limit(IOSQE_IO_LINK, 2, 5);
  entry(IORING_OP_NOP, 0, 3);
  CHECK_EQ(enter(3), 3);
  for (int i = 0; i < 3; i++) {
    struct io_uring_cqe *c = &events[*cq_head & *cq_mask];
    CHECK_EQ(c->res, c->user_data == 2 ? -ETIME : -ECANCELED);
    ++*cq_head;
  }

  // A failure is an end, too.
  on_file(IORING_OP_READ, IOSQE_IO_LINK, 1, 999, in, 8, -1);
  limit(0, 2, 10000);
  CHECK_EQ(enter(2), 2);
  NEXT_BOTH(1, -EBADF, 2, -ECANCELED);

  // It limits something, and only once.
  limit(0, 1, 5);
  CHECK_EQ(enter(1), 1);
  NEXT(1, -EINVAL);
  entry(IORING_OP_NOP, IOSQE_IO_LINK, 1);
  limit(IOSQE_IO_LINK, 2, 5);
  limit(0, 3, 5);
  CHECK_EQ(enter(3), 3);
  NEXT(1, -ECANCELED);
  NEXT(2, -ECANCELED);
  NEXT(3, -EINVAL);
  close(p[0]);
  close(p[1]);
}

// The next completion is that one, and says whether more come.
#define NEXT_MORE(data, result, more)                                                    \
  do {                                                                                   \
    CHECK(waiting() > 0);                                                                \
    CHECK_EQ(events[*cq_head & *cq_mask].flags, (more) ? IORING_CQE_F_MORE : 0);         \
    NEXT(data, result);                                                                  \
  } while (0)

static void multishot(void) {
  int p[2];
  char in[8];
  CHECK_EQ(pipe(p), 0);
  CHECK_EQ(write(p[1], "x", 1), 1);
  poll_for(0, 1, p[0], POLLIN)->len = IORING_POLL_ADD_MULTI;
  CHECK_EQ(enter(1), 1);
  NEXT_MORE(1, POLLIN, 1);
  CHECK_EQ(read(p[0], in, 8), 1);
  for (int i = 0; i < 3; i++) {
    CHECK_EQ(waiting(), 0);
    CHECK_EQ(write(p[1], "x", 1), 1);
    CHECK_EQ(enter(1), 0);
    NEXT_MORE(1, POLLIN, 1);
    CHECK_EQ(read(p[0], in, 8), 1);
  }
  undo(IORING_OP_POLL_REMOVE, 2, 1);
  CHECK_EQ(enter(2), 1);
  NEXT_BOTH(1, -ECANCELED, 2, 0);
  CHECK_EQ(events[*cq_head - 1 & *cq_mask].flags | events[*cq_head - 2 & *cq_mask].flags, 0);

  poll_for(0, 3, p[0], POLLIN)->len = IORING_POLL_ADD_MULTI;
  CHECK_EQ(enter(0), 1);
  close(p[1]);
  CHECK_EQ(enter(1), 0);
  NEXT_MORE(3, POLLHUP, 1);
  undo(IORING_OP_ASYNC_CANCEL, 4, 3);
  CHECK_EQ(enter(2), 1);
  NEXT_BOTH(3, -ECANCELED, 4, 0);
  close(p[0]);
}

// What the probe says of an operation is so.
static void probe(void) {
  struct {
    struct io_uring_probe p;
    struct io_uring_probe_op ops[256];
  } all;
  memset(&all, 0, sizeof all);
  CHECK_EQ(syscall(SYS_io_uring_register, ring, IORING_REGISTER_PROBE, &all, 256), 0);
  static const int used[] = {IORING_OP_NOP,         IORING_OP_READ,           IORING_OP_WRITE,
                             IORING_OP_POLL_ADD,    IORING_OP_POLL_REMOVE,    IORING_OP_TIMEOUT,
                             IORING_OP_LINK_TIMEOUT, IORING_OP_TIMEOUT_REMOVE, IORING_OP_ASYNC_CANCEL};
  for (int i = 0; i < sizeof used / sizeof *used; i++) {
    CHECK(all.p.ops[used[i]].flags & IO_URING_OP_SUPPORTED);
  }
  CHECK(all.p.last_op < 255);
  for (int i = 0; i < 255; i++) {
    if (!(i < all.p.ops_len && all.p.ops[i].flags & IO_URING_OP_SUPPORTED)) {
      entry(i, 0, i);
      CHECK_EQ(enter(1), 1);
      NEXT(i, -EINVAL);
    }
  }
}

// Waits a while for something to become true, without entering the kernel for the ring.
#define SOON(condition)                                                \
  do {                                                                 \
    int64_t soon_end = now_ns() + 10000000000;                         \
    while (!(condition) && now_ns() < soon_end) {                      \
    }                                                                  \
    CHECK(condition);                                                  \
  } while (0)

#define SLEEPS() (__atomic_load_n(sq_flags, __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP)

static int threads(void) {
  int n = 0;
  DIR *d = opendir("/proc/self/task");
  for (struct dirent *e; (e = readdir(d));)
    n += e->d_name[0] != '.';
  closedir(d);
  return n;
}

static int wake(int least) {
  int n = syscall(SYS_io_uring_enter, ring, queued, least,
                  IORING_ENTER_SQ_WAKEUP | (least ? IORING_ENTER_GETEVENTS : 0), 0, 0);
  queued = 0;
  return n;
}

// Wakes the thread that submits if it sleeps: on a busy machine it may at any time.
static void keep_awake(void) {
  if (SLEEPS())
    wake(0);
}

static void leave_open(void) {
  open_ring(IORING_SETUP_SQPOLL, 10000);
  entry(IORING_OP_NOP, 0, 1);
  SOON((keep_awake(), waiting() == 1));
  // The thread of the ring is no reason for the process to stay.
}

static void submitter(int file) {
  struct io_uring_params bad;
  memset(&bad, 0, sizeof bad);
  bad.flags = IORING_SETUP_SQ_AFF;
  CHECK_ERR(syscall(SYS_io_uring_setup, 4, &bad), EINVAL);
  memset(&bad, 0, sizeof bad);
  bad.flags = IORING_SETUP_SQPOLL | IORING_SETUP_COOP_TASKRUN;
  CHECK_ERR(syscall(SYS_io_uring_setup, 4, &bad), EINVAL);

  int before = threads();
  open_ring(IORING_SETUP_SQPOLL, 100);
  CHECK_EQ(threads(), before + 1);
  char in[8] = "", out[8] = "abcdefg";
  on_file(IORING_OP_WRITE, IOSQE_IO_LINK, 1, file, out, 8, 0);
  on_file(IORING_OP_READ, 0, 2, file, in, 8, 0);
  SOON((keep_awake(), waiting() == 2));
  NEXT(1, 8);
  NEXT(2, 8);
  CHECK(!strcmp(in, out));
  CHECK_EQ(__atomic_load_n(sq_head, __ATOMIC_ACQUIRE), *sq_tail);

  // What waits ends without the program, too.
  int p[2];
  CHECK_EQ(pipe(p), 0);
  on_file(IORING_OP_READ, 0, 3, p[0], in, 8, -1);
  SOON((keep_awake(), __atomic_load_n(sq_head, __ATOMIC_ACQUIRE) == *sq_tail));
  CHECK_EQ(write(p[1], "xyz", 3), 3);
  SOON(waiting() == 1);
  NEXT(3, 3);

  // After a while it sleeps, and has to be woken.
  SOON(SLEEPS());
  entry(IORING_OP_NOP, 0, 4);
  queued = 1;
  CHECK_EQ(wake(0), 1);
  SOON(waiting() == 1);
  NEXT(4, 0);
  SOON(SLEEPS());
  entry(IORING_OP_NOP, 0, 5);
  queued = 1;
  CHECK_EQ(wake(1), 1);
  NEXT(5, 0);

  // A full ring: wait for room.
  for (int i = 0; i < ENTRIES; i++)
    entry(IORING_OP_NOP, 0, i);
  CHECK_EQ(syscall(SYS_io_uring_enter, ring, 0, 0, IORING_ENTER_SQ_WAIT | IORING_ENTER_SQ_WAKEUP,
                   0, 0), 0);
  CHECK(*sq_tail - __atomic_load_n(sq_head, __ATOMIC_ACQUIRE) < ENTRIES);
  SOON((keep_awake(), waiting() == ENTRIES));
  *cq_head += ENTRIES;
  close(p[0]);
  close(p[1]);
  munmap(rings, rings_size);
  munmap(entries, ENTRIES * sizeof *entries);
  close(ring);
  SOON(threads() == before);
  CHECK_CHILD(leave_open);
}

// Entries that wait do not outlive the ring, nor keep the program.
static void closed_in_between(void) {
  int e = eventfd(0, 0), p[2];
  char in[8];
  CHECK_EQ(pipe(p), 0);
  on_file(IORING_OP_READ, IOSQE_IO_LINK, 4, p[0], in, 8, -1);
  limit(0, 5, 100000);
  poll_for(0, 1, e, POLLIN);
  timeout(0, 2, 100000, 0);
  entry(IORING_OP_NOP, IOSQE_IO_DRAIN, 3);
  CHECK_EQ(enter(0), 5);
  close(ring);
  uint64_t one = 1;
  CHECK_EQ(write(e, &one, 8), 8);
  close(e);
}

int main(void) {
  char name[] = "/tmp/uring-XXXXXX";
  int file = mkstemp(name);
  unlink(name);
  open_ring(0, 0);
  links(file);
  polls();
  timeouts();
  cancels();
  drains();
  waits();
  limits();
  multishot();
  probe();
  closed_in_between();
  submitter(file);
  return check_result();
}
