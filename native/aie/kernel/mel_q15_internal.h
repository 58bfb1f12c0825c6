/* What the files of the kernel share: tables, workspace and rounding. */
#ifndef MEL_Q15_INTERNAL_H
#define MEL_Q15_INTERNAL_H

#include "mel_q15.h"

/* Values of the first factor: re 0, re 1, im 1, re 2, ... im 8. */
#define MEL_Q15_PARTS 17
/* Columns of the second factor that are computed side by side. */
#define MEL_Q15_LANES 16
#define MEL_Q15_MAX_COLUMNS 32
#define MEL_Q15_MAX_BINS 257
/* Sums of mirrored columns. */
#define MEL_Q15_SUMS (MEL_Q15_MAX_COLUMNS / 2 + 1)
/* 13 rows of 32 columns. */
#define MEL_Q15_PADDED 416
#define MEL_Q15_MAX 32767
/* 2 * MAX_PART^2 < 2^30. */
#define MEL_Q15_MAX_PART 23170
/* The bits that quiet bins have more than loud ones. */
#define MEL_Q15_FINE 7
/* Intervals of the logarithm's table: 2^7. */
#define MEL_Q15_LOG_BITS 7

#if defined(__GNUC__)
#define MEL_Q15_INLINE static inline __attribute__((always_inline))
#else
#define MEL_Q15_INLINE static inline
#endif

/* Signed numbers are shifted right arithmetically, as every compiler in question does. */
#if !defined(__cplusplus)
_Static_assert((-3 >> 1) == -2, "right shifts of negative numbers must be arithmetic");
#endif

#if defined(__cplusplus)
extern "C" {
#endif

struct mel_q15_transform {
  uint16_t points;
  uint16_t columns;
  uint16_t rows;
  const int16_t *first;   /* [PARTS][rows][columns] */
  const int16_t *cosines; /* [columns / 2 + 1][LANES] */
  const int16_t *sines;
};

extern const int16_t mel_q15_window[MEL_Q15_FRAME];
extern const uint16_t mel_q15_logarithms[(1 << MEL_Q15_LOG_BITS) + 1];

struct mel_q15_workspace {
  union {
    int16_t samples[MEL_Q15_PADDED];
    int32_t bins[2][MEL_Q15_MAX_BINS]; /* real and imaginary parts */
  } a;
  union {
    int32_t parts[MEL_Q15_PARTS][MEL_Q15_MAX_COLUMNS];
    uint32_t weighed[MEL_Q15_MAX_BINS];
  } b;
};

/* value / 2^shift for a shift of at least 1, rounded to the nearest, halves up. */
MEL_Q15_INLINE int32_t mel_q15_down(int32_t value, int32_t shift) {
  return (value + (int32_t)(1u << (shift - 1))) >> shift;
}

MEL_Q15_INLINE int32_t mel_q15_abs(int32_t value) {
  return value < 0 ? -value : value;
}

MEL_Q15_INLINE int32_t mel_q15_max(int32_t a, int32_t b) {
  return a > b ? a : b;
}

/* The place of the highest one: 0 for 1. The value is not 0. */
MEL_Q15_INLINE int32_t mel_q15_highest(uint32_t value) {
  int32_t place = 0;
  for (int32_t step = 16; step > 0; step >>= 1) {
    if (value >> step != 0) {
      value >>= step;
      place += step;
    }
  }
  return place;
}

/* The least shift that brings values up to max within limit, which has 15 bits; negative where there is room. */
MEL_Q15_INLINE int32_t mel_q15_shift_to(int32_t max, int32_t limit) {
  int32_t shift = mel_q15_highest((uint32_t)max) - 14;
  while (shift > 0 ? mel_q15_down(max, shift) > limit : max > (limit >> -shift)) shift += 1;
  return shift;
}

/* In place: the sums of columns c and -c, c = 0 to columns / 2, and then the differences, c = 1 to (columns - 1) / 2, in the
 * places of -1, -2, ... Returns the largest magnitude. */
MEL_Q15_INLINE int32_t mel_q15_fold(int32_t *part, int32_t columns) {
  int32_t max = mel_q15_abs(part[0]);
  if (columns % 2 == 0) max = mel_q15_max(max, mel_q15_abs(part[columns / 2]));
  for (int32_t c = 1; c <= (columns - 1) / 2; c++) {
    const int32_t a = part[c];
    const int32_t b = part[columns - c];
    part[c] = a + b;
    part[columns - c] = a - b;
    max = mel_q15_max(max, mel_q15_max(mel_q15_abs(a + b), mel_q15_abs(a - b)));
  }
  return max;
}

/* A folded part at 16 bits: its sums, columns / 2 + 1 of them, and its differences. */
MEL_Q15_INLINE void mel_q15_narrowed(const int32_t *part, int32_t columns, int32_t shift, int16_t *sums,
                                     int16_t *differences) {
  const int32_t half = columns / 2;
  for (int32_t c = 0; c <= half; c++) sums[c] = (int16_t)mel_q15_down(part[c], shift);
  for (int32_t c = 1; c <= (columns - 1) / 2; c++) {
    differences[c - 1] = (int16_t)mel_q15_down(part[columns - c], shift);
  }
}

/* Column 16 of 32: half the circle, where the cosines alternate and the sines are 0. */
MEL_Q15_INLINE int32_t mel_q15_alternating(const int16_t *sums, int32_t half) {
  int32_t sum = 0;
  for (int32_t n = 0; n <= half; n++) sum += n % 2 == 0 ? sums[n] : -sums[n];
  return sum * 1024;
}

/* Windows a frame into a.samples at full scale. 0 for silence; *exponent is that of the samples. */
int mel_q15_windowed(const int16_t *frame, struct mel_q15_workspace *w, int32_t *exponent);

/* The transform: from a.samples over b.parts to a.bins, adding to *exponent. */
void mel_q15_transform_frame(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t *exponent);

/* From a.bins to powers of 30 bits or magnitudes of 22 bits in b.weighed; *exponent becomes theirs. */
void mel_q15_weigh(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t spectrum, int32_t *exponent);

/* The code of mantissa * 2^exponent. */
int32_t mel_q15_code(const struct mel_q15_config *config, uint64_t mantissa, int32_t exponent);

/* The root of a number below 2^30, rounded to the nearest: digit by digit, with what is left of the square. Signed, so that it
 * compares in vectors. */
MEL_Q15_INLINE uint32_t mel_q15_root(uint32_t square) {
  int32_t rest = (int32_t)square;
  int32_t root = 0;
  for (int32_t bit = 1 << 28; bit != 0; bit >>= 2) {
    const int32_t trial = root + bit;
    const int32_t take = rest >= trial ? -1 : 0;
    rest -= trial & take;
    root = (root >> 1) + (bit & take);
  }
  return (uint32_t)(root + (rest > root ? 1 : 0));
}

/* Stores code i of a frame. */
MEL_Q15_INLINE void mel_q15_store(const struct mel_q15_config *config, void *out, int32_t i, int32_t code) {
  if (config->output == MEL_Q15_LOG2_INT16) {
    ((int16_t *)out)[i] = (int16_t)code;
  } else {
    ((int8_t *)out)[i] = (int8_t)code;
  }
}

/* MEL_Q15_OK where buffers and count can be used. */
int mel_q15_check_call(const struct mel_q15_config *config, const int16_t *frames, const void *out, int32_t count);

#if defined(__cplusplus)
}
#endif
#endif
