/* Vectors of 16 int16 and accumulators of 16 x 64 bits, as the AIE2 has them. Elsewhere they are emulated by loops, with the same
 * numbers: the AIE2 branch, which is C++ over aie_api, has never been compiled or run by us. */
#ifndef AIE2_VECTOR_H
#define AIE2_VECTOR_H

#include <stdint.h>

#define AIE2_LANES 16

#if defined(__AIENGINE__) && defined(__cplusplus)
#include <aie_api/aie.hpp>

typedef aie::vector<int16, AIE2_LANES> aie2_vector;
typedef aie::accum<acc64, AIE2_LANES> aie2_accumulator;

static inline aie2_accumulator aie2_zero(void) { return aie::zeros<acc64, AIE2_LANES>(); }
/* Loads from any address; the hardware needs two aligned loads and a shift for it. */
static inline aie2_vector aie2_load(const int16_t *from) { return aie::load_unaligned_v<AIE2_LANES>(from); }
static inline aie2_vector aie2_broadcast(int16_t value) { return aie::broadcast<int16, AIE2_LANES>(value); }
static inline aie2_accumulator aie2_mac(aie2_accumulator sum, aie2_vector a, aie2_vector b) { return aie::mac(sum, a, b); }
static inline aie2_accumulator aie2_add(aie2_accumulator a, aie2_accumulator b) { return aie::add(a, b); }
static inline aie2_accumulator aie2_subtract(aie2_accumulator a, aie2_accumulator b) { return aie::sub(a, b); }
/* sum / 2^shift, rounded down. */
static inline void aie2_narrow(aie2_accumulator sum, int32_t shift, int32_t *to) {
  aie::set_rounding(aie::rounding_mode::floor);
  aie::store_unaligned_v(to, sum.to_vector<int32>(shift));
}
/* high * 2^15 + low, which has 15 bits. */
static inline void aie2_split(aie2_accumulator sum, int32_t *high, int32_t *low) {
  aie::set_rounding(aie::rounding_mode::floor);
  const aie::vector<int32, AIE2_LANES> upper = sum.to_vector<int32>(15);
  aie2_accumulator shifted;
  shifted.from_vector(upper, 15);
  aie::store_unaligned_v(high, upper);
  aie::store_unaligned_v(low, aie::sub(sum, shifted).to_vector<int32>(0));
}

#else

typedef struct {
  int16_t lane[AIE2_LANES];
} aie2_vector;

typedef struct {
  int64_t lane[AIE2_LANES];
} aie2_accumulator;

static inline aie2_accumulator aie2_zero(void) {
  aie2_accumulator sum;
  for (int i = 0; i < AIE2_LANES; i++) sum.lane[i] = 0;
  return sum;
}

static inline aie2_vector aie2_load(const int16_t *from) {
  aie2_vector vector;
  for (int i = 0; i < AIE2_LANES; i++) vector.lane[i] = from[i];
  return vector;
}

static inline aie2_vector aie2_broadcast(int16_t value) {
  aie2_vector vector;
  for (int i = 0; i < AIE2_LANES; i++) vector.lane[i] = value;
  return vector;
}

static inline aie2_accumulator aie2_mac(aie2_accumulator sum, aie2_vector a, aie2_vector b) {
  for (int i = 0; i < AIE2_LANES; i++) sum.lane[i] += a.lane[i] * b.lane[i];
  return sum;
}

static inline aie2_accumulator aie2_add(aie2_accumulator a, aie2_accumulator b) {
  for (int i = 0; i < AIE2_LANES; i++) a.lane[i] += b.lane[i];
  return a;
}

static inline aie2_accumulator aie2_subtract(aie2_accumulator a, aie2_accumulator b) {
  for (int i = 0; i < AIE2_LANES; i++) a.lane[i] -= b.lane[i];
  return a;
}

static inline void aie2_narrow(aie2_accumulator sum, int32_t shift, int32_t *to) {
  for (int i = 0; i < AIE2_LANES; i++) to[i] = (int32_t)(sum.lane[i] >> shift);
}

static inline void aie2_split(aie2_accumulator sum, int32_t *high, int32_t *low) {
  for (int i = 0; i < AIE2_LANES; i++) {
    high[i] = (int32_t)(sum.lane[i] >> 15);
    low[i] = (int32_t)(sum.lane[i] & 0x7fff);
  }
}
#endif

#endif
