// Starting processes (posix_spawn(3)), a guard that ends them when their parent is gone, however it went, and the few
// GNU calls beside it that Swift's Glibc module does not have.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/// What to start. Arrays end with a null pointer.
struct spawn_request {
    /// The program, found along PATH unless it has a slash, and its arguments.
    char *_Nullable const *_Nonnull arguments;
    /// Null: the caller's.
    char *_Nullable const *_Nullable environment;
    /// Null: the caller's.
    const char *_Nullable directory;
    /// What become standard input, output and error; -1: the caller's.
    int input;
    int output;
    int errors;
    /// In a process group of its own, with every signal at its default and no other descriptor. Otherwise only the signals
    /// are reset that dbsh itself ignores: what the user ignores (nohup) stays ignored.
    bool apart;
    /// Apart, and in a session of its own too, which has no terminal.
    bool session;
};

/// Starts a process and stores its id. No signal is blocked in it. Returns 0, or an errno value.
int spawn_start(const struct spawn_request *_Nonnull request, pid_t *_Nonnull pid);

/// pipe2(2) with O_CLOEXEC: 0, or -1 with errno set.
int spawn_pipe(int *_Nonnull ends);

/// A descriptor (close-on-exec) that becomes readable when the process ends (pidfd_open(2)); -1 with errno set.
int spawn_pidfd(pid_t pid);

/// Forks a guard: a process outside the caller's process group that reads process group ids from a socket and, at the
/// end of that stream, kills every group not taken back. The kernel closes it when the caller ends, also after SIGKILL.
/// Returns the write end (close-on-exec) and stores the guard's process id, or returns -1 with errno set.
int spawn_guard(pid_t *_Nonnull guard);

/// Tells a guard about a group (`alive`), or that the group is over. One that `may_finish` is given two seconds to end by itself.
bool spawn_guard_tell(int descriptor, pid_t group, bool alive, bool may_finish);

/// Reaps a process that leads its group once it has ended, kills what is left of the group and waits (half a second at
/// most) until that is gone. Stores the status of waitpid(2).
void spawn_reap_group(pid_t pid, int *_Nonnull status);

/// Names the calling thread (pthread_setname_np(3); 15 bytes at most).
void spawn_thread_name(const char *_Nonnull name);
