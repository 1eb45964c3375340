#include "CChafa.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// libgd 2.x (libgd.so.3), gd.h: the members that its macros gdImageSX and gdImageSY read come first in its structure.
struct gd_image {
    unsigned char **pixels;
    int sx;
    int sy;
};

typedef struct gd_image *image;

#define EACH_FUNCTION(X)                                                                                                      \
    X(image, gdImageCreateFromJpegPtrEx, (int size, void *bytes, int ignores_warnings))                                       \
    X(image, gdImageCreateFromGifPtr, (int size, void *bytes))                                                                \
    X(image, gdImageCreateFromWebpPtr, (int size, void *bytes))                                                               \
    X(image, gdImageCreateTrueColor, (int width, int height))                                                                 \
    X(void, gdImageDestroy, (image image))                                                                                    \
    X(int, gdImageGetTrueColorPixel, (image image, int x, int y))                                                             \
    X(void, gdImageSetPixel, (image image, int x, int y, int color))                                                          \
    X(void, gdImageAlphaBlending, (image image, int blends))                                                                  \
    X(void, gdImageSaveAlpha, (image image, int saves))                                                                       \
    X(void, gdImageCopyResampled,                                                                                             \
      (image to, image from, int to_x, int to_y, int from_x, int from_y, int to_width, int to_height, int width, int height)) \
    X(void *, gdImagePngPtr, (image image, int *size))                                                                        \
    X(void, gdFree, (void *memory))                                                                                           \
    X(void, gdSetErrorMethod, (void (*method)(int priority, const char *format, va_list arguments)))

static struct {
#define X(type, name, arguments) type(*name) arguments;
    EACH_FUNCTION(X)
#undef X
} gd;

static const char *gd_failure;
static pthread_once_t gd_once = PTHREAD_ONCE_INIT;

// It would write to stderr, in the middle of the screen.
static void say_nothing(int priority, const char *format, va_list arguments) {
    (void)priority, (void)format, (void)arguments;
}

static void load_gd(void) {
    void *library = dlopen("libgd.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        gd_failure = "libgd is not installed (Debian package libgd3)";
        return;
    }
#define X(type, name, arguments)                                                                                              \
    if (!(*(void **)&gd.name = dlsym(library, #name))) {                                                                      \
        gd_failure = "libgd is too old, or was built without a format";                                                       \
        return;                                                                                                               \
    }
    EACH_FUNCTION(X)
#undef X
    gd.gdSetErrorMethod(say_nothing);
}

const char *cgd_load(void) {
    pthread_once(&gd_once, load_gd);
    return gd_failure;
}

static image decode(enum cgd_format format, void *bytes, int count) {
    switch (format) {
        case cgd_jpeg: return gd.gdImageCreateFromJpegPtrEx(count, bytes, 0);
        case cgd_gif: return gd.gdImageCreateFromGifPtr(count, bytes);
        case cgd_webp: return gd.gdImageCreateFromWebpPtr(count, bytes);
    }
    return NULL;
}

uint8_t *cgd_decode(enum cgd_format format, const void *bytes, size_t count, int width, int height) {
    if (cgd_load() || count > INT_MAX || width <= 0 || height <= 0) return NULL;
    // Its readers take a pointer to what is not const, and only read it.
    image image = decode(format, (void *)bytes, (int)count);
    if (!image) return NULL;
    uint8_t *pixels = NULL;
    if (image->sx == width && image->sy == height) pixels = malloc(4 * (size_t)width * (size_t)height);
    uint8_t *next = pixels;
    for (int y = 0; pixels && y < height; y++) {
        for (int x = 0; x < width; x++, next += 4) {
            unsigned color = (unsigned)gd.gdImageGetTrueColorPixel(image, x, y);
            // Seven bits of transparency, 127 for none of the colour.
            unsigned alpha = 127 - (color >> 24 & 127);
            next[0] = (uint8_t)(color >> 16);
            next[1] = (uint8_t)(color >> 8);
            next[2] = (uint8_t)color;
            next[3] = (uint8_t)(alpha << 1 | alpha >> 6);
        }
    }
    gd.gdImageDestroy(image);
    return pixels;
}

// An image without blending, so that what is put in it stays as it is, its transparency too.
static image blank(int width, int height) {
    image image = gd.gdImageCreateTrueColor(width, height);
    if (!image) return NULL;
    gd.gdImageAlphaBlending(image, 0);
    gd.gdImageSaveAlpha(image, 1);
    return image;
}

static image from_pixels(const uint8_t *pixels, int width, int height) {
    image image = blank(width, height);
    for (int y = 0; image && y < height; y++) {
        for (int x = 0; x < width; x++, pixels += 4) {
            int color = pixels[0] << 16 | pixels[1] << 8 | pixels[2] | (127 - (pixels[3] >> 1)) << 24;
            gd.gdImageSetPixel(image, x, y, color);
        }
    }
    return image;
}

uint8_t *cgd_png(const uint8_t *pixels, int width, int height, int to_width, int to_height, size_t *length) {
    if (cgd_load()) return NULL;
    image image = from_pixels(pixels, width, height);
    if (image && (to_width < width || to_height < height)) {
        struct gd_image *smaller = blank(to_width, to_height);
        if (smaller) gd.gdImageCopyResampled(smaller, image, 0, 0, 0, 0, to_width, to_height, width, height);
        gd.gdImageDestroy(image);
        image = smaller;
    }
    if (!image) return NULL;
    int size = 0;
    void *file = gd.gdImagePngPtr(image, &size);
    gd.gdImageDestroy(image);
    uint8_t *copy = file && size > 0 ? malloc((size_t)size) : NULL;
    if (copy) {
        memcpy(copy, file, (size_t)size);
        *length = (size_t)size;
    }
    if (file) gd.gdFree(file);
    return copy;
}
