#include "CMicrohttpd.h"

#include <dlfcn.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>

// Every function used, once: the table below is declared, filled and called from this list.
#define FUNCTIONS(F)                                                                                                   \
    F(MHD_start_daemon)                                                                                                \
    F(MHD_stop_daemon)                                                                                                 \
    F(MHD_add_connection)                                                                                              \
    F(MHD_suspend_connection)                                                                                          \
    F(MHD_resume_connection)                                                                                           \
    F(MHD_get_connection_values)                                                                                       \
    F(MHD_create_response_from_buffer)                                                                                 \
    F(MHD_create_response_from_fd_at_offset64)                                                                         \
    F(MHD_add_response_header)                                                                                         \
    F(MHD_queue_response)                                                                                              \
    F(MHD_destroy_response)

static struct {
#define FIELD(name) __typeof__(&name) name;
    FUNCTIONS(FIELD)
#undef FIELD
} mhd;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

static void load(void) {
    void *library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        failure = dlerror();
        return;
    }
#define LOAD(name)                                                                                                     \
    mhd.name = (__typeof__(&name))dlsym(library, #name);                                                               \
    if (!mhd.name) {                                                                                                   \
        failure = dlerror();                                                                                           \
        return;                                                                                                        \
    }
    FUNCTIONS(LOAD)
#undef LOAD
}

const char *microhttpd_open(void) {
    pthread_once(&once, load);
    return failure;
}

// What a daemon calls back into. Daemons live as long as their server; the few bytes go with `microhttpd_stop`.
struct callbacks {
    void *context;
    microhttpd_access access;
    microhttpd_completed completed;
};

static enum MHD_Result on_access(void *self, struct MHD_Connection *connection, const char *path, const char *method,
                                 const char *version, const char *body, size_t *size, void **request) {
    (void)version;
    struct callbacks *callbacks = self;
    return callbacks->access(callbacks->context, connection, path, method, body, size, request) ? MHD_YES : MHD_NO;
}

static void on_completed(void *self, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code) {
    (void)connection;
    (void)code;
    ((struct callbacks *)self)->completed(request);
}

// The callbacks of each running daemon, so that `microhttpd_stop` can free them.
struct running {
    struct MHD_Daemon *daemon;
    struct callbacks callbacks;
    struct running *next;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct running *daemons;

struct MHD_Daemon *microhttpd_start(void *context, microhttpd_access access, microhttpd_completed completed) {
    struct running *one = malloc(sizeof *one);
    if (!one) return NULL;
    one->callbacks = (struct callbacks){context, access, completed};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET;
    // A connection limit far above what one user's clients open; descriptors are the real limit.
    one->daemon = mhd.MHD_start_daemon(
        flags, 0, NULL, NULL, on_access, &one->callbacks, MHD_OPTION_NOTIFY_COMPLETED, on_completed, &one->callbacks,
        MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_END);
    if (!one->daemon) {
        int error = errno;
        free(one);
        errno = error;
        return NULL;
    }
    struct MHD_Daemon *daemon = one->daemon;
    pthread_mutex_lock(&lock);
    one->next = daemons;
    daemons = one;
    pthread_mutex_unlock(&lock);
    return daemon;
}

void microhttpd_stop(struct MHD_Daemon *daemon) {
    mhd.MHD_stop_daemon(daemon);
    pthread_mutex_lock(&lock);
    for (struct running **link = &daemons; *link; link = &(*link)->next) {
        if ((*link)->daemon != daemon) continue;
        struct running *gone = *link;
        *link = gone->next;
        free(gone);
        break;
    }
    pthread_mutex_unlock(&lock);
}

bool microhttpd_add_connection(struct MHD_Daemon *daemon, int descriptor, const struct sockaddr *address,
                               socklen_t length) {
    return mhd.MHD_add_connection(daemon, descriptor, address, length) == MHD_YES;
}

void microhttpd_suspend(struct MHD_Connection *connection) { mhd.MHD_suspend_connection(connection); }
void microhttpd_resume(struct MHD_Connection *connection) { mhd.MHD_resume_connection(connection); }

struct visitor {
    void *context;
    microhttpd_pair pair;
};

static enum MHD_Result visit(void *self, enum MHD_ValueKind kind, const char *name, const char *value) {
    (void)kind;
    struct visitor *visitor = self;
    visitor->pair(visitor->context, name, value);
    return MHD_YES;
}

void microhttpd_headers(struct MHD_Connection *connection, void *context, microhttpd_pair pair) {
    struct visitor visitor = {context, pair};
    mhd.MHD_get_connection_values(connection, MHD_HEADER_KIND, visit, &visitor);
}

void microhttpd_arguments(struct MHD_Connection *connection, void *context, microhttpd_pair pair) {
    struct visitor visitor = {context, pair};
    mhd.MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, visit, &visitor);
}

struct MHD_Response *microhttpd_response_bytes(const void *bytes, size_t size) {
    // The copy is made here, so the const is honoured.
    return mhd.MHD_create_response_from_buffer(size, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

struct MHD_Response *microhttpd_response_file(int descriptor, uint64_t offset, uint64_t size) {
    return mhd.MHD_create_response_from_fd_at_offset64(size, descriptor, offset);
}

bool microhttpd_add_header(struct MHD_Response *response, const char *name, const char *value) {
    return mhd.MHD_add_response_header(response, name, value) == MHD_YES;
}

bool microhttpd_send(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response) {
    enum MHD_Result result = mhd.MHD_queue_response(connection, status, response);
    mhd.MHD_destroy_response(response);
    return result == MHD_YES;
}
