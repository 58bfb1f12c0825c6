import { type Cause, type Diagnosis, frontEndOf, type Matrix } from '@dsp/doctor'
import { seededRandom } from '@dsp/tensor/testing'

const frontEnd = frontEndOf('fbank', { numMelBins: 40 }, 16000)

/** A cause with made-up numbers. */
export function cause(id: Cause['id'], ours: string, theirs: string, more: Partial<Cause> = {}): Cause {
  const sentence = `Their ${id} is ${theirs}, ours ${ours}: this explains 92 % of the difference.`
  return { id, ours, theirs, explains: 0.92, explainsRest: 0.92, residual: 0.4, equivalent: [], sentence, ...more }
}

/** A made-up diagnosis of two causes over something like speech. */
export function diagnosis(more: Partial<Diagnosis> = {}): Diagnosis {
  const [frames, bins] = [300, 40]
  const ours = speech(frames, bins, 0, 0)
  return {
    explained: true,
    share: 1,
    residual: 2.13e-6,
    difference: 6.134,
    causes: [
      cause('mel-scale', 'HTK', 'Slaney'),
      cause('preemphasis', '0.97 in each frame', 'none', { explains: 0.07, residual: 2.13e-6 }),
    ],
    minor: [],
    harmless: [{ id: 'polarity', sentence: 'The polarity cannot be seen in powers.' }],
    ruledOut: ['window', 'dct'],
    cannotTell: ['dither'],
    findings: [
      { stage: 'counts', sentence: '300 frames of 48,240 samples are whole frames only.', causes: ['snip-edges'] },
    ],
    confidence: 'certain',
    kind: 'fbank',
    ours: frontEnd,
    theirs: { ...frontEnd, melScale: 'slaney', framePreemphasis: 0 },
    layout: { axes: 'frames-bins', reversed: false, dtype: 'float32', swapped: false, before: 0, after: 0 },
    oursValues: ours,
    reference: speech(frames, bins, -6, 0.1),
    reproduced: speech(frames, bins, -6, 0.1),
    tried: 214,
    seconds: 3.21,
    ...more,
  }
}

/** Syllables with harmonics that glide, in a logarithm. */
function speech(frames: number, bins: number, offset: number, tilt: number): Matrix {
  const random = seededRandom(3)
  const data = new Float64Array(frames * bins)
  for (let frame = 0; frame < frames; frame++) {
    const loud = 6 * Math.max(0, Math.sin(frame / 9) + 0.4 * Math.sin(frame / 31))
    for (let bin = 0; bin < bins; bin++) {
      const formants = Math.cos((bin - 4 * Math.sin(frame / 40)) / 2.5) + Math.cos(bin / 7)
      data[frame * bins + bin] = -4 + loud * (1 + 0.4 * formants) + random() + offset + tilt * bin
    }
  }
  return { data, frames, bins }
}
