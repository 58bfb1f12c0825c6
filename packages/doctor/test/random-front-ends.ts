import type { FrontEnd } from '../src/index.js'

/** Numbers from 0 to 1 that a seed decides. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A front end from the whole space, for audio at a rate; half of them are near what a library's own function computes. */
export function randomFrontEnd(random: () => number, audioRate: number): FrontEnd {
  const pick = <T>(...all: readonly T[]): T => all[Math.floor(random() * all.length)]!
  const frameLength = pick(400, 320, 401, 512, 333)
  const resampler = pick<FrontEnd['resampler']>('none', 'linear', 'torchaudio')
  const sampleRate = resampler === 'none' ? audioRate : pick(16000, 8000)
  const numCeps = pick(0, 0, 13)
  const floorType = pick<FrontEnd['floorType']>('max', 'max', 'add', 'none')
  const any: FrontEnd = {
    channel: pick<FrontEnd['channel']>('mean', 'sum', 'left', 'right'),
    sampleRate,
    resampler,
    gain: pick(1, 1, -1, 32768, 1 / 512, 0.37),
    shift: pick(0, 0, 100, -300),
    signalPreemphasis: pick(0, 0.97),
    framePreemphasis: pick(0, 0.97, 0.9),
    preemphasisTimes: pick<1 | 2>(1, 1, 2),
    dcOffset: pick<FrontEnd['dcOffset']>('none', 'frame', 'signal'),
    dither: 0,
    frameLength,
    frameShift: pick(160, 133, 256),
    padding: pick<FrontEnd['padding']>('snip', 'mirror', 'reflect', 'constant', 'end'),
    dropLast: pick(true, false, false),
    window: pick<FrontEnd['window']>('povey', 'hann', 'hamming', 'blackman', 'rectangular', 'sine', 'bartlett'),
    periodic: pick(true, false),
    fftLength: pick(512, 1024, frameLength),
    spectrum: pick<FrontEnd['spectrum']>('power', 'power', 'magnitude'),
    numBins: pick(0, 23, 40, 80),
    melScale: pick<FrontEnd['melScale']>('htk', 'slaney'),
    melNorm: pick<FrontEnd['melNorm']>('none', 'slaney', 'sum'),
    triangles: pick<FrontEnd['triangles']>('hertz', 'hertz', 'mel', 'mel', 'bins', 'symmetric'),
    lowFreq: pick(0, 20, 64),
    highFreq: sampleRate / 2 - pick(0, 400),
    vtlnWarp: pick(1, 1, 1, 0.9, 1.13),
    log: pick<FrontEnd['log']>('ln', 'ln', 'log2', 'log10', 'dB', 'dB-amplitude', 'none'),
    floorType,
    floor: floorType === 'none' ? 0 : pick(2 ** -23, 1e-10, 1e-3),
    topDb: pick(null, null, 80, 40),
    energyColumn: pick<FrontEnd['energyColumn']>('none', 'none', numCeps > 0 ? 'c0' : 'last', 'first'),
    rawEnergy: pick(true, false),
    energyFloor: pick(0, 1),
    numCeps,
    dctType: pick<1 | 2 | 3>(1, 2, 2, 2, 3),
    dctOrtho: pick(true, false),
    lifter: pick(0, 22),
    lifterType: pick<FrontEnd['lifterType']>('kaldi', 'librosa'),
    deltas: pick<0 | 1 | 2>(0, 0, 1, 2),
    normalisation: pick<FrontEnd['normalisation']>('none', 'none', 'mean', 'per-feature', 'all-features', 'whisper'),
    normalisationDdof: pick<0 | 1>(0, 1),
    normalisationTimes: pick<1 | 2>(1, 1, 2),
  }
  if (random() < 0.5) return any
  const near: FrontEnd = { ...any, channel: 'mean', shift: 0, preemphasisTimes: 1, dropLast: false, vtlnWarp: 1 }
  const decoded = resampler === 'linear' ? { resampler: 'torchaudio' as const } : {}
  const kaldi: Partial<FrontEnd> = {
    signalPreemphasis: 0,
    padding: pick('snip', 'mirror'),
    dcOffset: pick('frame', 'none'),
    fftLength: 512,
    melScale: 'htk',
    melNorm: 'none',
    triangles: 'mel',
    periodic: false,
    window: pick('povey', 'hann', 'hamming'),
    numBins: 40,
    ...pick<Partial<FrontEnd>>({}, { log: 'ln', floorType: 'max', floor: 2 ** -23, topDb: null }),
    ...pick<Partial<FrontEnd>>({ numCeps: 0 }, { numCeps: 13, dctType: 2, dctOrtho: true, lifterType: 'kaldi' }),
  }
  const librosa: Partial<FrontEnd> = {
    padding: pick('constant', 'reflect'),
    dcOffset: 'none',
    framePreemphasis: 0,
    energyColumn: 'none',
    window: 'hann',
    periodic: pick(true, true, false),
    triangles: 'hertz',
    frameLength: 400,
    fftLength: 512,
    numBins: 40,
    numCeps: 0,
    ...pick<Partial<FrontEnd>>({}, { deltas: 0, normalisation: 'none', topDb: null }),
  }
  const found = { ...near, ...decoded, ...pick(kaldi, librosa) }
  return found.numCeps === 0 && found.energyColumn === 'c0' ? { ...found, energyColumn: 'none' } : found
}
