// Drawing pictures with libchafa and decoding them with libpng. Both are opened when the first picture comes, so that dbsh starts
// and builds without them; the few declarations that are needed stand in CChafa.c.
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

/// How the terminal of this environment (`NAME=value` strings, NULL at the end) takes pictures.
enum cchafa_way { cchafa_blocks, cchafa_sixel, cchafa_kitty, cchafa_iterm2 };
enum cchafa_way cchafa_best_way(char *const *environment);

/// Draws `pixels` as sixels where the terminal has them, else as blocks, in a box of `columns` × `rows` cells, in at most `colors` colours (0: none) of those that the terminal of
/// `environment` has.
/// NULL when it cannot be drawn; to be freed with free(3). Without a newline at the end.
char *cchafa_draw(const uint8_t *pixels, int width, int height, int columns, int rows, int cell_width, int cell_height, int colors,
                  char *const *environment, size_t *length);
