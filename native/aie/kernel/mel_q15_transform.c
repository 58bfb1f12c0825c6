/* The transform: 16 * columns points as two products by matrices, in block floating point. See mel_q15_tables.c. */
#include "mel_q15_internal.h"

/* An exact sum of products in two halves of 32 bits: high * 2^16 + low. Four products of 15 and 14 bits fit one int32. */
#define ADD(high, low, sum)     \
  do {                          \
    const int32_t s = (sum);    \
    (high) += s >> 16;          \
    (low) += s & 0xffff;        \
  } while (0)

/* The sum / 16, rounded down: 10 of the 14 fractional bits stay. */
MEL_Q15_INLINE int32_t narrow(int32_t high, int32_t low) {
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
MEL_Q15_INLINE void first(const int16_t *matrix, const int16_t *y, int32_t rows, int32_t columns,
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

/* The products of one row of the second factor: sums[n] by the cosines, differences[n] by the sines. */
MEL_Q15_INLINE void multiply(const int16_t *z, const int16_t *matrix, int32_t terms, int32_t *high, int32_t *low) {
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

struct products {
  int32_t high[MEL_Q15_LANES];
  int32_t low[MEL_Q15_LANES];
};

/* The bins a + 16 * b, and 16 * b - a as the conjugates of their mirror images. */
MEL_Q15_INLINE void row(const struct mel_q15_transform *t, int32_t columns, int32_t a, int32_t shift,
                       struct mel_q15_workspace *w) {
  const int32_t half = columns / 2;
  const int32_t odd = (columns - 1) / 2;
  int16_t re[2][MEL_Q15_SUMS];
  int16_t im[2][MEL_Q15_SUMS];
  struct products p;
  struct products q = {{0}, {0}};
  int32_t *bins = w->a.bins[0];

  mel_q15_narrowed(w->b.parts[a == 0 ? 0 : 2 * a - 1], columns, shift, re[0], re[1]);
  if (a != 0) mel_q15_narrowed(w->b.parts[2 * a], columns, shift, im[0], im[1]);

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
    if (columns % 2 == 0 && a != 8) bins[8 * columns - a] = has_sums ? mel_q15_alternating(sums, half) : 0;
  }
}

MEL_Q15_INLINE void second(const struct mel_q15_transform *t, int32_t columns, struct mel_q15_workspace *w,
                          int32_t *exponent) {
  int32_t max = 0;
  for (int32_t part = 0; part < MEL_Q15_PARTS; part++) max = mel_q15_max(max, mel_q15_fold(w->b.parts[part], columns));
  const int32_t shift = mel_q15_shift_to(max, MEL_Q15_MAX);
  for (int32_t a = 0; a <= 8; a++) row(t, columns, a, shift, w);
  /* Each factor multiplies by 2^14 and divides by 2^4. */
  *exponent += shift - 20;
}

void mel_q15_transform_frame(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t *exponent) {
  if (t->columns == 25) {
    first(t->first, w->a.samples, 16, 25, w->b.parts);
    second(t, 25, w, exponent);
  } else {
    first(t->first, w->a.samples, 13, 32, w->b.parts);
    second(t, 32, w, exponent);
  }
}

/* A bit mask's choice, so that loops of it become vectors. */
MEL_Q15_INLINE int32_t choose(int32_t mask, int32_t yes, int32_t no) {
  return (yes & mask) | (no & ~mask);
}

/* One bin; a quiet one keeps FINE bits more. */
MEL_Q15_INLINE uint32_t weigh(int32_t re, int32_t im, int32_t shift, int is_power) {
  const int32_t most = mel_q15_max(mel_q15_abs(re), mel_q15_abs(im));
  const int32_t fine = mel_q15_down(most, shift - MEL_Q15_FINE) <= MEL_Q15_MAX_PART ? -1 : 0;
  const int16_t x = (int16_t)choose(fine, mel_q15_down(re, shift - MEL_Q15_FINE), mel_q15_down(re, shift));
  const int16_t y = (int16_t)choose(fine, mel_q15_down(im, shift - MEL_Q15_FINE), mel_q15_down(im, shift));
  const int32_t square = x * x + y * y;
  if (is_power) return (uint32_t)choose(fine, mel_q15_down(square, 2 * MEL_Q15_FINE), square);
  const int32_t root = (int32_t)mel_q15_root((uint32_t)square);
  return (uint32_t)choose(fine, root, root * (1 << MEL_Q15_FINE));
}

void mel_q15_weigh(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t spectrum, int32_t *exponent) {
  const int32_t count = t->points / 2 + 1;
  const int32_t *re = w->a.bins[0];
  const int32_t *im = w->a.bins[1];
  uint32_t *weighed = w->b.weighed;
  int32_t max = 0;
  for (int32_t k = 0; k < count; k++) max = mel_q15_max(max, mel_q15_max(mel_q15_abs(re[k]), mel_q15_abs(im[k])));
  /* At least 8: full scale in the second factor leaves 23 bits in the largest bin. */
  const int32_t shift = mel_q15_shift_to(max, MEL_Q15_MAX_PART);
  if (spectrum == MEL_Q15_POWER) {
    for (int32_t k = 0; k < count; k++) weighed[k] = weigh(re[k], im[k], shift, 1);
    *exponent = 2 * (*exponent + shift);
  } else {
    for (int32_t k = 0; k < count; k++) weighed[k] = weigh(re[k], im[k], shift, 0);
    *exponent += shift - MEL_Q15_FINE;
  }
}
