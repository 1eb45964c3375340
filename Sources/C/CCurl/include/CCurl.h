// All that Swift needs of libcurl, opened with dlopen on first use.
//
// Debian's libcurl brings about 35 shared libraries with it and costs 6-7 ms in every process that links it; a command
// that makes no request should not pay for that. Types and constants come from <curl/curl.h>, every call goes through
// a ccurl_* function. Variadic calls (curl_easy_setopt and friends) cannot be called from Swift at all, so each value
// type has its own wrapper here.
//
// ccurl_load must have returned NULL before any other function is called: before that their pointers are empty.
#pragma once
#include <curl/curl.h>
#include <stddef.h>

typedef size_t (*ccurl_io_callback)(char *_Nullable data, size_t size, size_t count, void *_Nullable context);
typedef int (*ccurl_seek_callback)(void *_Nullable context, curl_off_t offset, int origin);

/// Opens and initialises libcurl once. Returns NULL on success, otherwise a static text saying what is missing.
const char *_Nullable ccurl_load(void);
/// libcurl's own version line, such as "libcurl/7.88.1 OpenSSL/3.0.17 ...".
const char *_Nonnull ccurl_version(void);

CURL *_Nullable ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *_Nonnull easy);
void ccurl_easy_reset(CURL *_Nonnull easy);
CURLcode ccurl_easy_pause(CURL *_Nonnull easy, int mask);
const char *_Nonnull ccurl_easy_strerror(CURLcode code);
CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *_Nonnull easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value);
CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, void *_Nullable value);
CURLcode ccurl_set_copied_body(CURL *_Nonnull easy, const void *_Nullable bytes, size_t count);
CURLcode ccurl_set_io(CURL *_Nonnull easy, CURLoption option, ccurl_io_callback _Nullable callback);
CURLcode ccurl_set_seek(CURL *_Nonnull easy, ccurl_seek_callback _Nullable callback);
CURLcode ccurl_get_long(CURL *_Nonnull easy, CURLINFO info, long *_Nonnull value);
CURLcode ccurl_get_offset(CURL *_Nonnull easy, CURLINFO info, curl_off_t *_Nonnull value);

CURLM *_Nullable ccurl_multi_init(void);
CURLMcode ccurl_multi_cleanup(CURLM *_Nonnull multi);
CURLMcode ccurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_remove(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_perform(CURLM *_Nonnull multi, int *_Nonnull running);
CURLMcode ccurl_multi_poll(CURLM *_Nonnull multi, int timeout_ms);
CURLMcode ccurl_multi_wakeup(CURLM *_Nonnull multi);
/// 1 when a transfer has ended, with its handle and result; 0 when there is none left to report.
/// Wraps curl_multi_info_read, whose message holds a union.
int ccurl_multi_done(CURLM *_Nonnull multi, CURL *_Nullable *_Nonnull easy, CURLcode *_Nonnull result);

struct curl_slist *_Nullable ccurl_slist_append(struct curl_slist *_Nullable list, const char *_Nonnull text);
void ccurl_slist_free(struct curl_slist *_Nullable list);

curl_mime *_Nullable ccurl_mime_init(CURL *_Nonnull easy);
void ccurl_mime_free(curl_mime *_Nullable mime);
curl_mimepart *_Nullable ccurl_mime_add(curl_mime *_Nonnull mime);
CURLcode ccurl_mime_name(curl_mimepart *_Nonnull part, const char *_Nonnull name);
CURLcode ccurl_mime_data(curl_mimepart *_Nonnull part, const char *_Nullable data, size_t count);
CURLcode ccurl_mime_file(curl_mimepart *_Nonnull part, const char *_Nonnull path);
CURLcode ccurl_mime_filename(curl_mimepart *_Nonnull part, const char *_Nonnull name);
CURLcode ccurl_mime_type(curl_mimepart *_Nonnull part, const char *_Nonnull type);
