#define _GNU_SOURCE
#include "CPty.h"
#include <fcntl.h>
#include <ftw.h>
#include <pty.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utmp.h>

static int prepare(int master) {
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(master, F_SETFL, O_NONBLOCK);
    return master;
}

static struct winsize window(int rows, int columns) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return size;
}

int cpty_open(int rows, int columns, int *slave) {
    struct winsize size = window(rows, columns);
    int master;
    if (openpty(&master, slave, NULL, NULL, &size) != 0) return -1;
    fcntl(*slave, F_SETFD, FD_CLOEXEC);
    return prepare(master);
}

int cpty_spawn(const char *const arguments[], const char *const environment[], const char *directory, int rows,
               int columns, int *pid, struct termios *mode) {
    struct winsize size = window(rows, columns);
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, &size) != 0) return -1;
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    tcgetattr(slave, mode);
    *pid = fork();
    if (*pid == 0) {
        if (login_tty(slave) != 0) _exit(127);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
        close_range(3, ~0U, 0);
        if (chdir(directory) == 0) execve(arguments[0], (char *const *)arguments, (char *const *)environment);
        _exit(127);
    }
    close(slave);
    if (*pid > 0) return prepare(master);
    close(master);
    return -1;
}

int cpty_resize(int master, int rows, int columns) {
    struct winsize size = window(rows, columns);
    return ioctl(master, TIOCSWINSZ, &size);
}

bool cpty_is_raw(int master) {
    struct termios mode;
    return tcgetattr(master, &mode) == 0 && !(mode.c_lflag & (ICANON | ECHO | ISIG));
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

void cpty_remove_tree(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }
