// Threads: creation, joining, mutexes, conditions, barriers, robust locks, futexes, thread-local data.
#include "check.h"

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>

enum { THREADS = 8, ROUNDS = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;
static __thread int local = 5;

static void *add(void *argument) {
  CHECK_EQ(local, 5);
  local = (int)(long)argument;
  for (int i = 0; i < ROUNDS; i++) {
    pthread_mutex_lock(&mutex);
    counter++;
    pthread_mutex_unlock(&mutex);
  }
  CHECK_EQ(local, (long)argument);
  return (void *)((long)argument * 2);
}

static void mutexes_exclude(void) {
  pthread_t t[THREADS];
  counter = 0;
  for (long i = 0; i < THREADS; i++) {
    CHECK_EQ(pthread_create(&t[i], NULL, add, (void *)i), 0);
  }
  for (long i = 0; i < THREADS; i++) {
    void *result;
    CHECK_EQ(pthread_join(t[i], &result), 0);
    CHECK_EQ(result, i * 2);
  }
  CHECK_EQ(counter, (long)THREADS * ROUNDS);
}

static long atomic_counter;

static void *add_atomically(void *argument) {
  (void)argument;
  for (int i = 0; i < ROUNDS; i++) {
    __atomic_fetch_add(&atomic_counter, 1, __ATOMIC_SEQ_CST);
    long old = __atomic_load_n(&atomic_counter, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&atomic_counter, &old, old + 1, 1, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED)) {
    }
  }
  return NULL;
}

static void atomics_count(void) {
  pthread_t t[THREADS];
  for (long i = 0; i < THREADS; i++) {
    pthread_create(&t[i], NULL, add_atomically, NULL);
  }
  for (long i = 0; i < THREADS; i++) {
    pthread_join(t[i], NULL);
  }
  CHECK_EQ(atomic_counter, 2L * THREADS * ROUNDS);
}

static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int turn;

static void *ping(void *argument) {
  int me = (int)(long)argument;
  for (int i = 0; i < 2000; i++) {
    pthread_mutex_lock(&mutex);
    while (turn != me) {
      pthread_cond_wait(&condition, &mutex);
    }
    turn = !me;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

static void conditions_pass_turns(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, ping, (void *)0);
  pthread_create(&b, NULL, ping, (void *)1);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  CHECK_EQ(turn, 0);
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  t.tv_nsec += 30000000;
  if (t.tv_nsec >= 1000000000) {
    t.tv_nsec -= 1000000000;
    t.tv_sec++;
  }
  pthread_mutex_lock(&mutex);
  int64_t begin = now_ns();
  CHECK_EQ(pthread_cond_timedwait(&condition, &mutex, &t), ETIMEDOUT);
  CHECK(now_ns() - begin >= 25000000);
  pthread_mutex_unlock(&mutex);
}

static pthread_barrier_t barrier;
static int serial;

static void *meet(void *argument) {
  (void)argument;
  for (int i = 0; i < 50; i++) {
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
      __atomic_fetch_add(&serial, 1, __ATOMIC_SEQ_CST);
    }
  }
  return NULL;
}

static void barriers_meet(void) {
  pthread_t t[THREADS];
  pthread_barrier_init(&barrier, NULL, THREADS);
  for (long i = 0; i < THREADS; i++) {
    pthread_create(&t[i], NULL, meet, NULL);
  }
  for (long i = 0; i < THREADS; i++) {
    pthread_join(t[i], NULL);
  }
  CHECK_EQ(serial, 50);
}

static pthread_mutex_t robust;

static void *die_holding(void *argument) {
  (void)argument;
  pthread_mutex_lock(&robust);
  return NULL;
}

static void robust_mutex_survives_its_owner(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&robust, &attributes);
  pthread_t t;
  pthread_create(&t, NULL, die_holding, NULL);
  pthread_join(t, NULL);
  CHECK_EQ(pthread_mutex_lock(&robust), EOWNERDEAD);
  CHECK_EQ(pthread_mutex_consistent(&robust), 0);
  CHECK_EQ(pthread_mutex_unlock(&robust), 0);
  CHECK_EQ(pthread_mutex_lock(&robust), 0);
  pthread_mutex_unlock(&robust);
}

static void shared_between_processes(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  struct shared {
    pthread_mutex_t mutex;
    sem_t semaphore;
    long value;
  } *s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutex_init(&s->mutex, &attributes);
  sem_init(&s->semaphore, 1, 0);
  for (int i = 0; i < 4; i++) {
    if (fork() == 0) {
      for (int j = 0; j < 5000; j++) {
        pthread_mutex_lock(&s->mutex);
        s->value++;
        pthread_mutex_unlock(&s->mutex);
      }
      sem_post(&s->semaphore);
      _exit(0);
    }
  }
  for (int i = 0; i < 4; i++) {
    CHECK_EQ(sem_wait(&s->semaphore), 0);
  }
  CHECK_EQ(s->value, 20000);
  while (wait(NULL) > 0) {
  }
  munmap(s, 4096);
}

static long futex(uint32_t *word, int operation, uint32_t value, void *timeout, uint32_t *word2,
                  uint32_t value3) {
  return syscall(SYS_futex, word, operation, value, timeout, word2, value3);
}

static void futex_calls(void) {
  uint32_t word = 1;
  CHECK_ERR(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0), EAGAIN);
  struct timespec t = {0, 20000000};
  int64_t begin = now_ns();
  CHECK_ERR(futex(&word, FUTEX_WAIT, 1, &t, NULL, 0), ETIMEDOUT);
  CHECK(now_ns() - begin >= 20000000);
  CHECK_EQ(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
  CHECK_ERR(futex((uint32_t *)((char *)&word + 1), FUTEX_WAIT, 1, &t, NULL, 0), EINVAL);
  CHECK_ERR(futex((uint32_t *)8, FUTEX_WAIT, 1, &t, NULL, 0), EFAULT);
  CHECK_ERR(futex(&word, 99, 1, &t, NULL, 0), ENOSYS);
  CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET, 1, NULL, NULL, 0), EINVAL);
  t.tv_nsec = 1000000000;
  CHECK_ERR(futex(&word, FUTEX_WAIT, 1, &t, NULL, 0), EINVAL);
  CHECK_ERR(futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1, &word, 5), EAGAIN);
}

static uint32_t gate_a, gate_b;
static int passed;
static pid_t waiting[4];

static void *wait_at_a(void *argument) {
  __atomic_store_n((pid_t *)argument, (pid_t)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&gate_b, __ATOMIC_SEQ_CST) == 0) {
    futex(&gate_a, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
  }
  __atomic_fetch_add(&passed, 1, __ATOMIC_SEQ_CST);
  return NULL;
}

static void futex_requeues(void) {
  pthread_t t[4];
  for (int i = 0; i < 4; i++) {
    pthread_create(&t[i], NULL, wait_at_a, &waiting[i]);
  }
  for (int i = 0; i < 4; i++) {
    char directory[48];
    UNTIL(__atomic_load_n(&waiting[i], __ATOMIC_SEQ_CST) != 0);
    snprintf(directory, sizeof directory, "self/task/%d", waiting[i]);
    UNTIL(state_of(directory) == 'S');
  }
  long moved = futex(&gate_a, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)100, &gate_b, 0);
  CHECK_EQ(moved, 4);
  pause_ms(20);
  __atomic_store_n(&gate_b, 1, __ATOMIC_SEQ_CST);
  futex(&gate_b, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0);
  futex(&gate_a, FUTEX_WAKE_PRIVATE, 100, NULL, NULL, 0);
  for (int i = 0; i < 4; i++) {
    pthread_join(t[i], NULL);
  }
  CHECK_EQ(passed, 4);
}

static void *show_ids(void *argument) {
  long *ids = argument;
  ids[0] = getpid();
  ids[1] = syscall(SYS_gettid);
  return NULL;
}

static void identities(void) {
  long ids[2];
  pthread_t t;
  pthread_create(&t, NULL, show_ids, ids);
  pthread_join(t, NULL);
  CHECK_EQ(ids[0], getpid());
  CHECK(ids[1] != getpid());
  CHECK_EQ(syscall(SYS_gettid), getpid());
}

static volatile int handled_by;

static void handler(int signal) {
  (void)signal;
  handled_by = (int)syscall(SYS_gettid);
}

static volatile int thread_id, stop_thread;

static void *spin(void *argument) {
  (void)argument;
  thread_id = (int)syscall(SYS_gettid);
  while (!stop_thread) {
    sched_yield();
  }
  return NULL;
}

static void signals_go_to_the_thread_meant(void) {
  signal(SIGUSR1, handler);
  pthread_t t;
  pthread_create(&t, NULL, spin, NULL);
  while (thread_id == 0) {
    sched_yield();
  }
  handled_by = 0;
  pthread_kill(t, SIGUSR1);
  while (handled_by == 0) {
    sched_yield();
  }
  CHECK_EQ(handled_by, thread_id);
  // a signal to the process goes to whoever does not block it
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  handled_by = 0;
  kill(getpid(), SIGUSR1);
  UNTIL(handled_by != 0);
  CHECK_EQ(handled_by, thread_id);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  stop_thread = 1;
  pthread_join(t, NULL);
  CHECK_ERR(syscall(SYS_tgkill, getpid(), 0x7ffffff, SIGUSR1), ESRCH);
  CHECK_ERR(syscall(SYS_tgkill, -1, 1, SIGUSR1), EINVAL);
}

static void *exit_the_process(void *argument) {
  (void)argument;
  _exit(33);
}

static void exit_group_ends_all(void) {
  pid_t pid = fork();
  if (pid == 0) {
    pthread_t t;
    pthread_create(&t, NULL, exit_the_process, NULL);
    for (;;) {
      pause();
    }
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 33 << 8);
}

static void *linger(void *argument) {
  (void)argument;
  pause_ms(50);
  _exit(44);
}

static void leader_may_leave_first(void) {
  pid_t pid = fork();
  if (pid == 0) {
    pthread_t t;
    pthread_create(&t, NULL, linger, NULL);
    pthread_exit(NULL);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 44 << 8);
}

static void *crash(void *argument) {
  (void)argument;
  *(volatile int *)16 = 1;
  return NULL;
}

static void a_crash_ends_all_threads(void) {
  pid_t pid = fork();
  if (pid == 0) {
    pthread_t t;
    pthread_create(&t, NULL, crash, NULL);
    pthread_join(t, NULL);
    _exit(0);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

static void *exec_from_thread(void *argument) {
  execl(argument, argument, "executed", NULL);
  return NULL;
}

static void exec_ends_other_threads(const char *self) {
  stop_thread = 0;
  pid_t pid = fork();
  if (pid == 0) {
    pthread_t a, b;
    pthread_create(&a, NULL, spin, NULL);
    pthread_create(&b, NULL, exec_from_thread, (void *)self);
    pthread_join(a, NULL);
    _exit(1);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 55 << 8);
}

static void many_threads(void) {
  for (int round = 0; round < 10; round++) {
    pthread_t t[40];
    long ids[40][2];
    for (int i = 0; i < 40; i++) {
      CHECK_EQ(pthread_create(&t[i], NULL, show_ids, ids[i]), 0);
    }
    for (int i = 0; i < 40; i++) {
      CHECK_EQ(pthread_join(t[i], NULL), 0);
    }
  }
}

static void *cancelled(void *argument) {
  (void)argument;
  for (;;) {
    pause();
  }
  return NULL;
}

static void cancellation(void) {
  pthread_t t;
  pthread_create(&t, NULL, cancelled, NULL);
  pause_ms(5);
  pthread_cancel(t);
  void *result;
  CHECK_EQ(pthread_join(t, &result), 0);
  CHECK(result == PTHREAD_CANCELED);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    // the thread that called exec has become the process
    return syscall(SYS_gettid) == getpid() && strcmp(argv[1], "executed") == 0 ? 55 : 56;
  }
  static char self[4096];
  CHECK(realpath("/proc/self/exe", self) != NULL);
  mutexes_exclude();
  atomics_count();
  conditions_pass_turns();
  barriers_meet();
  robust_mutex_survives_its_owner();
  shared_between_processes();
  futex_calls();
  futex_requeues();
  identities();
  signals_go_to_the_thread_meant();
  exit_group_ends_all();
  leader_may_leave_first();
  a_crash_ends_all_threads();
  exec_ends_other_threads(self);
  many_threads();
  cancellation();
  return check_result();
}
