#include "CVector.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vbmi2,pclmul,popcnt,lzcnt,bmi,bmi2")))

bool cvector_has_rows(void) {
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt");
}

// What the end of a block says about the start of the next, as a bit each.
typedef struct {
    uint64_t string, opening, row_end, row_comma, start, end, n, u, l;
    // The block itself, for UTF-8.
    __m512i bytes;
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

// What two bytes that follow each other can have wrong (table 3-7 of the Unicode Standard), a bit each.
enum {
    CUT = 1,         // a leading byte without a continuation
    STRAY = 2,       // a continuation behind ASCII
    OVERLONG2 = 4,   // C0, C1
    OVERLONG3 = 8,   // E0 80 to E0 9F
    SURROGATE = 16,  // ED A0 to ED BF
    BEYOND = 32,     // F4 90 and up, F5 and up before 90 and up
    EXTREME = 64,    // F0 80 to F0 8F, F5 and up before 80 to 8F
    FURTHER = 128,   // a continuation behind one: right as the third or fourth byte of a character
};

// Each is a matter of three half bytes: these tables have what is possible with each, and what all three allow is the case.
// (Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte", 2020.)
#define ANY (CUT | STRAY | FURTHER)
static const uint8_t first_high[16] = {
    STRAY, STRAY, STRAY, STRAY, STRAY, STRAY, STRAY, STRAY, FURTHER, FURTHER, FURTHER, FURTHER,
    CUT | OVERLONG2, CUT, CUT | OVERLONG3 | SURROGATE, CUT | BEYOND | EXTREME};
static const uint8_t first_low[16] = {
    ANY | OVERLONG2 | OVERLONG3 | EXTREME, ANY | OVERLONG2, ANY, ANY, ANY | BEYOND,
#define F5 (ANY | BEYOND | EXTREME)
    F5, F5, F5, F5, F5, F5, F5, F5, F5 | SURROGATE, F5, F5};
static const uint8_t second_high[16] = {
    CUT, CUT, CUT, CUT, CUT, CUT, CUT, CUT,
#define CONTINUATION (STRAY | FURTHER | OVERLONG2)
    CONTINUATION | OVERLONG3 | EXTREME, CONTINUATION | OVERLONG3 | BEYOND,
    CONTINUATION | SURROGATE | BEYOND, CONTINUATION | SURROGATE | BEYOND, CUT, CUT, CUT, CUT};

WIDE static inline __m512i looked_up(const uint8_t table[16], __m512i indices) {
    const __m512i tables = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
    return _mm512_shuffle_epi8(tables, _mm512_and_si512(indices, _mm512_set1_epi8(0x0F)));
}

// Whether the block goes on with valid UTF-8. A character that is cut at its end is the next block's concern.
WIDE static inline bool is_utf8(__m512i bytes, carries *carry) {
    // For each byte the one before it, the second and the third before it.
    const __m512i lanes = _mm512_alignr_epi64(bytes, carry->bytes, 6);
    const __m512i first = _mm512_alignr_epi8(bytes, lanes, 15);
    const __m512i second = _mm512_alignr_epi8(bytes, lanes, 14), third = _mm512_alignr_epi8(bytes, lanes, 13);
    carry->bytes = bytes;
    const __m512i wrong = _mm512_and_si512(_mm512_and_si512(looked_up(first_high, _mm512_srli_epi16(first, 4)),
                                                            looked_up(first_low, first)),
                                           looked_up(second_high, _mm512_srli_epi16(bytes, 4)));
    // The top bit where a third or fourth byte must be: two behind E0 and up, three behind F0 and up.
    const __m512i further = _mm512_or_si512(_mm512_subs_epu8(second, _mm512_set1_epi8(0xE0 - 0x80)),
                                            _mm512_subs_epu8(third, _mm512_set1_epi8(0xF0 - 0x80)));
    const __m512i expected = _mm512_and_si512(further, _mm512_set1_epi8((char)FURTHER));
    return _mm512_cmpeq_epi8_mask(wrong, expected) == ~(uint64_t)0;
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
    // Without asking whether there is any: the answer cannot be foretold, and a wrong guess costs more than the look.
    return is_utf8(bytes, carry);
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
    const uint8_t *block = run->source, *source = block;
    uint8_t *target = run->target, *taken = target;
    carries carry = {.start = 1};
    int64_t cells = 0, rows = 0;
    for (; end - block >= 64 && target <= limit; block += 64) {
        __m512i bytes = _mm512_loadu_si512(block);
        fields fields;
        if (!parse(bytes, &carry, quotes, &fields) || !rows_fit(&fields, columns, pattern, &cells)) break;
        // Chosen, not branched to: whether a row begins in a block cannot be foretold either.
        const uint64_t starts = fields.row_starts;
        const unsigned last = 63 - (unsigned)_lzcnt_u64(starts | 1);
        const uint8_t *const row = block + last + 1;
        uint8_t *const row_target = target + _mm_popcnt_u64(_bzhi_u64(fields.kept, last));
        source = starts ? row : source;
        taken = starts ? row_target : taken;
        rows += _mm_popcnt_u64(starts);
        bytes = _mm512_mask_blend_epi8(fields.row_ends, bytes, _mm512_set1_epi8('\n'));
        bytes = _mm512_mask_blend_epi8(fields.separators, bytes, _mm512_set1_epi8((char)separator));
        _mm512_storeu_si512(target, _mm512_maskz_compress_epi8(fields.kept, bytes));
        target += _mm_popcnt_u64(fields.kept);
    }
    *run = (cvector_run){source, taken, run->rows + rows};
}
#else
bool cvector_has_rows(void) { return false; }

void cvector_rows(cvector_run *run, const uint8_t *end, const uint8_t *limit, int64_t columns, uint8_t separator,
                  bool quotes) {}
#endif
