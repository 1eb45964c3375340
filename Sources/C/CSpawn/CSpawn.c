#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void close_both(int pair[2]) {
    close(pair[0]);
    close(pair[1]);
}

// Signals that dbsh ignores, which a program would inherit; caught ones become default by themselves.
static const int ignored[] = {SIGPIPE, SIGQUIT, SIGTTOU};

static void set_attributes(posix_spawnattr_t *attributes, bool apart, bool session) {
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    if (apart) {
        sigfillset(&defaults);
        posix_spawnattr_setpgroup(attributes, 0);
        flags |= session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    } else {
        for (unsigned at = 0; at < sizeof ignored / sizeof *ignored; at++) sigaddset(&defaults, ignored[at]);
    }
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &defaults);
    posix_spawnattr_setflags(attributes, flags);
}

int spawn_start(const struct spawn_request *request, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // A descriptor that is a standard one itself would be overwritten by the one before it: a copy is used.
    int streams[3] = {request->input, request->output, request->errors};
    int copies[3] = {-1, -1, -1};
    int error = 0;
    for (int at = 0; at < 3; at++) {
        if (streams[at] < 0) continue;
        if (streams[at] < 3) {
            copies[at] = fcntl(streams[at], F_DUPFD_CLOEXEC, 3);
            if (copies[at] < 0) error = errno;
            streams[at] = copies[at];
        }
        if (error == 0) posix_spawn_file_actions_adddup2(&actions, streams[at], at);
    }
    if (request->directory) posix_spawn_file_actions_addchdir_np(&actions, request->directory);
    if (request->apart) posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    set_attributes(&attributes, request->apart, request->session);
    if (error == 0) {
        char *const *environment = request->environment ? request->environment : environ;
        error = posix_spawnp(pid, request->arguments[0], &actions, &attributes, request->arguments, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    for (int at = 0; at < 3; at++) {
        if (copies[at] >= 0) close(copies[at]);
    }
    return error;
}

int spawn_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

int spawn_pidfd(pid_t pid) { return pidfd_open(pid, 0); }

void spawn_reap_group(pid_t pid, int *status) {
    // The leader is still a zombie here, so its id cannot have gone to another process or group.
    siginfo_t info;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    kill(-pid, SIGKILL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR) {
    }
    // SIGKILL takes effect a little later, and "ended" is to mean that nothing is left. Not for ever: orphans are
    // members until init has reaped them, and a container's may never do it.
    const struct timespec pause = {.tv_nsec = 2 * 1000 * 1000};
    for (int at = 0; at < 250 && kill(-pid, 0) == 0; at++) nanosleep(&pause, NULL);
}

void spawn_thread_name(const char *name) { pthread_setname_np(pthread_self(), name); }

struct message {
    int32_t group;
    bool alive;
    bool may_finish;
};

enum { GROUPS = 1024 };

// Runs in a fork of a process with threads: only async-signal-safe calls, no allocation.
static void guard_loop(int descriptor) {
    struct message groups[GROUPS];
    int count = 0;
    struct message message;
    for (;;) {
        ssize_t size = read(descriptor, &message, sizeof message);
        if (size < 0 && errno == EINTR) continue;
        if (size != (ssize_t)sizeof message) break;
        int at = 0;
        while (at < count && groups[at].group != message.group) at++;
        if (message.alive && at == count && count < GROUPS) groups[count++] = message;
        if (!message.alive && at < count) groups[at] = groups[--count];
    }
    for (int at = 0; at < count; at++) {
        if (!groups[at].may_finish) kill(-groups[at].group, SIGKILL);
    }
    // The others know that they are to end, and may take two seconds for it.
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    for (int left = 100; left > 0; left--) {
        int at = 0;
        while (at < count && (!groups[at].may_finish || kill(-groups[at].group, 0) != 0)) at++;
        if (at == count) return;
        nanosleep(&pause, NULL);
    }
    for (int at = 0; at < count; at++) kill(-groups[at].group, SIGKILL);
}

int spawn_guard(pid_t *guard) {
    // A socket pair, as a message to a guard that was killed must be an error and not a SIGPIPE.
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return -1;
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;
        close_both(pair);
        errno = error;
        return -1;
    }
    if (pid == 0) {
        setsid();
        prctl(PR_SET_NAME, "dbsh-guard");
        struct sigaction ignore = {.sa_handler = SIG_IGN};
        const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
        for (unsigned at = 0; at < sizeof signals / sizeof *signals; at++) sigaction(signals[at], &ignore, NULL);
        // Nothing of the caller may stay open here: a pipe held by the guard would never end for its reader.
        int kept = fcntl(pair[0], F_DUPFD, 10);
        int null = open("/dev/null", O_RDWR);
        for (int at = 0; at < 3; at++) dup2(null, at);
        dup2(kept, 3);
        close_range(4, ~0u, 0);
        guard_loop(3);
        _exit(0);
    }
    close(pair[0]);
    *guard = pid;
    return pair[1];
}

bool spawn_guard_tell(int descriptor, pid_t group, bool alive, bool may_finish) {
    struct message message = {.group = group, .alive = alive, .may_finish = may_finish};
    return send(descriptor, &message, sizeof message, MSG_NOSIGNAL) == (ssize_t)sizeof message;
}
