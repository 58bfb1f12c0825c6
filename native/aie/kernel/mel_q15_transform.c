/* The transform: 16 * columns points as two products by matrices, in block floating point. See mel_q15_tables.c. */
#include "mel_q15_internal.h"

#if defined(__GNUC__)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE static inline
#endif

/* An exact sum of products in two halves of 32 bits: high * 2^16 + low. Four products of 15 and 14 bits fit one int32. */
#define ADD(high, low, sum)     \
  do {                          \
    const int32_t s = (sum);    \
    (high) += s >> 16;          \
    (low) += s & 0xffff;        \
  } while (0)

/* The sum / 16, rounded down: 10 of the 14 fractional bits stay. */
ALWAYS_INLINE int32_t narrow(int32_t high, int32_t low) {
  return high * 4096 + (low >> 4);
}

int mel_q15_windowed(const int16_t *frame, struct mel_q15_workspace *w, int32_t *exponent) {
  int32_t max = 0;
  for (int32_t i = 0; i < MEL_Q15_FRAME; i++) max = mel_q15_max(max, mel_q15_abs(frame[i] * mel_q15_window[i]));
  if (max == 0) return 0;
  const int32_t shift = mel_q15_shift_to(max, MEL_Q15_MAX);
  int16_t *y = w->a.samples;
  if (shift > 0) {
    for (int32_t i = 0; i < MEL_Q15_FRAME; i++) y[i] = (int16_t)mel_q15_down(frame[i] * mel_q15_window[i], shift);
  } else {
    const int32_t up = (int32_t)(1u << -shift);
    for (int32_t i = 0; i < MEL_Q15_FRAME; i++) y[i] = (int16_t)(frame[i] * mel_q15_window[i] * up);
  }
  for (int32_t i = MEL_Q15_FRAME; i < MEL_Q15_PADDED; i++) y[i] = 0;
  *exponent = shift - 15;
  return 1;
}

/* y[columns * row + c] summed over the rows for each part and column. */
ALWAYS_INLINE void first(const int16_t *matrix, const int16_t *y, int32_t rows, int32_t columns,
                         int32_t (*parts)[MEL_Q15_MAX_COLUMNS]) {
  for (int32_t part = 0; part < MEL_Q15_PARTS; part++, matrix += rows * columns) {
    for (int32_t c = 0; c < columns; c++) {
      const int16_t *m = matrix + c;
      const int16_t *v = y + c;
      int32_t high = 0;
      int32_t low = 0;
      int32_t row = 0;
      for (; row + 4 <= rows; row += 4, m += 4 * columns, v += 4 * columns) {
        ADD(high, low, v[0] * m[0] + v[columns] * m[columns] + v[2 * columns] * m[2 * columns] +
                           v[3 * columns] * m[3 * columns]);
      }
      for (; row < rows; row++, m += columns, v += columns) ADD(high, low, v[0] * m[0]);
      parts[part][c] = narrow(high, low);
    }
  }
}

/* In place: the sums of columns c and -c, c = 0 to columns / 2, and then the differences, c = 1 to (columns - 1) / 2, in the
 * places of -1, -2, ... Returns the largest magnitude. */
ALWAYS_INLINE int32_t fold(int32_t *part, int32_t columns) {
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

/* The products of one row of the second factor: sums[n] by the cosines, differences[n] by the sines. */
ALWAYS_INLINE void multiply(const int16_t *z, const int16_t *matrix, int32_t terms, int32_t *high, int32_t *low) {
  for (int32_t b = 0; b < MEL_Q15_LANES; b++) {
    const int16_t *m = matrix + b;
    int32_t h = 0;
    int32_t l = 0;
    int32_t n = 0;
    for (; n + 4 <= terms; n += 4, m += 4 * MEL_Q15_LANES) {
      ADD(h, l, z[n] * m[0] + z[n + 1] * m[MEL_Q15_LANES] + z[n + 2] * m[2 * MEL_Q15_LANES] +
                    z[n + 3] * m[3 * MEL_Q15_LANES]);
    }
    for (; n < terms; n++, m += MEL_Q15_LANES) ADD(h, l, z[n] * m[0]);
    high[b] = h;
    low[b] = l;
  }
}

/* z: the values at 16 bits. */
ALWAYS_INLINE void narrowed(const int32_t *part, int32_t columns, int32_t shift, int16_t *sums, int16_t *differences) {
  const int32_t half = columns / 2;
  for (int32_t c = 0; c <= half; c++) sums[c] = (int16_t)mel_q15_down(part[c], shift);
  for (int32_t c = 1; c <= (columns - 1) / 2; c++) {
    differences[c - 1] = (int16_t)mel_q15_down(part[columns - c], shift);
  }
}

struct products {
  int32_t high[MEL_Q15_LANES];
  int32_t low[MEL_Q15_LANES];
};

/* The bins a + 16 * b, and 16 * b - a as the conjugates of their mirror images. */
ALWAYS_INLINE void row(const struct mel_q15_transform *t, int32_t columns, int32_t a, int32_t shift,
                       struct mel_q15_workspace *w) {
  enum { SUMS = MEL_Q15_MAX_COLUMNS / 2 + 1 };
  const int32_t half = columns / 2;
  const int32_t odd = (columns - 1) / 2;
  int16_t re[2][SUMS];
  int16_t im[2][SUMS];
  struct products p;
  struct products q = {{0}, {0}};
  int32_t *bins = w->a.bins[0];

  narrowed(w->b.parts[a == 0 ? 0 : 2 * a - 1], columns, shift, re[0], re[1]);
  if (a != 0) narrowed(w->b.parts[2 * a], columns, shift, im[0], im[1]);

  for (int32_t half_of_bin = 0; half_of_bin < 2; half_of_bin++, bins = w->a.bins[1]) {
    /* re = cos * re+ + sin * im-; im = cos * im+ - sin * re-. */
    const int16_t *sums = half_of_bin == 0 ? re[0] : im[0];
    const int16_t *differences = half_of_bin == 0 ? im[1] : re[1];
    const int32_t sign = half_of_bin == 0 ? 1 : -1;
    const int has_sums = half_of_bin == 0 || a != 0;
    const int has_differences = half_of_bin == 1 || a != 0;
    if (has_sums) multiply(sums, t->cosines, half + 1, p.high, p.low);
    else p = (struct products){{0}, {0}};
    if (has_differences) multiply(differences, t->sines + MEL_Q15_LANES, odd, q.high, q.low);
    else q = (struct products){{0}, {0}};

    const int32_t last = a == 8 ? (t->points / 2 - 8) >> 4 : odd;
    for (int32_t b = 0; b <= last; b++) {
      bins[a + 16 * b] = narrow(p.high[b] + sign * q.high[b], p.low[b] + sign * q.low[b]);
    }
    if ((a & 7) != 0) {
      for (int32_t b = 1; b <= odd; b++) {
        bins[16 * b - a] = narrow(p.high[b] - sign * q.high[b], p.low[b] - sign * q.low[b]);
      }
    }
    if (columns % 2 == 0 && a != 8) {
      /* Half the circle: the cosines alternate, the sines are 0. */
      int32_t sum = 0;
      if (has_sums) {
        for (int32_t n = 0; n <= half; n++) sum += n % 2 == 0 ? sums[n] : -sums[n];
      }
      bins[8 * columns - a] = sum * 1024;
    }
  }
}

ALWAYS_INLINE void second(const struct mel_q15_transform *t, int32_t columns, struct mel_q15_workspace *w,
                          int32_t *exponent) {
  int32_t max = 0;
  for (int32_t part = 0; part < MEL_Q15_PARTS; part++) max = mel_q15_max(max, fold(w->b.parts[part], columns));
  const int32_t shift = mel_q15_shift_to(max, MEL_Q15_MAX);
  for (int32_t a = 0; a <= 8; a++) row(t, columns, a, shift, w);
  /* Each factor multiplies by 2^14 and divides by 2^4. */
  *exponent += shift - 20;
}

void mel_q15_second(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t *exponent) {
  if (t->columns == 25) {
    first(t->first, w->a.samples, 16, 25, w->b.parts);
    second(t, 25, w, exponent);
  } else {
    first(t->first, w->a.samples, 13, 32, w->b.parts);
    second(t, 32, w, exponent);
  }
}

uint32_t mel_q15_root(uint32_t square) {
  /* Digit by digit: what is left of the square, and the root so far. Signed, so that it compares in vectors. */
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

void mel_q15_weigh(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t spectrum, int32_t *exponent) {
  const int32_t count = t->points / 2 + 1;
  const int32_t *re = w->a.bins[0];
  const int32_t *im = w->a.bins[1];
  int32_t max = 0;
  for (int32_t k = 0; k < count; k++) max = mel_q15_max(max, mel_q15_max(mel_q15_abs(re[k]), mel_q15_abs(im[k])));
  const int32_t shift = mel_q15_shift_to(max, MEL_Q15_MAX_PART);
  uint32_t *weighed = w->b.weighed;
  for (int32_t k = 0; k < count; k++) {
    const int16_t x = (int16_t)mel_q15_down(re[k], shift);
    const int16_t y = (int16_t)mel_q15_down(im[k], shift);
    weighed[k] = (uint32_t)(x * x + y * y);
  }
  if (spectrum == MEL_Q15_MAGNITUDE) {
    for (int32_t k = 0; k < count; k++) weighed[k] = mel_q15_root(weighed[k]);
  }
  *exponent += shift;
}
