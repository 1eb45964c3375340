// Child processes the way a server needs them: in their own process group, with nothing inherited but what is named,
// and with a guard that ends them when the server is gone, however it went.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// What to start. Arrays end with a null pointer; paths are absolute.
struct spawn_request {
    const char *_Nonnull program;
    char *_Nullable const *_Nonnull arguments;
    char *_Nullable const *_Nonnull environment;
    const char *_Nonnull directory;
    /// File that standard error is appended to.
    const char *_Nonnull log;
};

/// A started child: its process id (also the id of its new process group), a pidfd that becomes readable when it ends,
/// and the parent's ends of its standard input and output (close-on-exec, non-blocking).
struct spawn_child {
    pid_t pid;
    int pidfd;
    int input;
    int output;
};

/// Starts a child (posix_spawn(3), pidfd_open(2)). Returns 0, or an errno value.
int spawn_start(const struct spawn_request *_Nonnull request, struct spawn_child *_Nonnull child);

/// Forks a guard: a process outside the caller's process group that reads process group ids from a socket and, at the
/// end of that stream, kills every group not taken back. The kernel closes it when the caller ends, also after SIGKILL.
/// Returns the write end (close-on-exec) and stores the guard's process id, or returns -1 with errno set.
int spawn_guard(pid_t *_Nonnull guard);

/// Tells a guard about a group (`alive`), or that the group is over.
bool spawn_guard_tell(int descriptor, pid_t group, bool alive);

/// Reaps a child once it has ended, kills what is left of its process group and waits (half a second at most) until that
/// is gone. Stores exit status or signal number.
void spawn_reap(pid_t pid, int *_Nonnull status, int *_Nonnull signal);
