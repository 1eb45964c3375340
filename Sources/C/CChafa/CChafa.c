#include "CChafa.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------------------------- libpng
// png.h of libpng 1.6, "Simplified API": the structure carries its version, and the library refuses one it does not know.

struct png_image {
    void *opaque;
    uint32_t version;
    uint32_t width;
    uint32_t height;
    uint32_t format;
    uint32_t flags;
    uint32_t colormap_entries;
    uint32_t warning_or_error;
    char message[64];
};
enum { PNG_IMAGE_VERSION = 1, PNG_FORMAT_RGBA = 3 };

static struct {
    int (*begin)(struct png_image *, const void *, size_t);
    int (*finish)(struct png_image *, const void *background, void *buffer, int32_t row_stride, void *colormap);
    void (*free)(struct png_image *);
} png;

static const char *png_failure;
static pthread_once_t png_once = PTHREAD_ONCE_INIT;

static void load_png(void) {
    void *library = dlopen("libpng16.so.16", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        png_failure = "libpng is not installed (Debian package libpng16-16)";
        return;
    }
    *(void **)&png.begin = dlsym(library, "png_image_begin_read_from_memory");
    *(void **)&png.finish = dlsym(library, "png_image_finish_read");
    *(void **)&png.free = dlsym(library, "png_image_free");
    if (!png.begin || !png.finish || !png.free) png_failure = "libpng is too old";
}

const char *cpng_load(void) {
    pthread_once(&png_once, load_png);
    return png_failure;
}

uint8_t *cpng_decode(const void *bytes, size_t count, size_t limit, int *width, int *height) {
    if (cpng_load()) return NULL;
    struct png_image image = {.version = PNG_IMAGE_VERSION};
    if (!png.begin(&image, bytes, count)) return NULL;
    image.format = PNG_FORMAT_RGBA;
    size_t pixels = (size_t)image.width * image.height;
    if (image.width == 0 || image.height == 0 || pixels > limit) {
        png.free(&image);
        return NULL;
    }
    uint8_t *buffer = malloc(4 * pixels);
    if (!buffer || !png.finish(&image, NULL, buffer, 0, NULL)) {
        free(buffer);
        png.free(&image);
        return NULL;
    }
    *width = (int)image.width;
    *height = (int)image.height;
    return buffer;
}

// -------------------------------------------------------------------------------------------------------------- libchafa
// The C API of libchafa 1.12 (libchafa.so.0). Its header needs GLib's; these declarations do not.

struct gstring {
    char *str;
    size_t len;
    size_t allocated_len;
};

enum { PIXEL_SYMBOLS, PIXEL_SIXELS };  // ChafaPixelMode
enum { MODE_TRUECOLOR, MODE_256, MODE_240, MODE_16, MODE_FGBG_BGFG, MODE_FGBG, MODE_8 };  // ChafaCanvasMode
enum { PIXEL_RGBA8_UNASSOCIATED = 4 };  // ChafaPixelType
enum { DITHER_DIFFUSION = 2 };  // ChafaDitherMode
enum { TAG_SPACE = 1 << 0, TAG_SOLID = 1 << 1, TAG_BLOCK = 1 << 3, TAG_QUAD = 1 << 7, TAG_HALF = 3 << 8 };  // ChafaSymbolTags
enum {  // ChafaTermSeq, in the order of chafa-term-seq-def.h
    SEQ_FGBG_DIRECT = 33,
    SEQ_FGBG_256 = 36,
    SEQ_FGBG_16 = 39,
    SEQ_BEGIN_SIXELS = 40,
    SEQ_BEGIN_KITTY = 43,
    SEQ_BEGIN_ITERM2 = 47,
    SEQ_FGBG_8 = 54,
};

typedef void object;

#define EACH_FUNCTION(X)                                                                                                      \
    X(object *, chafa_term_db_get_default, (void))                                                                            \
    X(object *, chafa_term_db_detect, (object * db, char **environment))                                                      \
    X(int, chafa_term_info_have_seq, (const object *info, int seq))                                                           \
    X(void, chafa_term_info_unref, (object * info))                                                                           \
    X(object *, chafa_symbol_map_new, (void))                                                                                 \
    X(void, chafa_symbol_map_unref, (object * map))                                                                           \
    X(void, chafa_symbol_map_add_by_tags, (object * map, unsigned tags))                                                      \
    X(object *, chafa_canvas_config_new, (void))                                                                              \
    X(void, chafa_canvas_config_unref, (object * config))                                                                     \
    X(void, chafa_canvas_config_set_geometry, (object * config, int width, int height))                                       \
    X(void, chafa_canvas_config_set_cell_geometry, (object * config, int width, int height))                                  \
    X(void, chafa_canvas_config_set_canvas_mode, (object * config, int mode))                                                 \
    X(void, chafa_canvas_config_set_pixel_mode, (object * config, int mode))                                                  \
    X(void, chafa_canvas_config_set_dither_mode, (object * config, int mode))                                                 \
    X(void, chafa_canvas_config_set_symbol_map, (object * config, const object *map))                                         \
    X(object *, chafa_canvas_new, (const object *config))                                                                     \
    X(void, chafa_canvas_unref, (object * canvas))                                                                            \
    X(void, chafa_canvas_draw_all_pixels,                                                                                     \
      (object * canvas, int type, const uint8_t *pixels, int width, int height, int row_stride))                              \
    X(struct gstring *, chafa_canvas_print, (object * canvas, object * info))                                                 \
    X(void, chafa_calc_canvas_geometry,                                                                                       \
      (int width, int height, int *columns, int *rows, float ratio, int zoom, int stretch))

static struct {
#define X(type, name, arguments) type(*name) arguments;
    EACH_FUNCTION(X)
#undef X
    char *(*g_string_free)(struct gstring *, int free_segment);
} chafa;

static const char *chafa_failure;
static pthread_once_t chafa_once = PTHREAD_ONCE_INIT;

static void load_chafa(void) {
    void *library = dlopen("libchafa.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        chafa_failure = "libchafa is not installed (Debian package libchafa0)";
        return;
    }
#define X(type, name, arguments)                                                                                              \
    if (!(*(void **)&chafa.name = dlsym(library, #name))) {                                                                   \
        chafa_failure = "libchafa is older than 1.12";                                                                        \
        return;                                                                                                               \
    }
    EACH_FUNCTION(X)
#undef X
    // libchafa brings GLib along: a lookup in a library looks in what it depends on too (dlsym(3)).
    if (!(*(void **)&chafa.g_string_free = dlsym(library, "g_string_free"))) chafa_failure = "libchafa came without GLib";
}

const char *cchafa_load(void) {
    pthread_once(&chafa_once, load_chafa);
    return chafa_failure;
}

static enum cchafa_way way(object *info) {
    if (chafa.chafa_term_info_have_seq(info, SEQ_BEGIN_KITTY)) return cchafa_kitty;
    if (chafa.chafa_term_info_have_seq(info, SEQ_BEGIN_ITERM2)) return cchafa_iterm2;
    if (chafa.chafa_term_info_have_seq(info, SEQ_BEGIN_SIXELS)) return cchafa_sixel;
    return cchafa_blocks;
}

static object *detect(char *const *environment) {
    // It only reads them.
    return chafa.chafa_term_db_detect(chafa.chafa_term_db_get_default(), (char **)environment);
}

enum cchafa_way cchafa_best_way(char *const *environment) {
    if (cchafa_load()) return cchafa_blocks;
    object *info = detect(environment);
    enum cchafa_way best = way(info);
    chafa.chafa_term_info_unref(info);
    return best;
}

static int canvas_mode(object *info, int colors) {
    if (colors > 256 && chafa.chafa_term_info_have_seq(info, SEQ_FGBG_DIRECT)) return MODE_TRUECOLOR;
    if (colors >= 256 && chafa.chafa_term_info_have_seq(info, SEQ_FGBG_256)) return MODE_240;
    if (colors >= 16 && chafa.chafa_term_info_have_seq(info, SEQ_FGBG_16)) return MODE_16;
    if (colors >= 8 && chafa.chafa_term_info_have_seq(info, SEQ_FGBG_8)) return MODE_8;
    return MODE_FGBG;
}

char *cchafa_draw(const uint8_t *pixels, int width, int height, int columns, int rows, int cell_width, int cell_height, int colors,
                  char *const *environment, size_t *length) {
    if (cchafa_load() || width <= 0 || height <= 0 || columns <= 0 || rows <= 0) return NULL;
    object *info = detect(environment);
    enum cchafa_way how = way(info);
    chafa.chafa_calc_canvas_geometry(width, height, &columns, &rows, (float)cell_width / (float)cell_height, 1, 0);

    object *config = chafa.chafa_canvas_config_new();
    chafa.chafa_canvas_config_set_geometry(config, columns, rows);
    chafa.chafa_canvas_config_set_cell_geometry(config, cell_width, cell_height);
    chafa.chafa_canvas_config_set_pixel_mode(config, how == cchafa_sixel ? PIXEL_SIXELS : PIXEL_SYMBOLS);
    // The pixels of a picture are as they are; the colours of cells are what the terminal has.
    int mode = how == cchafa_blocks ? canvas_mode(info, colors) : MODE_TRUECOLOR;
    chafa.chafa_canvas_config_set_canvas_mode(config, mode);
    // With sixteen colours and less, dots of two stand for one between; with more, they would only speckle a chart's areas.
    int dithers = mode != MODE_TRUECOLOR && mode != MODE_240;
    if (dithers) chafa.chafa_canvas_config_set_dither_mode(config, DITHER_DIFFUSION);
    object *symbols = chafa.chafa_symbol_map_new();
    chafa.chafa_symbol_map_add_by_tags(symbols, TAG_SPACE | TAG_SOLID | TAG_BLOCK | TAG_QUAD | TAG_HALF);
    chafa.chafa_canvas_config_set_symbol_map(config, symbols);
    chafa.chafa_symbol_map_unref(symbols);

    object *canvas = chafa.chafa_canvas_new(config);
    chafa.chafa_canvas_draw_all_pixels(canvas, PIXEL_RGBA8_UNASSOCIATED, pixels, width, height, 4 * width);
    struct gstring *text = chafa.chafa_canvas_print(canvas, info);
    char *copy = text ? malloc(text->len + 1) : NULL;
    if (copy) {
        memcpy(copy, text->str, text->len);
        copy[text->len] = 0;
        *length = text->len;
    }
    if (text) chafa.g_string_free(text, 1);
    chafa.chafa_canvas_unref(canvas);
    chafa.chafa_canvas_config_unref(config);
    chafa.chafa_term_info_unref(info);
    return copy;
}
