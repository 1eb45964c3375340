// Drawing pictures with libchafa, and decoding them with libpng and libgd. Each is opened when the first picture comes that needs
// it, so that dbsh starts and builds without them; the few declarations that are needed stand in CChafa.c and CGd.c.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// NULL when pictures can be drawn; otherwise what is missing. The text is static.
const char *cchafa_load(void);
/// NULL when PNG can be decoded; otherwise what is missing. The text is static.
const char *cpng_load(void);

/// Decodes a PNG file to RGBA, 8 bits each, unassociated alpha, row by row. NULL when it is no PNG, or has more than `limit` pixels.
/// To be freed with free(3).
uint8_t *cpng_decode(const void *bytes, size_t count, size_t limit, int *width, int *height);

/// NULL when the formats below can be decoded; otherwise what is missing. The text is static.
const char *cgd_load(void);

enum cgd_format { cgd_jpeg, cgd_gif, cgd_webp };

/// Decodes a file to pixels as cpng_decode does; of an animated GIF the first frame. NULL when it is damaged, or not of the size that
/// its header says, which the caller has judged. To be freed with free(3).
uint8_t *cgd_decode(enum cgd_format format, const void *bytes, size_t count, int width, int height);

/// A PNG file of `pixels`, made smaller where `to_width` or `to_height` are. NULL when there is no memory; to be freed with free(3).
uint8_t *cgd_png(const uint8_t *pixels, int width, int height, int to_width, int to_height, size_t *length);

/// How the terminal of this environment (`NAME=value` strings, NULL at the end) takes pictures.
enum cchafa_way { cchafa_blocks, cchafa_sixel, cchafa_kitty, cchafa_iterm2 };
enum cchafa_way cchafa_best_way(char *const *environment);

/// Draws `pixels` as sixels where the terminal has them, else as blocks, in a box of `columns` × `rows` cells, in at most `colors` colours (0: none) of those that the terminal of
/// `environment` has.
/// NULL when it cannot be drawn; to be freed with free(3). Without a newline at the end.
char *cchafa_draw(const uint8_t *pixels, int width, int height, int columns, int rows, int cell_width, int cell_height, int colors,
                  char *const *environment, size_t *length);
