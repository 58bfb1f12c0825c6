/* Prints one line for each transform, spectrum and output format: a hash of the codes of seeded frames. Every machine, byte order
 * and compiler must print the same. Argument: frames for each line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "mel_q15.h"

#define FILTERS 80
#define CALL 8

static uint64_t state = 15;

/* SplitMix64. */
static uint64_t next(void) {
  uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static int16_t signed16(uint64_t bits) {
  return (int16_t)((int32_t)(bits & 0xffff) - 32768);
}

/* Noise of any level, squares, impulses, extremes. */
static void make_frame(int16_t *frame) {
  const int quiet = (int)(next() % 16);
  const int period = 1 + (int)(next() % MEL_Q15_FRAME);
  const int kind = (int)(next() % 6);
  for (int i = 0; i < MEL_Q15_FRAME; i++) {
    const int16_t noise = signed16(next());
    const int16_t values[6] = {noise, noise, noise, (int16_t)(i / period % 2 == 0 ? 32767 : -32768),
                               (int16_t)(i % period == 0 ? noise : 0), (int16_t)(noise < 0 ? -32768 : 32767)};
    frame[i] = (int16_t)(values[kind] >> quiet);
  }
}

/* Triangles that grow wider with frequency, with shifts of all sizes. */
static uint16_t make_bank(int bins, struct mel_q15_filter *filters, int16_t *coefficients, uint8_t *shifts) {
  uint16_t offset = 0;
  for (int i = 0; i < FILTERS; i++) {
    const int start = i * i * (bins - 30) / (FILTERS * FILTERS);
    const int left = 1 + i / 8;
    const int right = 1 + i / 6;
    filters[i] = (struct mel_q15_filter){(uint16_t)start,  (uint16_t)(start + left), (uint16_t)(start + left + right),
                                         (uint16_t)left, (uint16_t)right,         offset};
    shifts[i] = (uint8_t)(i % 9);
    for (int k = 0; k < left + right; k++) {
      coefficients[offset++] = (int16_t)(k < left ? 32767 * (k + 1) / (left + 1) : 32767 * (left + right - k) / right);
    }
  }
  return offset;
}

static uint64_t hash_codes(uint64_t hash, const struct mel_q15_config *config, const int16_t *codes16, const int8_t *codes8) {
  for (int i = 0; i < CALL * FILTERS; i++) {
    const int32_t code = config->output == MEL_Q15_LOG2_INT16 ? codes16[i] : codes8[i];
    for (int shift = 0; shift < 32; shift += 8) {
      hash = (hash ^ (((uint32_t)code >> shift) & 0xff)) * UINT64_C(0x100000001b3);
    }
  }
  return hash;
}

int main(int argc, char **argv) {
  static int16_t frames[CALL * MEL_Q15_FRAME];
  static int16_t codes16[CALL * FILTERS];
  static int8_t codes8[CALL * FILTERS];
  static struct mel_q15_filter filters[FILTERS];
  static int16_t coefficients[4096];
  static uint8_t shifts[FILTERS];
  static int16_t packed[8192];
  const long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
  for (int kind = 0; kind < 12; kind++) {
    const struct mel_q15_transform *transforms[2] = {&mel_q15_transform_400, &mel_q15_transform_512};
    const int transform = kind & 1;
    struct mel_q15_config config = {transforms[transform], filters, coefficients, shifts, FILTERS, 0, 4064,
                                    (uint8_t)(kind >> 1 & 1), (uint8_t)(kind >> 2), (kind - 6) * 100003};
    config.coefficient_count = make_bank(transform == 0 ? 201 : 257, filters, coefficients, shifts);
    if (mel_q15_check(&config) != MEL_Q15_OK) return 1;
    if (mel_q15_pack(&config, packed, 8192) == 0) return 1;
    void *out = config.output == MEL_Q15_LOG2_INT16 ? (void *)codes16 : (void *)codes8;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    uint64_t vectors = hash;
    for (long i = 0; i < count; i += CALL) {
      for (int k = 0; k < CALL; k++) make_frame(frames + k * MEL_Q15_FRAME);
      if (mel_q15_run(&config, frames, out, CALL) != MEL_Q15_OK) return 1;
      hash = hash_codes(hash, &config, codes16, codes8);
      if (mel_q15_run_aie2(&config, packed, frames, out, CALL) != MEL_Q15_OK) return 1;
      vectors = hash_codes(vectors, &config, codes16, codes8);
    }
    if (vectors != hash) return 2;
    printf("%d %016" PRIx64 "\n", kind, hash);
  }
  return 0;
}
