// Mini-kernel only: a fork bomb and a memory hog are bounded, and the rest of the system goes on.
#include "check.h"

#include <pthread.h>
#include <sys/resource.h>

static void bomb(void) {
  // every process of the bomb forks until it cannot; all are in one group, so one signal ends them
  setpgid(0, 0);
  for (int i = 0; i < 20000; i++) {
    pid_t pid = fork();
    if (pid < 0) {
      break;
    }
  }
  for (;;) {
    pause();
  }
}

static void fork_bomb(void) {
  pid_t pid = fork();
  if (pid == 0) {
    bomb();
  }
  setpgid(pid, pid);
  // until forks fail, for us too or only for the bomb
  for (int i = 0; i < 3000; i++) {
    pid_t probe = fork();
    if (probe < 0) {
      CHECK(errno == EAGAIN || errno == ENOMEM);
      break;
    }
    if (probe == 0) {
      _exit(0);
    }
    waitpid(probe, NULL, 0);
  }
  kill(-pid, SIGKILL);
  int status;
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK_EQ(WTERMSIG(status), SIGKILL);
  for (int i = 0; i < 1000 && kill(-pid, 0) == 0; i++) {
    kill(-pid, SIGKILL);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    pause_ms(1);
  }
  pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    _exit(0);
  }
  waitpid(pid, NULL, 0);
}

static void *sleeper(void *argument) {
  (void)argument;
  for (;;) {
    pause();
  }
  return NULL;
}

static void thread_bomb(void) {
  pid_t pid = fork();
  if (pid == 0) {
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 16384);
    pthread_t t;
    int error = 0;
    for (int i = 0; i < 100000 && error == 0; i++) {
      error = pthread_create(&t, &a, sleeper, NULL);
    }
    _exit(error == EAGAIN || error == ENOMEM ? 0 : 1);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK_EQ(status, 0);
}

static void memory_hog(void) {
  pid_t pid = fork();
  if (pid == 0) {
    for (;;) {
      char *p = malloc(1 << 20);
      if (p == NULL) {
        _exit(12);
      }
      memset(p, 1, 1 << 20);
    }
  }
  int status;
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) || status == 12 << 8);
  char *p = malloc(8 << 20); // it was given back
  CHECK(p != NULL);
  memset(p, 2, 8 << 20);
  free(p);
}

static void file_hog(void) {
  int fd = open("/tmp/hog", O_CREAT | O_RDWR, 0600);
  static char block[1 << 20];
  long total = 0;
  ssize_t n;
  while ((n = write(fd, block, sizeof block)) > 0) {
    total += n;
  }
  CHECK_EQ(n, -1);
  CHECK(total > 1 << 20);
  close(fd);
  CHECK_EQ(unlink("/tmp/hog"), 0);
  fd = open("/tmp/hog", O_CREAT | O_RDWR, 0600);
  CHECK_EQ(write(fd, block, sizeof block), sizeof block);
  close(fd);
  unlink("/tmp/hog");
}

static void pipe_hog(void) {
  pid_t pid = fork();
  if (pid == 0) {
    struct rlimit l = {4096, 4096};
    setrlimit(RLIMIT_NOFILE, &l);
    static char block[65536];
    int p[2], n = 0;
    while (pipe2(p, O_NONBLOCK) == 0) {
      n++;
      if (write(p[1], block, sizeof block) <= 0) {
        break;
      }
    }
    _exit(n > 10 ? 0 : 1);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

static void name_hog(void) {
  mkdir("/tmp/names", 0755);
  chdir("/tmp/names");
  char name[256];
  memset(name, 'n', 255);
  name[255] = 0;
  long made = 0;
  int fd;
  for (; made < 3000000; made++) {
    snprintf(name, 12, "%011ld", made);
    name[11] = 'n';
    fd = open(name, O_CREAT | O_WRONLY, 0600);
    if (fd < 0) {
      break;
    }
    close(fd);
  }
  CHECK(made > 1000);
  CHECK(made < 3000000);
  for (long i = 0; i < made; i++) {
    snprintf(name, 12, "%011ld", i);
    name[11] = 'n';
    unlink(name);
  }
  chdir("/");
  CHECK_EQ(rmdir("/tmp/names"), 0);
}

static void mapping_hog(void) {
  pid_t pid = fork();
  if (pid == 0) {
    long n = 0;
    while (mmap(NULL, 4096, n % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) {
      n++;
    }
    _exit(errno == ENOMEM && n > 10000 ? 0 : 1);
  }
  int status;
  waitpid(pid, &status, 0);
  CHECK(status == 0 || WIFSIGNALED(status));
}

int main(void) {
  fork_bomb();
  thread_bomb();
  memory_hog();
  file_hog();
  pipe_hog();
  name_hog();
  mapping_hog();
  return check_result();
}
