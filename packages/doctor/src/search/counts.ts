import type { FrontEnd } from '../front-end.js'

const centred = (samples: number, _length: number, shift: number) => 1 + Math.floor(samples / shift)

/** Frames of so many samples, by a window's length and the shift, for each way of treating the edges. */
export const FRAME_COUNTS: Readonly<
  Record<FrontEnd['padding'], (samples: number, length: number, shift: number) => number>
> = {
  snip: (samples, length, shift) => (samples < length ? 0 : 1 + Math.floor((samples - length) / shift)),
  mirror: (samples, _length, shift) => Math.floor((samples + Math.floor(shift / 2)) / shift),
  reflect: centred,
  constant: centred,
  end: (samples, length, shift) => (samples <= length ? 1 : 1 + Math.ceil((samples - length) / shift)),
}

/** Frames that a front end makes of so many samples. */
export function frameCount(frontEnd: FrontEnd, samples: number): number {
  const { frameLength, frameShift, padding, dropLast, shift } = frontEnd
  const count = FRAME_COUNTS[padding](Math.max(0, samples + shift), frameLength, frameShift)
  return Math.max(0, count - (dropLast ? 1 : 0))
}

/** Samples before the signal at which the first window starts. */
export function lead({ padding, frameLength, frameShift, fftLength }: FrontEnd): number {
  if (padding === 'snip' || padding === 'end') return 0
  if (padding === 'mirror') return Math.floor(frameLength / 2) - Math.floor(frameShift / 2)
  return Math.floor(fftLength / 2) - Math.floor((fftLength - frameLength) / 2)
}

export const PADDINGS = ['snip', 'mirror', 'reflect', 'constant', 'end'] as const

/** The ways of cutting so many samples that give so many frames, for a shift and a window. */
export function framings(
  frontEnd: FrontEnd,
  samples: number,
  frames: number,
  slack: number,
): Pick<FrontEnd, 'padding' | 'dropLast'>[] {
  const all: Pick<FrontEnd, 'padding' | 'dropLast'>[] = []
  for (const padding of PADDINGS) {
    for (const dropLast of padding === 'reflect' || padding === 'constant' ? [false, true] : [false]) {
      const count = frameCount({ ...frontEnd, padding, dropLast }, samples)
      if (Math.abs(count - frames) <= slack) all.push({ padding, dropLast })
    }
  }
  return all
}

/** The shifts that give so many frames, whatever the framing. */
export function possibleShifts(frontEnd: FrontEnd, samples: number, frames: number): number[] {
  const guess = samples / frames
  const low = Math.max(1, Math.floor(((samples - frontEnd.frameLength) / (frames + 1)) * 0.98))
  const high = Math.ceil(guess * 1.02) + 1
  const all: number[] = []
  for (let frameShift = low; frameShift <= high && all.length < 400; frameShift++) {
    if (framings({ ...frontEnd, frameShift }, samples, frames, 0).length > 0) all.push(frameShift)
  }
  // Round milliseconds and powers of two first.
  const { sampleRate } = frontEnd
  const roundness = (shift: number) => {
    const ms = (shift * 1000) / sampleRate
    if (Number.isInteger(ms * 2) || Number.isInteger(Math.log2(shift))) return 0
    return Number.isInteger(ms * 8) || shift % 10 === 0 || shift % 16 === 0 ? 1 : 2
  }
  return all.sort((a, b) => roundness(a) - roundness(b) || Math.abs(a - guess) - Math.abs(b - guess)).slice(0, 6)
}
