/* The kernel: whole frames to codes. */
#include "mel_q15_internal.h"

#include <stddef.h>

int mel_q15_check(const struct mel_q15_config *config) {
  if (config == NULL || config->transform == NULL || config->filters == NULL || config->coefficients == NULL ||
      config->shifts == NULL || config->filter_count == 0 || config->filter_count > MEL_Q15_MAX_FILTERS ||
      config->spectrum > MEL_Q15_POWER || config->output > MEL_Q15_LOG2_INT16 ||
      (config->output == MEL_Q15_LINEAR_INT8 && config->linear_gain == 0) || config->lowest > MEL_Q15_MAX_LOWEST ||
      config->lowest < -MEL_Q15_MAX_LOWEST) {
    return MEL_Q15_BAD_CONFIG;
  }
  const int32_t bins = config->transform->points / 2 + 1;
  for (int32_t i = 0; i < config->filter_count; i++) {
    const struct mel_q15_filter *f = &config->filters[i];
    if (f->start_bin > f->peak_bin || f->peak_bin > f->end_bin || f->end_bin > bins || config->shifts[i] > 31 ||
        f->left_width != f->peak_bin - f->start_bin || f->right_width != f->end_bin - f->peak_bin ||
        f->offset + (f->end_bin - f->start_bin) > config->coefficient_count) {
      return MEL_Q15_BAD_CONFIG;
    }
  }
  for (int32_t i = 0; i < config->coefficient_count; i++) {
    if (config->coefficients[i] < 0) return MEL_Q15_BAD_CONFIG;
  }
  return MEL_Q15_OK;
}

int mel_q15_check_call(const struct mel_q15_config *config, const int16_t *frames, const void *out, int32_t count) {
  if (config == NULL) return MEL_Q15_BAD_CONFIG;
  if (count < 0) return MEL_Q15_BAD_COUNT;
  if (count == 0) return MEL_Q15_OK;
  if (frames == NULL || out == NULL || ((uintptr_t)frames & 1u) != 0 ||
      (config->output == MEL_Q15_LOG2_INT16 && ((uintptr_t)out & 1u) != 0)) {
    return MEL_Q15_BAD_ALIGNMENT;
  }
  return MEL_Q15_OK;
}

/* Sums of products in two halves, high * 2^15 + low: neither outgrows 32 bits in a spectrum of 257 bins. */
struct sum {
  uint32_t high;
  uint32_t low;
};

static void add(struct sum *sum, uint32_t bin, int16_t coefficient) {
  const uint32_t product = bin * (uint16_t)coefficient;
  sum->high += product >> 15;
  sum->low += product & 0x7fffu;
}

/* A filter's sum, exactly. Bins have up to 30 bits and are weighed in two halves of 15. */
static uint64_t collect(const struct mel_q15_config *config, const struct mel_q15_filter *filter, const uint32_t *weighed) {
  const int16_t *c = config->coefficients + filter->offset;
  const uint32_t *bins = weighed + filter->start_bin;
  const int32_t count = filter->end_bin - filter->start_bin;
  struct sum lower = {0, 0};
  struct sum upper = {0, 0};
  for (int32_t i = 0; i < count; i++) {
    add(&lower, bins[i] & 0x7fffu, c[i]);
    add(&upper, bins[i] >> 15, c[i]);
  }
  return ((uint64_t)upper.high << 30) + (((uint64_t)upper.low + lower.high) << 15) + lower.low;
}

static void run_frame(const struct mel_q15_config *config, const int16_t *frame, void *out) {
  struct mel_q15_workspace w;
  int32_t exponent = 0;
  const int sounds = mel_q15_windowed(frame, &w, &exponent);
  if (sounds) {
    mel_q15_transform_frame(config->transform, &w, &exponent);
    mel_q15_weigh(config->transform, &w, config->spectrum, &exponent);
    exponent -= 15;
  }
  for (int32_t i = 0; i < config->filter_count; i++) {
    const uint64_t sum = sounds ? collect(config, &config->filters[i], w.b.weighed) : 0;
    mel_q15_store(config, out, i, mel_q15_code(config, sum, exponent - config->shifts[i]));
  }
}

int mel_q15_run(const struct mel_q15_config *config, const int16_t *frames, void *out, int32_t count) {
  const int status = mel_q15_check_call(config, frames, out, count);
  if (status != MEL_Q15_OK) return status;
  const int32_t bytes = config->filter_count * (config->output == MEL_Q15_LOG2_INT16 ? 2 : 1);
  uint8_t *to = out;
  for (int32_t i = 0; i < count; i++, frames += MEL_Q15_FRAME, to += bytes) run_frame(config, frames, to);
  return MEL_Q15_OK;
}
