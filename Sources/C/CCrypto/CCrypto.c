#include "CCrypto.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

// The functions used, as OpenSSL 1.1.1 and 3 have them (EVP_DigestSign(3), PEM_read_bio_PrivateKey(3)). Its headers are not needed to build.
static struct {
    void *(*BIO_new_mem_buf)(const void *, int);
    int (*BIO_free)(void *);
    void *(*PEM_read_bio_PrivateKey)(void *, void **, void *, void *);
    void (*EVP_PKEY_free)(void *);
    void *(*EVP_MD_CTX_new)(void);
    void (*EVP_MD_CTX_free)(void *);
    const void *(*EVP_sha256)(void);
    int (*EVP_DigestSignInit)(void *, void **, const void *, void *, void *);
    int (*EVP_DigestSign)(void *, unsigned char *, size_t *, const unsigned char *, size_t);
} ssl;

static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libcrypto.so.1.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define FIND(name)                                                                                                    \
    if (!(ssl.name = (__typeof__(ssl.name))dlsym(library, #name))) return;
    FIND(BIO_new_mem_buf) FIND(BIO_free) FIND(PEM_read_bio_PrivateKey) FIND(EVP_PKEY_free) FIND(EVP_MD_CTX_new)
    FIND(EVP_MD_CTX_free) FIND(EVP_sha256) FIND(EVP_DigestSignInit) FIND(EVP_DigestSign)
#undef FIND
    is_there = true;
}

// Called for the passphrase of a key that has one: there is nobody to ask.
static int no_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

long crypto_sign_rs256(const char *pem, const unsigned char *text, size_t count, unsigned char *signature, size_t room) {
    pthread_once(&once, load);
    if (!is_there) return -1;
    void *memory = ssl.BIO_new_mem_buf(pem, (int)strlen(pem));
    void *key = memory ? ssl.PEM_read_bio_PrivateKey(memory, NULL, (void *)no_passphrase, NULL) : NULL;
    if (memory) ssl.BIO_free(memory);
    if (!key) return 0;
    void *context = ssl.EVP_MD_CTX_new();
    size_t length = room;
    bool is_signed = context && ssl.EVP_DigestSignInit(context, NULL, ssl.EVP_sha256(), NULL, key) == 1 &&
                     ssl.EVP_DigestSign(context, signature, &length, text, count) == 1;
    if (context) ssl.EVP_MD_CTX_free(context);
    ssl.EVP_PKEY_free(key);
    return is_signed ? (long)length : 0;
}
