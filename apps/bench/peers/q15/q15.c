/* One frame of the NPU's front end by three transforms of 512 points in 16-bit fixed point: our kernel, and KISS FFT and CMSIS-DSP
 * between our kernel's own window, magnitude, filters and logarithm. */
#include <string.h>

#include "arm_math.h"
#include "kiss_fftr.h"
#include "mel_q15_internal.h"

#include "mel_filterbank_coeffs.h"

enum { POINTS = 512, BINS = POINTS / 2 + 1, HALVINGS = 9 };

static const struct mel_q15_config config = MEL_FILTERBANK_CONFIG(MEL_Q15_LOG2_INT16);
static kiss_fftr_cfg kiss;
static arm_rfft_instance_q15 cmsis;

static void by_kiss(int16_t *in, int16_t *out) {
  kiss_fftr(kiss, in, (kiss_fft_cpx *)out);
}

static void by_cmsis(int16_t *in, int16_t *out) {
  arm_rfft_q15(&cmsis, in, out);
}

/* Both halve at every stage, so that nothing overflows. */
static void run(void (*transform)(int16_t *, int16_t *), const int16_t *frame, int16_t *codes) {
  struct mel_q15_workspace w;
  int32_t exponent = 0;
  int16_t in[POINTS] = {0};
  int16_t out[2 * POINTS];
  uint32_t magnitudes[BINS] = {0};
  if (mel_q15_windowed(frame, &w, &exponent)) {
    memcpy(in, w.a.samples, MEL_FRAME * sizeof(int16_t));
    transform(in, out);
    for (int k = 0; k < BINS; k++) {
      const int32_t re = out[2 * k];
      const int32_t im = out[2 * k + 1];
      const uint32_t square = (uint32_t)(re * re) + (uint32_t)(im * im);
      magnitudes[k] = mel_q15_root(square < 1u << 30 ? square : (1u << 30) - 1);
    }
  }
  for (int i = 0; i < MEL_FILTERS; i++) {
    const struct mel_q15_filter *filter = &config.filters[i];
    uint64_t sum = 0;
    for (int k = filter->start_bin; k < filter->end_bin; k++) {
      sum += (uint64_t)magnitudes[k] * (uint16_t)config.coefficients[filter->offset + k - filter->start_bin];
    }
    codes[i] = (int16_t)mel_q15_code(&config, sum, exponent + HALVINGS - 15 - config.shifts[i]);
  }
}

/* Makes plans and tables; 0 if all is well. */
int bench_q15_prepare(void) {
  if (kiss == NULL) kiss = kiss_fftr_alloc(POINTS, 0, NULL, NULL);
  if (kiss == NULL || arm_rfft_init_q15(&cmsis, POINTS, 0, 1) != ARM_MATH_SUCCESS) return 1;
  return mel_q15_check(&config) == MEL_Q15_OK ? 0 : 2;
}

/* count frames of 400 samples, one after the other, to count x 80 codes of log2-int16. */
void bench_q15_ours(const int16_t *frames, int32_t count, int16_t *codes) {
  (void)mel_q15_run(&config, frames, codes, count);
}

void bench_q15_kiss(const int16_t *frames, int32_t count, int16_t *codes) {
  for (int32_t i = 0; i < count; i++) run(by_kiss, frames + i * MEL_FRAME, codes + i * MEL_FILTERS);
}

void bench_q15_cmsis(const int16_t *frames, int32_t count, int16_t *codes) {
  for (int32_t i = 0; i < count; i++) run(by_cmsis, frames + i * MEL_FRAME, codes + i * MEL_FILTERS);
}
