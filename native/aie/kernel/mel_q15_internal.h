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
/* 13 rows of 32 columns. */
#define MEL_Q15_PADDED 416
#define MEL_Q15_MAX 32767
/* 2 * MAX_PART^2 < 2^30. */
#define MEL_Q15_MAX_PART 23170
/* Intervals of the logarithm's table: 2^7. */
#define MEL_Q15_LOG_BITS 7

/* Signed numbers are shifted right arithmetically, as every compiler in question does. */
_Static_assert((-3 >> 1) == -2, "right shifts of negative numbers must be arithmetic");

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
static inline int32_t mel_q15_down(int32_t value, int32_t shift) {
  return (value + (int32_t)(1u << (shift - 1))) >> shift;
}

static inline int32_t mel_q15_abs(int32_t value) {
  return value < 0 ? -value : value;
}

static inline int32_t mel_q15_max(int32_t a, int32_t b) {
  return a > b ? a : b;
}

/* The place of the highest one: 0 for 1. The value is not 0. */
static inline int32_t mel_q15_highest(uint32_t value) {
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
static inline int32_t mel_q15_shift_to(int32_t max, int32_t limit) {
  int32_t shift = mel_q15_highest((uint32_t)max) - 14;
  while (shift > 0 ? mel_q15_down(max, shift) > limit : max > (limit >> -shift)) shift += 1;
  return shift;
}

/* Windows a frame into a.samples at full scale. 0 for silence; *exponent is that of the samples. */
int mel_q15_windowed(const int16_t *frame, struct mel_q15_workspace *w, int32_t *exponent);

/* The second half of a frame's transform: from b.parts to a.bins, adding to *exponent. */
void mel_q15_second(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t *exponent);

/* From a.bins to powers or magnitudes in b.weighed. */
void mel_q15_weigh(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t spectrum, int32_t *exponent);

/* The code of mantissa * 2^exponent. */
int32_t mel_q15_code(const struct mel_q15_config *config, uint64_t mantissa, int32_t exponent);

/* The root of a number below 2^30, rounded to the nearest. */
uint32_t mel_q15_root(uint32_t square);

/* Stores code i of a frame. */
static inline void mel_q15_store(const struct mel_q15_config *config, void *out, int32_t i, int32_t code) {
  if (config->output == MEL_Q15_LOG2_INT16) {
    ((int16_t *)out)[i] = (int16_t)code;
  } else {
    ((int8_t *)out)[i] = (int8_t)code;
  }
}

/* MEL_Q15_OK where buffers and count can be used. */
int mel_q15_check_call(const struct mel_q15_config *config, const int16_t *frames, const void *out, int32_t count);

#endif
