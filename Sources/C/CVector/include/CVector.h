#pragma once
// Comparisons of 64 bytes at once, as bits. Swift's SIMD types compare as quickly, but cannot give the outcome as an
// integer (PMOVMSKB and its like); Clang's vectors can, on every processor.
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t cvector_bytes __attribute__((vector_size(64)));
typedef int8_t cvector_signs __attribute__((vector_size(64)));
typedef bool cvector_bits __attribute__((ext_vector_type(64)));

// Of 64 bytes of JSON; bit i is byte i.
typedef struct {
    // Quotes, backslashes and control characters: where a run of ordinary characters of a string ends.
    uint64_t stops;
    // Commas and bytes that are not ASCII.
    uint64_t specials;
} cvector_masks;

// Reads 64 bytes at any alignment.
static inline cvector_masks cvector_json(const void *position) {
    cvector_bytes bytes;
    memcpy(&bytes, position, sizeof bytes);
    const cvector_bits stops =
        __builtin_convertvector((bytes == '"') | (bytes == '\\') | (bytes < 0x20), cvector_bits);
    const cvector_bits specials = __builtin_convertvector((bytes == ',') | ((cvector_signs)bytes < 0), cvector_bits);
    cvector_masks masks;
    memcpy(&masks.stops, &stops, sizeof masks.stops);
    memcpy(&masks.specials, &specials, sizeof masks.specials);
    return masks;
}

// Rows of JSON on their way to CSV or TSV.
typedef struct {
    // A row's first cell; afterwards that of the first row that was not taken.
    const uint8_t *source;
    // Where the row goes; afterwards behind the last row that was taken.
    uint8_t *target;
    // Rows taken.
    int64_t rows;
} cvector_run;

// Whether the processor can do what `cvector_rows` needs.
bool cvector_has_rows(void);

// Takes rows of `columns` cells, strings without escapes and nulls, with nothing between them that need not be there; a null
// becomes nothing. The first row that has anything else is left, as is the last one before `end`. Reads up to `end`; writes
// up to 64 bytes behind `limit`.
//
// With `quotes` (CSV) an empty string keeps its quotes, and strings with a comma are left. Without (TSV) nulls are.
void cvector_rows(cvector_run *run, const uint8_t *end, const uint8_t *limit, int64_t columns, uint8_t separator,
                  bool quotes);
