/* From a filter's sum to its code, with the block exponent accounted for. */
#include "mel_q15_internal.h"

static int32_t highest(uint64_t value) {
  const uint32_t high = (uint32_t)(value >> 32);
  return high != 0 ? 32 + mel_q15_highest(high) : mel_q15_highest((uint32_t)value);
}

/* log2 with 16 fractional bits: 16 bits after the highest one, the table's points joined by straight lines. */
static int32_t log2_q16(uint64_t value) {
  enum { STEP_BITS = 16 - MEL_Q15_LOG_BITS };
  const int32_t whole = highest(value);
  const uint32_t mantissa = (uint32_t)(whole >= 16 ? value >> (whole - 16) : value << (16 - whole));
  const uint32_t fraction = mantissa & 0xffffu;
  const uint32_t i = fraction >> STEP_BITS;
  const uint32_t rest = fraction & ((1u << STEP_BITS) - 1);
  const uint32_t below = mel_q15_logarithms[i];
  const uint32_t above = mel_q15_logarithms[i + 1];
  return whole * 65536 + (int32_t)(((below << STEP_BITS) + (above - below) * rest) >> (STEP_BITS - 1));
}

/* value * gain / 2^24 to the nearest, at most 127: the value is rounded to 16 bits first. */
static int32_t linear(uint64_t value, int32_t exponent, uint32_t gain) {
  const int32_t shift = highest(value) - 15;
  const uint32_t mantissa =
      (uint32_t)(shift <= 0 ? value << -shift : (value + ((uint64_t)1 << (shift - 1))) >> shift);
  const uint32_t product = mantissa * gain;
  const int32_t down = 24 - exponent - shift;
  if (down <= 0) return 127;
  if (down > 32) return 0;
  const uint32_t code = ((product >> (down - 1)) + 1) >> 1;
  return code > 127 ? 127 : (int32_t)code;
}

int32_t mel_q15_code(const struct mel_q15_config *config, uint64_t mantissa, int32_t exponent) {
  if (mantissa == 0) return config->output == MEL_Q15_LOG2_INT16 ? -32768 : 0;
  const int is_power = config->spectrum == MEL_Q15_POWER;
  if (config->output == MEL_Q15_LINEAR_INT8) {
    if (is_power) {
      /* The root of 30 or 29 bits, so that the exponent is even. */
      const int32_t bits = highest(mantissa) + 1;
      const int32_t shift = bits - 30 + ((bits + exponent) & 1);
      const uint32_t square = (uint32_t)(shift < 0 ? mantissa << -shift : mantissa >> shift);
      mantissa = mel_q15_root(square);
      exponent = (exponent + shift) >> 1;
    }
    return linear(mantissa, exponent, config->linear_gain);
  }
  const int32_t level = (log2_q16(mantissa) + exponent * 65536) >> is_power;
  if (config->output == MEL_Q15_LOG2_INT16) return (level + 128) >> 8;
  const int32_t code = (6 * level - config->lowest + 32768) >> 16;
  return code < 0 ? 0 : code > 127 ? 127 : code;
}
