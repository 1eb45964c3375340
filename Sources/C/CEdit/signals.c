#define _GNU_SOURCE
#include "CEdit.h"
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int ends[2] = {-1, -1};
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_pipe(void) {
    if (pipe2(ends, O_CLOEXEC) != 0) {
        ends[0] = ends[1] = -1;
        return;
    }
    fcntl(ends[1], F_SETFL, O_NONBLOCK);  // a handler must never wait for the reader
}

int cedit_signal_pipe(void) {
    pthread_once(&once, make_pipe);
    return ends[0];
}

static void tell(int signal) {
    int saved = errno;
    unsigned char number = (unsigned char)signal;
    ssize_t written;
    do written = write(ends[1], &number, 1);
    while (written < 0 && errno == EINTR);
    errno = saved;
}

static void install(int signal, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

bool cedit_signal_catch(int signal) {
    struct sigaction before;
    if (cedit_signal_pipe() < 0 || sigaction(signal, NULL, &before) != 0) return false;
    if (before.sa_handler == SIG_IGN) return false;
    install(signal, tell);
    return true;
}

void cedit_signal_default(int signal) { install(signal, SIG_DFL); }
void cedit_signal_ignore(int signal) { install(signal, SIG_IGN); }

void cedit_signal_die(int signal) {
    cedit_tty_restore_all();
    cedit_signal_default(signal);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal);
    raise(signal);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

void cedit_signal_fatal(int signal) {
    struct sigaction before;
    if (sigaction(signal, NULL, &before) == 0 && before.sa_handler == SIG_IGN) return;
    install(signal, cedit_signal_die);
}

void *cedit_thread_locale_utf8(void) {
    locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!locale) locale = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
    if (locale) uselocale(locale);
    return (void *)locale;
}

void cedit_thread_locale_end(void *locale) {
    if (!locale) return;
    uselocale(LC_GLOBAL_LOCALE);
    freelocale((locale_t)locale);
}

int cedit_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
