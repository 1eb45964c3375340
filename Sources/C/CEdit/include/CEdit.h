#pragma once
// What Swift cannot reach by itself: libedit's variadic functions, the private pty it edits on, the terminal's mode (which
// must be put back even by a signal handler), and signal handlers that only write one byte into a pipe.
#include <histedit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <wchar.h>

// ---- libedit: el_set and friends are C-variadic, so each call gets a typed wrapper (editline(3)) ----

typedef wchar_t *(*cedit_prompt)(EditLine *);
typedef unsigned char (*cedit_command)(EditLine *, wint_t);
typedef int (*cedit_getc)(EditLine *, wchar_t *);

static inline void cedit_set_signal(EditLine *el, int on) { el_wset(el, EL_SIGNAL, on); }
static inline void cedit_set_editor(EditLine *el, const char *mode) { el_set(el, EL_EDITOR, mode); }
static inline void cedit_set_client(EditLine *el, void *client) { el_wset(el, EL_CLIENTDATA, client); }
static inline void cedit_set_prompt(EditLine *el, cedit_prompt prompt) { el_wset(el, EL_PROMPT, prompt); }
static inline void cedit_set_getc(EditLine *el, cedit_getc getc) { el_wset(el, EL_GETCFN, getc); }
static inline void cedit_set_history(EditLine *el, HistoryW *history) { el_wset(el, EL_HIST, history_w, history); }
static inline void cedit_bind(EditLine *el, const char *key, const char *command) {
    el_set(el, EL_BIND, key, command, NULL);
}
/// Binds in vi's command mode.
static inline void cedit_bind_alternative(EditLine *el, const char *key, const char *command) {
    el_set(el, EL_BIND, "-a", key, command, NULL);
}
/// libedit keeps the pointers `name` and `help`: they must live as long as the process.
static inline void cedit_add_command(EditLine *el, const wchar_t *name, const wchar_t *help, cedit_command function) {
    el_wset(el, EL_ADDFN, name, help, function);
}
static inline void *cedit_client(EditLine *el) {
    void *client = NULL;
    el_wget(el, EL_CLIENTDATA, &client);
    return client;
}
static inline const char *cedit_editor(EditLine *el) {
    const char *mode = NULL;
    el_get(el, EL_EDITOR, &mode);
    return mode;
}
static inline void cedit_history_limit(HistoryW *history, int limit) {
    HistEventW event;
    history_w(history, &event, H_SETSIZE, limit);
}
static inline void cedit_history_clear(HistoryW *history) {
    HistEventW event;
    history_w(history, &event, H_CLEAR);
}
static inline void cedit_history_add(HistoryW *history, const wchar_t *entry) {
    HistEventW event;
    history_w(history, &event, H_ENTER, entry);
}

// ---- an editing engine: libedit on a pty of its own, whose drawing nobody sees ----

typedef struct cedit_engine cedit_engine;
/// like: a terminal whose special characters (erase, kill, …) are copied, or -1. NULL when no pty can be had.
cedit_engine *cedit_engine_open(const char *program, int like, int rows, int columns);
EditLine *cedit_engine_line(const cedit_engine *engine);
/// True when libedit has rung the bell since the last call.
bool cedit_engine_take_bell(cedit_engine *engine);
void cedit_engine_close(cedit_engine *engine);

// ---- the terminal's mode ----

typedef struct cedit_tty cedit_tty;
/// NULL when `input` is no terminal. From then on a crash and exit(3) put the terminal back.
cedit_tty *cedit_tty_open(int input, int output);
/// No line buffering, echo, signals or flow control; output processing stays. Remembers the mode found.
int cedit_tty_raw(cedit_tty *tty);
/// Puts back the mode that cedit_tty_raw found; nothing when that was not called.
int cedit_tty_cooked(cedit_tty *tty);
/// The same, but for showing what is typed, which the terminal keeps for the next reader.
int cedit_tty_quiet(cedit_tty *tty);
/// Whether the terminal shows its alternate screen, which a crash must leave.
void cedit_tty_full(cedit_tty *tty, bool on);
void cedit_tty_close(cedit_tty *tty);
/// Whether a terminal is without line buffering now.
bool cedit_tty_is_raw(int descriptor);
/// Puts every terminal back. Async-signal-safe.
void cedit_tty_restore_all(void);

// ---- signals ----

/// The read end of the pipe that receives the number of each caught signal; made once. -1 with errno when it cannot be.
int cedit_signal_pipe(void);
/// From now on the signal writes its number into the pipe. A signal that was ignored when the process started (nohup, a
/// background job of sh) stays ignored: false.
bool cedit_signal_catch(int signal);
void cedit_signal_default(int signal);
void cedit_signal_ignore(int signal);
/// From now on the signal puts the terminals back and ends the process.
void cedit_signal_fatal(int signal);
/// Puts the terminals back and dies of the signal. Comes back only in process 1, which no signal ends.
void cedit_signal_die(int signal);

// ---- calls that Swift's Glibc module does not show ----

/// Makes UTF-8 the character set of this thread alone, leaving the process's locale as it is. NULL when there is no such
/// locale; otherwise to be given to cedit_thread_locale_end.
void *cedit_thread_locale_utf8(void);
void cedit_thread_locale_end(void *locale);
/// An eventfd(2) that never blocks its writer.
int cedit_event(void);
