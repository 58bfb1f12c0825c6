/* Speed and error of the kernel and of KISS FFT's 16-bit build with the same steps around it, on the same frames. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kiss_fftr.h"
#include "mel_q15_internal.h"

enum { COUNT = 2000, FILTERS = 80, BINS = 257, ROUNDS = 15 };
static const double TURN = 6.283185307179586;

static int16_t frames[COUNT][MEL_Q15_FRAME];
static int16_t ours[COUNT][FILTERS];
static int16_t theirs[COUNT][FILTERS];
static struct mel_q15_filter filters[FILTERS];
static int16_t coefficients[4096];
static uint8_t shifts[FILTERS];

static double seconds(void) {
  return (double)clock() / CLOCKS_PER_SEC;
}

/* Voices of 19 harmonics with a little noise. */
static void make_frames(double gain) {
  uint32_t noise = 1;
  for (int i = 0; i < COUNT; i++) {
    for (int k = 0; k < MEL_Q15_FRAME; k++) {
      double x = 0;
      for (int h = 1; h < 20; h++) x += sin(TURN * (100 + i % 37 * 5) * h * k / 16000) / h / h;
      noise = noise * 1664525u + 1013904223u;
      x += (noise / 4294967296.0 - 0.5) * 0.02;
      frames[i][k] = (int16_t)lrint(x * 18000 * gain);
    }
  }
}

static void run_kiss(const struct mel_q15_config *config, kiss_fftr_cfg kiss, const int16_t *frame, int16_t *codes) {
  struct mel_q15_workspace w;
  int32_t exponent = 0;
  kiss_fft_scalar in[512] = {0};
  kiss_fft_cpx out[BINS];
  uint32_t magnitudes[BINS] = {0};
  if (mel_q15_windowed(frame, &w, &exponent)) {
    memcpy(in, w.a.samples, sizeof w.a.samples);
    kiss_fftr(kiss, in, out);
    for (int k = 0; k < BINS; k++) {
      const uint32_t square = (uint32_t)(out[k].r * out[k].r) + (uint32_t)(out[k].i * out[k].i);
      magnitudes[k] = mel_q15_root(square < 1u << 30 ? square : (1u << 30) - 1);
    }
  }
  for (int i = 0; i < FILTERS; i++) {
    uint64_t sum = 0;
    for (int k = filters[i].start_bin; k < filters[i].end_bin; k++) {
      sum += (uint64_t)magnitudes[k] * (uint16_t)coefficients[filters[i].offset + k - filters[i].start_bin];
    }
    /* Nine halvings. */
    codes[i] = (int16_t)mel_q15_code(config, sum, exponent + 9 - 15);
  }
}

/* SNR of log2 in decibels, cells within 80 dB of their frame's maximum. */
static double snr(int16_t (*codes)[FILTERS]) {
  double signal = 0;
  double noise = 0;
  for (int i = 0; i < COUNT; i += 20) {
    double bins[BINS];
    double levels[FILTERS];
    double most = -100;
    for (int k = 0; k < BINS; k++) {
      double re = 0;
      double im = 0;
      for (int n = 0; n < MEL_Q15_FRAME; n++) {
        const double y = frames[i][n] * (0.5 - 0.5 * cos(TURN * n / MEL_Q15_FRAME));
        re += y * cos(TURN * (k * n % 512) / 512);
        im += y * sin(TURN * (k * n % 512) / 512);
      }
      bins[k] = hypot(re, im);
    }
    for (int m = 0; m < FILTERS; m++) {
      double sum = 0;
      for (int k = filters[m].start_bin; k < filters[m].end_bin; k++) {
        sum += bins[k] * coefficients[filters[m].offset + k - filters[m].start_bin] / 32768;
      }
      levels[m] = log2(sum);
      most = fmax(most, levels[m]);
    }
    for (int m = 0; m < FILTERS; m++) {
      if ((most - levels[m]) * 6.0206 > 80) continue;
      const double level = codes[i][m] == -32768 ? 0 : codes[i][m] / 256.0;
      signal += levels[m] * levels[m];
      noise += (level - levels[m]) * (level - levels[m]);
    }
  }
  return 10 * log10(signal / noise);
}

int main(void) {
  uint16_t offset = 0;
  for (int i = 0; i < FILTERS; i++) {
    const int start = i * i * (BINS - 20) / (FILTERS * FILTERS);
    const int width = 2 + i / 6;
    filters[i] = (struct mel_q15_filter){(uint16_t)start, (uint16_t)start, (uint16_t)(start + width), 0, (uint16_t)width, offset};
    for (int k = 0; k < width; k++) coefficients[offset++] = (int16_t)(32767 * (width - k) / width);
  }
  const struct mel_q15_config config = {&mel_q15_transform_512, filters, coefficients, shifts, FILTERS, offset, 127,
                                        MEL_Q15_MAGNITUDE, MEL_Q15_LOG2_INT16};
  kiss_fftr_cfg kiss = kiss_fftr_alloc(512, 0, NULL, NULL);
  if (mel_q15_check(&config) != MEL_Q15_OK || kiss == NULL) return 1;
  printf("| dBFS | ours: us per frame | SNR, dB | KISS FFT: us per frame | SNR, dB |\n|---|---|---|---|---|\n");
  for (int level = 0; level >= -40; level -= 20) {
    double best[2] = {1e9, 1e9};
    make_frames(pow(10, level / 20.0));
    for (int round = 0; round < ROUNDS; round++) {
      const double start = seconds();
      (void)mel_q15_run(&config, frames[0], ours, COUNT);
      const double middle = seconds();
      for (int i = 0; i < COUNT; i++) run_kiss(&config, kiss, frames[i], theirs[i]);
      best[0] = fmin(best[0], middle - start);
      best[1] = fmin(best[1], seconds() - middle);
    }
    printf("| %d | %.2f | %.1f | %.2f | %.1f |\n", level, best[0] / COUNT * 1e6, snr(ours), best[1] / COUNT * 1e6, snr(theirs));
  }
  kiss_fftr_free(kiss);
  return 0;
}
