#include "CVector.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vbmi2,pclmul,popcnt,bmi,bmi2")))

bool cvector_has_rows(void) {
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi2");
}

// What the end of a block says about the start of the next, as a bit each.
typedef struct {
    uint64_t string, opening, row_end, row_comma, start, end, n, u, l;
    // Behind a leading byte one byte is to come; behind E0 and up a second, behind F0 and up a third.
    uint64_t lead, long2, long3, wide2, wide3, wide4;
    uint64_t e0, ed, f0, f4;
} carries;

// The bits moved up by one, with the carry in; the bit that falls out is the next carry.
WIDE static inline uint64_t moved(uint64_t bits, uint64_t *carry) {
    const uint64_t result = bits << 1 | *carry;
    *carry = bits >> 63;
    return result;
}

// Bit i is set when an odd number of the bits up to i are: a product without carries.
WIDE static inline uint64_t parity(uint64_t bits) {
    const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

WIDE static inline uint64_t equal(__m512i bytes, uint8_t byte) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)byte));
}

WIDE static inline uint64_t below(__m512i bytes, uint8_t byte) {
    return _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8((char)byte));
}

// Whether the block goes on with valid UTF-8 (table 3-7 of the Unicode Standard): continuation bytes stand where leading bytes
// ask for them and nowhere else, and the second byte is within the range that the first one leaves it.
WIDE static bool is_utf8(__m512i bytes, carries *carry) {
    const uint64_t ascii = below(bytes, 0x80), lead = ~below(bytes, 0xC0);
    const uint64_t unknown = (lead & below(bytes, 0xC2)) | ~below(bytes, 0xF5);
    const uint64_t first = moved(lead, &carry->lead);
    const uint64_t second = moved(moved(~below(bytes, 0xE0), &carry->long2), &carry->long3);
    const uint64_t third = moved(moved(moved(~below(bytes, 0xF0), &carry->wide2), &carry->wide3), &carry->wide4);
    if (unknown || ~(ascii | lead) != (first | second | third)) return false;
    const uint64_t a0 = ~below(bytes, 0xA0), x90 = ~below(bytes, 0x90);
    return !((moved(equal(bytes, 0xE0), &carry->e0) & ~a0) | (moved(equal(bytes, 0xED), &carry->ed) & a0) |
             (moved(equal(bytes, 0xF0), &carry->f0) & ~x90) | (moved(equal(bytes, 0xF4), &carry->f4) & x90));
}

WIDE static inline bool expects_more(const carries *carry) {
    return carry->lead | carry->long3 | carry->wide3 | carry->wide4;
}

// A block, as bits: which of its bytes go into the text, and what they are there.
typedef struct {
    uint64_t kept, separators, row_ends, row_starts;
} fields;

// False when there is anything that is not a whole, simple cell.
WIDE static inline bool parse(__m512i bytes, carries *carry, bool quotes, fields *out) {
    if (equal(bytes, '\\') | below(bytes, 0x20)) return false;
    const uint64_t quote = equal(bytes, '"'), comma = equal(bytes, ',');
    const uint64_t string = parity(quote) ^ carry->string;
    carry->string = (uint64_t)((int64_t)string >> 63);
    const uint64_t inside = string & ~quote, opening = string & quote, closing = quote & ~string;
    const uint64_t outside = ~(string | quote);
    if (quotes && (inside & comma)) return false;
    // Outside of strings there are these, and what each is decides what comes next.
    const uint64_t commas = comma & outside, row_ends = equal(bytes, ']') & outside;
    const uint64_t row_starts = equal(bytes, '[') & outside;
    uint64_t n = 0, u = 0, l = 0;
    if (outside != (commas | row_ends | row_starts)) {
        n = equal(bytes, 'n') & outside, u = equal(bytes, 'u') & outside, l = equal(bytes, 'l') & outside;
        if (outside != (commas | row_ends | row_starts | n | u | l)) return false;
    }
    const uint64_t row_commas = moved(row_ends, &carry->row_end);
    const uint64_t separators = commas & ~row_commas;
    const uint64_t l1 = moved(u, &carry->u), l2 = moved(l1, &carry->l);
    if ((row_commas & ~commas) | (row_starts ^ moved(row_commas, &carry->row_comma)) |
        (moved(separators | row_starts, &carry->start) ^ (opening | n)) | (u ^ moved(n, &carry->n)) | (l ^ (l1 | l2)) |
        (moved(closing | l2, &carry->end) ^ (separators | row_ends)))
        return false;
    // Empty strings.
    const uint64_t empty = moved(opening, &carry->opening) & closing;
    uint64_t kept = inside | separators | row_ends;
    if (quotes) {
        if (empty & 1) return false;
        kept |= empty | empty >> 1;
    } else if (n) {
        return false;
    }
    *out = (fields){kept, separators, row_ends, row_starts};
    return !(~below(bytes, 0x80) || expects_more(carry)) || is_utf8(bytes, carry);
}

// Whether each row has its number of cells, as far as this block ends rows; `cells` counts those of the row being read.
//
// Separators and row starts in a row of their own, every `columns`-th has to be a row start: a pattern that repeats, to be
// compared from the place in it that has been reached.
WIDE static inline bool rows_fit(const fields *fields, int64_t columns, unsigned __int128 pattern, int64_t *cells) {
    const uint64_t events = fields->separators | fields->row_starts;
    const int64_t count = _mm_popcnt_u64(events);
    if (columns > 64) {
        // At most one row ends, as no cell takes less than two bytes.
        const uint64_t before = _blsmsk_u64(fields->row_starts);
        const int64_t separators = _mm_popcnt_u64(fields->separators & before);
        if (fields->row_starts && *cells + separators != columns - 1) return false;
        *cells = fields->row_starts ? count - separators - 1 : *cells + count;
        return true;
    }
    const uint64_t expected = _bzhi_u64((uint64_t)(pattern >> *cells), (unsigned)count);
    *cells = (int64_t)((uint32_t)(*cells + count) % (uint32_t)columns);
    return _pext_u64(fields->row_starts, events) == expected;
}

WIDE void cvector_rows(cvector_run *run, const uint8_t *end, const uint8_t *limit, int64_t columns, uint8_t separator,
                       bool quotes) {
    unsigned __int128 pattern = 0;
    for (int64_t bit = columns - 1; bit < 128; bit += columns) pattern |= (unsigned __int128)1 << bit;
    const uint8_t *block = run->source;
    uint8_t *target = run->target;
    carries carry = {.start = 1};
    int64_t cells = 0;
    for (; end - block >= 64 && target <= limit; block += 64) {
        __m512i bytes = _mm512_loadu_si512(block);
        fields fields;
        if (!parse(bytes, &carry, quotes, &fields) || !rows_fit(&fields, columns, pattern, &cells)) return;
        if (fields.row_starts) {
            const unsigned last = 63 - (unsigned)__builtin_clzll(fields.row_starts);
            run->source = block + last + 1;
            run->target = target + _mm_popcnt_u64(_bzhi_u64(fields.kept, last));
            run->rows += _mm_popcnt_u64(fields.row_starts);
        }
        bytes = _mm512_mask_blend_epi8(fields.row_ends, bytes, _mm512_set1_epi8('\n'));
        bytes = _mm512_mask_blend_epi8(fields.separators, bytes, _mm512_set1_epi8((char)separator));
        _mm512_storeu_si512(target, _mm512_maskz_compress_epi8(fields.kept, bytes));
        target += _mm_popcnt_u64(fields.kept);
    }
}
#else
bool cvector_has_rows(void) { return false; }

void cvector_rows(cvector_run *run, const uint8_t *end, const uint8_t *limit, int64_t columns, uint8_t separator,
                  bool quotes) {}
#endif
