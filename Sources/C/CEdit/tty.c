#define _GNU_SOURCE
#include "CEdit.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// Entries are never freed, only reused: a signal handler may be walking the list at any time.
struct cedit_tty {
    int input, output;
    struct termios before;
    atomic_bool raw;  // the mode is not as it was found
    bool quiet;
    atomic_bool full;  // the alternate screen is shown
    bool used;
    struct cedit_tty *next;
};
static struct cedit_tty *_Atomic first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

void cedit_tty_restore_all(void) {
    // Bracketed paste off, cursor visible, colours off, a fresh line.
    static const char leave[] = "\033[?1049l";
    static const char sane[] = "\033[?2004l\033[?25h\033[0m\r\n";
    for (struct cedit_tty *tty = atomic_load(&first); tty; tty = tty->next) {
        if (!atomic_exchange(&tty->raw, false)) continue;
        tcsetattr(tty->input, TCSANOW, &tty->before);
        ssize_t written = 0;
        if (atomic_exchange(&tty->full, false)) written = write(tty->output, leave, sizeof leave - 1);
        written = write(tty->output, sane, sizeof sane - 1);
        (void)written;
    }
}

static const int fatal[] = {SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE};
static struct sigaction before[65];

static void crashed(int signal) {
    cedit_tty_restore_all();
    // Returning repeats the fault, and now whoever was there before (Swift's backtracer, or the default) sees it.
    sigaction(signal, &before[signal], NULL);
    if (signal == SIGABRT) raise(signal);
}

static void protect(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = crashed;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, &before[fatal[i]]);
    atexit(cedit_tty_restore_all);
}

cedit_tty *cedit_tty_open(int input, int output) {
    if (!isatty(input)) return NULL;
    pthread_once(&once, protect);
    pthread_mutex_lock(&lock);
    struct cedit_tty *tty = atomic_load(&first);
    while (tty && tty->used) tty = tty->next;
    if (!tty && (tty = calloc(1, sizeof *tty))) {
        tty->next = atomic_load(&first);
        atomic_store(&first, tty);
    }
    if (tty) {
        tty->used = true;
        tty->input = input;
        tty->output = output;
    }
    pthread_mutex_unlock(&lock);
    return tty;
}

static int set(int descriptor, const struct termios *mode) {
    int result;
    do result = tcsetattr(descriptor, TCSADRAIN, mode);
    while (result != 0 && errno == EINTR);
    return result;
}

static const tcflag_t echo = ECHO | ECHOE | ECHOK | ECHOKE | ECHOCTL;

int cedit_tty_raw(cedit_tty *tty) {
    if (!atomic_load(&tty->raw)) {
        if (tcgetattr(tty->input, &tty->before) != 0) return -1;
        atomic_store(&tty->raw, true);
    } else if (tty->quiet) {
        // What a command has changed meanwhile (stty) stays changed.
        struct termios now;
        if (tcgetattr(tty->input, &now) == 0) {
            now.c_lflag = (now.c_lflag & ~echo) | (tty->before.c_lflag & echo);
            tty->before = now;
        }
    }
    tty->quiet = false;
    struct termios mode = tty->before;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
    mode.c_iflag &= ~(tcflag_t)(IXON | IXOFF | ICRNL | INLCR | IGNCR | BRKINT | INPCK | ISTRIP | PARMRK);
    mode.c_oflag |= OPOST | ONLCR;
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    return set(tty->input, &mode);
}

void cedit_tty_full(cedit_tty *tty, bool on) { atomic_store(&tty->full, on); }

int cedit_tty_quiet(cedit_tty *tty) {
    if (!atomic_load(&tty->raw)) return 0;
    struct termios mode = tty->before;
    mode.c_lflag &= ~echo;
    tty->quiet = true;
    return set(tty->input, &mode);
}

int cedit_tty_cooked(cedit_tty *tty) {
    if (!atomic_load(&tty->raw)) return 0;
    int result = set(tty->input, &tty->before);
    atomic_store(&tty->raw, false);
    return result;
}

void cedit_tty_close(cedit_tty *tty) {
    cedit_tty_cooked(tty);
    pthread_mutex_lock(&lock);
    tty->used = false;
    pthread_mutex_unlock(&lock);
}

bool cedit_tty_is_raw(int descriptor) {
    struct termios mode;
    return tcgetattr(descriptor, &mode) == 0 && !(mode.c_lflag & ICANON);
}
