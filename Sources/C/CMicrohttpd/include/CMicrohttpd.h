// libmicrohttpd, opened on first use: it brings GnuTLS and a dozen libraries that a shell which never serves should
// not load. Nothing here shows <microhttpd.h> to Swift: its enums are closed (an unknown value traps) and its start
// function is variadic, so the few calls the server needs are plain functions over opaque pointers.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct MHD_Daemon;
struct MHD_Connection;
struct MHD_Response;

/// Called on the daemon's thread: once when the header is complete, once per piece of body, once at the end. `*request`
/// belongs to the caller, and `*size` is set to 0 when the piece was taken. False closes the connection.
typedef bool (*microhttpd_access)(void *_Nonnull context, struct MHD_Connection *_Nonnull connection,
                                  const char *_Nonnull path, const char *_Nonnull method, const char *_Nullable body,
                                  size_t *_Nonnull size, void *_Nullable *_Nonnull request);

/// Called on the daemon's thread when a request is over, answered or not.
typedef void (*microhttpd_completed)(void *_Nullable *_Nonnull request);

/// Receives one header or query argument; `value` is null for `?name` without `=`.
typedef void (*microhttpd_pair)(void *_Nonnull context, const char *_Nonnull name, const char *_Nullable value);

/// Opens the library. Null when it could; otherwise why it could not (dlerror text, valid until the next call).
const char *_Nullable microhttpd_open(void);

/// Starts a daemon with one thread and no listening socket; connections come from `microhttpd_add_connection`.
/// Null with errno set when it cannot.
struct MHD_Daemon *_Nullable microhttpd_start(void *_Nonnull context, microhttpd_access _Nonnull access,
                                              microhttpd_completed _Nonnull completed);

/// Ends the daemon and closes its connections. No connection may be suspended.
void microhttpd_stop(struct MHD_Daemon *_Nonnull daemon);

/// Hands an accepted socket to the daemon, which closes it in any case.
bool microhttpd_add_connection(struct MHD_Daemon *_Nonnull daemon, int descriptor,
                               const struct sockaddr *_Nonnull address, socklen_t length);

void microhttpd_suspend(struct MHD_Connection *_Nonnull connection);
void microhttpd_resume(struct MHD_Connection *_Nonnull connection);

/// Calls `pair` for every header, or for every decoded query argument, before it returns.
void microhttpd_headers(struct MHD_Connection *_Nonnull connection, void *_Nonnull context,
                        microhttpd_pair _Nonnull pair);
void microhttpd_arguments(struct MHD_Connection *_Nonnull connection, void *_Nonnull context,
                          microhttpd_pair _Nonnull pair);

/// A response holding a copy of `bytes`, or one of `size` bytes sent from `descriptor` (which it closes) from `offset` on.
struct MHD_Response *_Nullable microhttpd_response_bytes(const void *_Nullable bytes, size_t size);
struct MHD_Response *_Nullable microhttpd_response_file(int descriptor, uint64_t offset, uint64_t size);
bool microhttpd_add_header(struct MHD_Response *_Nonnull response, const char *_Nonnull name,
                           const char *_Nonnull value);

/// Queues the response and gives up the caller's hold on it.
bool microhttpd_send(struct MHD_Connection *_Nonnull connection, unsigned status,
                     struct MHD_Response *_Nonnull response);
