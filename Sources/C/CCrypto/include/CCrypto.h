#pragma once

#include <stddef.h>

// RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518) by OpenSSL's libcrypto, which is opened on first use: libcurl brings it along on most
// systems. `pem` is a private key in PEM. Writes the signature and returns its length; 0 when the key is no good or the buffer too small, -1
// without the library.
long crypto_sign_rs256(const char *pem, const unsigned char *text, size_t count, unsigned char *signature, size_t room);
