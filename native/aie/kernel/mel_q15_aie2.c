/* The kernel in the vector form of the AIE2: both factors of the transform and the filters as products by int16 matrices, 16
 * outputs side by side. It is C and C++, so that Peano takes it with aie_api; sums are exact, so that the codes are the same. */
#include "aie2_vector.h"
#include "mel_q15_internal.h"

/* The first factor: a vector is 16 columns, which overlap where there are 25. */
static void first_factor(const struct mel_q15_transform *t, const int16_t *y, int32_t (*parts)[MEL_Q15_MAX_COLUMNS]) {
  const int32_t columns = t->columns;
  const int16_t *matrix = t->first;
  for (int32_t part = 0; part < MEL_Q15_PARTS; part++, matrix += t->rows * columns) {
    for (int32_t start = 0; start < columns; start += columns - AIE2_LANES) {
      aie2_accumulator sum = aie2_zero();
      for (int32_t row = 0; row < t->rows; row++) {
        sum = aie2_mac(sum, aie2_load(y + row * columns + start), aie2_load(matrix + row * columns + start));
      }
      aie2_narrow(sum, 4, parts[part] + start);
      if (start == columns - AIE2_LANES) break;
    }
  }
}

/* values[n] weighed by rows of 16. */
static aie2_accumulator weigh(const int16_t *values, const int16_t *matrix, int32_t terms) {
  aie2_accumulator sum = aie2_zero();
  for (int32_t n = 0; n < terms; n++) {
    sum = aie2_mac(sum, aie2_broadcast(values[n]), aie2_load(matrix + n * AIE2_LANES));
  }
  return sum;
}

/* The bins a + 16 * b and 16 * b - a of one half of the spectrum. */
static void spread(const struct mel_q15_transform *t, int32_t a, aie2_accumulator plus, aie2_accumulator minus, int32_t *bins) {
  const int32_t odd = (t->columns - 1) / 2;
  const int32_t last = a == 8 ? (t->points / 2 - 8) >> 4 : odd;
  int32_t lanes[AIE2_LANES];
  aie2_narrow(plus, 4, lanes);
  for (int32_t b = 0; b <= last; b++) bins[a + 16 * b] = lanes[b];
  if ((a & 7) == 0) return;
  aie2_narrow(minus, 4, lanes);
  for (int32_t b = 1; b <= odd; b++) bins[16 * b - a] = lanes[b];
}

static void second_factor(const struct mel_q15_transform *t, struct mel_q15_workspace *w, int32_t *exponent) {
  const int32_t columns = t->columns;
  const int32_t half = columns / 2;
  const int32_t odd = (columns - 1) / 2;
  const int16_t *sines = t->sines + AIE2_LANES;
  int32_t max = 0;
  for (int32_t part = 0; part < MEL_Q15_PARTS; part++) max = mel_q15_max(max, mel_q15_fold(w->b.parts[part], columns));
  const int32_t shift = mel_q15_shift_to(max, MEL_Q15_MAX);
  for (int32_t a = 0; a <= 8; a++) {
    int16_t re[2][MEL_Q15_SUMS] = {{0}};
    int16_t im[2][MEL_Q15_SUMS] = {{0}};
    mel_q15_narrowed(w->b.parts[a == 0 ? 0 : 2 * a - 1], columns, shift, re[0], re[1]);
    if (a != 0) mel_q15_narrowed(w->b.parts[2 * a], columns, shift, im[0], im[1]);
    const aie2_accumulator p = weigh(re[0], t->cosines, half + 1);
    const aie2_accumulator q = weigh(im[1], sines, odd);
    const aie2_accumulator r = weigh(im[0], t->cosines, half + 1);
    const aie2_accumulator s = weigh(re[1], sines, odd);
    spread(t, a, aie2_add(p, q), aie2_subtract(p, q), w->a.bins[0]);
    spread(t, a, aie2_subtract(r, s), aie2_add(r, s), w->a.bins[1]);
    if (columns % 2 == 0 && a != 8) {
      w->a.bins[0][8 * columns - a] = mel_q15_alternating(re[0], half);
      w->a.bins[1][8 * columns - a] = mel_q15_alternating(im[0], half);
    }
  }
  *exponent += shift - 20;
}

/* The bins that a group of up to 16 filters weighs. */
static void range_of(const struct mel_q15_config *config, int32_t first, int32_t *start, int32_t *end) {
  *start = MEL_Q15_MAX_BINS;
  *end = 0;
  for (int32_t i = first; i < config->filter_count && i < first + AIE2_LANES; i++) {
    const struct mel_q15_filter *f = &config->filters[i];
    if (f->start_bin == f->end_bin) continue;
    if (f->start_bin < *start) *start = f->start_bin;
    if (f->end_bin > *end) *end = f->end_bin;
  }
  if (*end == 0) *start = 0;
}

int32_t mel_q15_pack(const struct mel_q15_config *config, int16_t *packed, int32_t capacity) {
  int32_t used = 0;
  for (int32_t first = 0; first < config->filter_count; first += AIE2_LANES) {
    int32_t start;
    int32_t end;
    range_of(config, first, &start, &end);
    for (int32_t bin = start; bin < end; bin++) {
      if (used + AIE2_LANES > capacity) return 0;
      for (int32_t lane = 0; lane < AIE2_LANES; lane++) {
        int16_t weight = 0;
        if (first + lane < config->filter_count) {
          const struct mel_q15_filter *f = &config->filters[first + lane];
          if (bin >= f->start_bin && bin < f->end_bin) weight = config->coefficients[f->offset + bin - f->start_bin];
        }
        packed[used + lane] = weight;
      }
      used += AIE2_LANES;
    }
  }
  /* A bank of empty filters takes no room; 0 means that there was too little. */
  return used == 0 ? 1 : used;
}

/* Codes of all filters. Bins have up to 30 bits: the products of their halves are added in the end. */
static void filter_bank(const struct mel_q15_config *config, const int16_t *packed, const uint32_t *weighed, int32_t exponent,
                        void *out) {
  for (int32_t first = 0; first < config->filter_count; first += AIE2_LANES) {
    int32_t start;
    int32_t end;
    range_of(config, first, &start, &end);
    aie2_accumulator lower = aie2_zero();
    aie2_accumulator upper = aie2_zero();
    for (int32_t bin = start; bin < end; bin++, packed += AIE2_LANES) {
      const aie2_vector weights = aie2_load(packed);
      lower = aie2_mac(lower, aie2_broadcast((int16_t)(weighed[bin] & 0x7fffu)), weights);
      upper = aie2_mac(upper, aie2_broadcast((int16_t)(weighed[bin] >> 15)), weights);
    }
    int32_t high[2][AIE2_LANES];
    int32_t low[2][AIE2_LANES];
    aie2_split(lower, high[0], low[0]);
    aie2_split(upper, high[1], low[1]);
    for (int32_t lane = 0; lane < AIE2_LANES && first + lane < config->filter_count; lane++) {
      const uint64_t middle = (uint64_t)high[0][lane] + (uint64_t)low[1][lane];
      const uint64_t sum = ((uint64_t)high[1][lane] << 30) + (middle << 15) + (uint64_t)low[0][lane];
      const int32_t i = first + lane;
      mel_q15_store(config, out, i, mel_q15_code(config, sum, exponent - config->shifts[i]));
    }
  }
}

int mel_q15_run_aie2(const struct mel_q15_config *config, const int16_t *packed, const int16_t *frames, void *out,
                     int32_t count) {
  const int status = mel_q15_check_call(config, frames, out, count);
  if (status != MEL_Q15_OK) return status;
  const int32_t bytes = config->filter_count * (config->output == MEL_Q15_LOG2_INT16 ? 2 : 1);
  uint8_t *to = (uint8_t *)out;
  for (int32_t i = 0; i < count; i++, frames += MEL_Q15_FRAME, to += bytes) {
    struct mel_q15_workspace w;
    int32_t exponent = 0;
    if (mel_q15_windowed(frames, &w, &exponent)) {
      first_factor(config->transform, w.a.samples, w.b.parts);
      second_factor(config->transform, &w, &exponent);
      mel_q15_weigh(config->transform, &w, config->spectrum, &exponent);
      filter_bank(config, packed, w.b.weighed, exponent - 15, to);
    } else {
      for (int32_t k = 0; k < config->filter_count; k++) mel_q15_store(config, to, k, mel_q15_code(config, 0, 0));
    }
  }
  return MEL_Q15_OK;
}
