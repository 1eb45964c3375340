#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>

// <curl/typecheck-gcc.h> turns the variadic calls into macros that check argument types; here the types are known.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define EACH_FUNCTION(X)                                                                                              \
    X(curl_global_init) X(curl_version)                                                                               \
    X(curl_easy_init) X(curl_easy_cleanup) X(curl_easy_reset) X(curl_easy_pause) X(curl_easy_strerror)                \
    X(curl_easy_setopt) X(curl_easy_getinfo)                                                                          \
    X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_setopt) X(curl_multi_add_handle)                            \
    X(curl_multi_remove_handle) X(curl_multi_perform) X(curl_multi_poll) X(curl_multi_wakeup)                         \
    X(curl_multi_info_read)                                                                                           \
    X(curl_slist_append) X(curl_slist_free_all)                                                                       \
    X(curl_mime_init) X(curl_mime_free) X(curl_mime_addpart) X(curl_mime_name) X(curl_mime_data)                      \
    X(curl_mime_filedata) X(curl_mime_filename) X(curl_mime_type)

static struct {
#define X(name) __typeof__(&name) name;
    EACH_FUNCTION(X)
#undef X
} curl;

static const char *failure;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    // RTLD_LOCAL keeps libcurl's many dependencies out of the way of the other libraries of the process.
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        failure = "libcurl is not installed (Debian package libcurl4)";
        return;
    }
#define X(name)                                                                                                       \
    if (!(curl.name = (__typeof__(&name))dlsym(library, #name))) {                                                    \
        failure = "libcurl is too old: it lacks " #name;                                                              \
        return;                                                                                                       \
    }
    EACH_FUNCTION(X)
#undef X
    if (curl.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) failure = "libcurl could not be initialised";
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return failure;
}

const char *ccurl_version(void) { return curl.curl_version(); }

CURL *ccurl_easy_init(void) { return curl.curl_easy_init(); }
void ccurl_easy_cleanup(CURL *easy) { curl.curl_easy_cleanup(easy); }
void ccurl_easy_reset(CURL *easy) { curl.curl_easy_reset(easy); }
CURLcode ccurl_easy_pause(CURL *easy, int mask) { return curl.curl_easy_pause(easy, mask); }
const char *ccurl_easy_strerror(CURLcode code) { return curl.curl_easy_strerror(code); }
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl.curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl.curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl.curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl.curl_easy_setopt(easy, option, value);
}
CURLcode ccurl_set_copied_body(CURL *easy, const void *bytes, size_t count) {
    // The size goes first: COPYPOSTFIELDS copies that many bytes, and stops at a NUL when it does not know.
    CURLcode code = curl.curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code != CURLE_OK ? code : curl.curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, count ? bytes : "");
}
CURLcode ccurl_set_io(CURL *easy, CURLoption option, ccurl_io_callback callback) {
    return curl.curl_easy_setopt(easy, option, callback);
}
CURLcode ccurl_set_seek(CURL *easy, ccurl_seek_callback callback) {
    return curl.curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}
CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) { return curl.curl_easy_getinfo(easy, info, value); }
CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl.curl_easy_getinfo(easy, info, value);
}

CURLM *ccurl_multi_init(void) { return curl.curl_multi_init(); }
CURLMcode ccurl_multi_cleanup(CURLM *multi) { return curl.curl_multi_cleanup(multi); }
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl.curl_multi_setopt(multi, option, value);
}
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return curl.curl_multi_add_handle(multi, easy); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) { return curl.curl_multi_remove_handle(multi, easy); }
CURLMcode ccurl_multi_perform(CURLM *multi, int *running) { return curl.curl_multi_perform(multi, running); }
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_ms) {
    return curl.curl_multi_poll(multi, NULL, 0, timeout_ms, NULL);
}
CURLMcode ccurl_multi_wakeup(CURLM *multi) { return curl.curl_multi_wakeup(multi); }
int ccurl_multi_done(CURLM *multi, CURL **easy, CURLcode *result) {
    int left;
    CURLMsg *message;
    while ((message = curl.curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        *easy = message->easy_handle;
        *result = message->data.result;
        return 1;
    }
    return 0;
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) {
    return curl.curl_slist_append(list, text);
}
void ccurl_slist_free(struct curl_slist *list) { curl.curl_slist_free_all(list); }

curl_mime *ccurl_mime_init(CURL *easy) { return curl.curl_mime_init(easy); }
void ccurl_mime_free(curl_mime *mime) { curl.curl_mime_free(mime); }
curl_mimepart *ccurl_mime_add(curl_mime *mime) { return curl.curl_mime_addpart(mime); }
CURLcode ccurl_mime_name(curl_mimepart *part, const char *name) { return curl.curl_mime_name(part, name); }
CURLcode ccurl_mime_data(curl_mimepart *part, const char *data, size_t count) {
    return curl.curl_mime_data(part, data ? data : "", count);
}
CURLcode ccurl_mime_file(curl_mimepart *part, const char *path) { return curl.curl_mime_filedata(part, path); }
CURLcode ccurl_mime_filename(curl_mimepart *part, const char *name) { return curl.curl_mime_filename(part, name); }
CURLcode ccurl_mime_type(curl_mimepart *part, const char *type) { return curl.curl_mime_type(part, type); }
