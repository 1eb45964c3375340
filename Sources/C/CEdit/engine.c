#define _GNU_SOURCE
#include "CEdit.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct cedit_engine {
    EditLine *line;
    FILE *input, *output, *errors;
    int master, slave;
    bool bell;
};

// libedit draws into this stream: only the bell is listened for.
static ssize_t swallow(void *cookie, const char *bytes, size_t count) {
    cedit_engine *engine = cookie;
    if (memchr(bytes, '\a', count)) engine->bell = true;
    return (ssize_t)count;
}

static FILE *sink(cedit_engine *engine) {
    cookie_io_functions_t functions = {.write = swallow};
    return fopencookie(engine, "w", functions);
}

static FILE *duplicate(int descriptor) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) return NULL;
    FILE *file = fdopen(copy, "r");
    if (!file) close(copy);
    return file;
}

static bool open_pty(cedit_engine *engine, int like, int rows, int columns) {
    char name[64];
    engine->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (engine->master < 0) return false;
    if (grantpt(engine->master) != 0 || unlockpt(engine->master) != 0) return false;
    if (ptsname_r(engine->master, name, sizeof name) != 0) return false;
    engine->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (engine->slave < 0) return false;
    struct termios mode;
    if (like >= 0 && tcgetattr(like, &mode) == 0) tcsetattr(engine->slave, TCSANOW, &mode);
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(engine->slave, TIOCSWINSZ, &size) == 0;
}

cedit_engine *cedit_engine_open(const char *program, int like, int rows, int columns) {
    cedit_engine *engine = calloc(1, sizeof *engine);
    if (!engine) return NULL;
    engine->master = engine->slave = -1;
    if (open_pty(engine, like, rows, columns)) {
        engine->input = duplicate(engine->slave);
        engine->output = sink(engine);
        engine->errors = sink(engine);
        if (engine->input && engine->output && engine->errors)
            engine->line = el_init_fd(program, engine->input, engine->output, engine->errors, engine->slave,
                                      engine->slave, engine->slave);
    }
    if (engine->line) return engine;
    cedit_engine_close(engine);
    return NULL;
}

EditLine *cedit_engine_line(const cedit_engine *engine) { return engine->line; }

bool cedit_engine_take_bell(cedit_engine *engine) {
    bool rung = engine->bell;
    engine->bell = false;
    return rung;
}

void cedit_engine_close(cedit_engine *engine) {
    if (engine->line) el_end(engine->line);
    if (engine->input) fclose(engine->input);
    if (engine->output) fclose(engine->output);
    if (engine->errors) fclose(engine->errors);
    if (engine->slave >= 0) close(engine->slave);
    if (engine->master >= 0) close(engine->master);
    free(engine);
}
