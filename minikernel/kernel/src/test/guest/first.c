// The first process of a test machine: runs a program and adopts what that leaves behind, so that a
// test program is an ordinary process. Ends with the program's status.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  (void)argc;
  pid_t pid = fork();
  if (pid == 0) {
    execv(argv[1], argv + 1);
    perror(argv[1]);
    _exit(127);
  }
  for (;;) {
    int status;
    pid_t ended = wait(&status);
    if (ended == pid) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (ended < 0) {
      return 126;
    }
  }
}
