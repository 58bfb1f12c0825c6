import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { rfft } from '@dsp/fft'
import { melFilters, whisperMelFilters } from '@dsp/mel'
import { coefficientsHeader, melQ15, type Q15Bank, q15Frames, q15Statistics, type RecordForm } from '@dsp/mel-q15'
import { readNpz, type Tensor, tensor } from '@dsp/tensor'
import { probe, type ReadBack } from './read-back.js'

/** One row of the validator's table. */
export interface Check {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'miss'
  readonly detail: string
}

/** What may differ from librosa's energies, bins of its boundaries, and steps of its int8 codes. */
const ENERGY = 0.01
const BOUNDARY_BINS = 2
const STEPS = 1
/** Codes are compared this far below the loudest of their frame: 50 dB are 8.3 octaves of six steps. */
const CODE_RANGE = 50
/** In dB, of the fitted bank's energies on a float spectrum. */
const FITTED = 1

/** Holds what a compiler read in a header against its bank and against librosa. */
export function checksOf(header: string, bank: Q15Bank, form: RecordForm, read: ReadBack): Check[] {
  const golden = readGolden()
  return [
    same(
      'text',
      header === coefficientsHeader(bank, { records: form }),
      'as the generator writes it',
      'edited by hand, or of another version',
    ),
    ...numbers(bank, form, read),
    ...defects(bank, read),
    ...edges(bank, read),
    ...energies(bank, read, golden),
    ...codes(bank, read, golden),
  ]
}

function same(check: string, is: boolean, ok: string, miss: string): Check {
  return { check, state: is ? 'ok' : 'miss', detail: is ? ok : miss }
}

/** What must equal the bank to the bit. */
function numbers(bank: Q15Bank, form: RecordForm, read: ReadBack): Check[] {
  const { filters } = bank
  const wanted = filters.map((f) => [f.startBin, f.peakBin, f.endBin, f.leftWidth, f.rightWidth, f.shift])
  const differing = (ours: readonly unknown[], theirs: readonly unknown[]) => {
    const length = Math.max(ours.length, theirs.length)
    return Array.from({ length }, (_, i) => i).filter((i) => String(ours[i]) !== String(theirs[i]))
  }
  const { bytes, coefficients } = q15Statistics(bank, form)
  const sums = filters.map((f) =>
    f.coefficients.reduce((sum, c, i) => sum + Math.floor((c * probe(f.startBin + i) + 16384) / 32768), 0),
  )
  const rows: [string, string, number[]][] = [
    ['edges and widths', `${filters.length} records`, differing(wanted, read.records)],
    [
      'coefficients',
      `${coefficients} of them`,
      differing(
        filters.map((f) => [...f.coefficients]),
        read.coefficients,
      ),
    ],
    ['apply_mel_filter()', 'its sums over a full spectrum', differing(sums, read.sums)],
  ]
  return [
    ...rows.map(([check, ok, wrong]) => same(check, wrong.length === 0, ok, `wrong in filters ${some(wrong)}`)),
    same('memory', read.bytes === bytes, `${bytes} bytes`, `${read.bytes} bytes instead of ${bytes}`),
  ]
}

const some = (list: readonly number[]) => `${list.slice(0, 8).join(', ')}${list.length > 8 ? ', …' : ''}`

/** What is wrong with a bank itself; the first kernel's is known for it. */
function defects({ profile }: Q15Bank, { records, coefficients }: ReadBack): Check[] {
  const state = profile === 'classic' ? 'warning' : 'miss'
  const all = records.map((_, m) => m)
  const isDead = (m: number) => coefficients[m]!.every((c) => c === 0)
  const dead = all.filter(isDead)
  const low = all.filter((m) => {
    const [start = 0, peak = 0] = records[m]!
    return !isDead(m) && start + coefficients[m]!.indexOf(Math.max(...coefficients[m]!)) < peak
  })
  const row = (check: string, wrong: number[], ok: string, what: string): Check =>
    wrong.length === 0 ? { check, state: 'ok', detail: ok } : { check, state, detail: what }
  return [
    row('dead filters', dead, 'none', `filters ${some(dead)} weigh no bin`),
    row(
      'peaks',
      low,
      'in their peak_bin',
      `${low.length} filters peak a bin below their peak_bin: the bank sits one bin low`,
    ),
  ]
}

/** Boundaries against librosa's filters, with the overlap and the coverage that follow from them. */
function edges(bank: Q15Bank, { records }: ReadBack): Check[] {
  const { meanWidth, minWidth, maxWidth, meanOverlap, lowHz, highHz } = q15Statistics(bank)
  const show = (value: number) => Number(value.toFixed(4))
  const rows = [
    { check: 'widths', state: 'ok', detail: `${minWidth} to ${maxWidth} bins, ${show(meanWidth)} on average` },
    { check: 'overlap', state: 'ok', detail: `${show(meanOverlap)} bins on average` },
    { check: 'coverage', state: 'ok', detail: `${show(lowHz)} to ${show(highHz)} Hz` },
  ] as const
  const theirs = floatFilters(bank)
  if (theirs === undefined) return [...rows]
  const [count = 0, bins = 0] = theirs.shape
  const away = Array.from({ length: count }, (_, m) => {
    const weighed = Array.from({ length: bins }, (_, k) => k).filter((k) => theirs.get(m, k) > 0)
    if (weighed.length === 0) return 0
    const [start = 0, , end = 0] = records[m] ?? []
    return Math.max(Math.abs(start - weighed[0]!), Math.abs(end - weighed.at(-1)! - 1))
  })
  const worst = Math.max(...away)
  return [
    ...rows,
    same('boundaries', worst <= BOUNDARY_BINS, `within ${worst} bins of librosa's`, `${worst} bins from librosa's`),
  ]
}

/** librosa's filters for a bank that is made after them. */
function floatFilters(bank: Q15Bank): Tensor<Float32Array> | undefined {
  if (bank.profile === 'whisper') return whisperMelFilters(bank.filters.length === 128 ? 128 : 80)
  if (bank.profile !== 'accurate') return undefined
  const { profile: _, winLength: __, spectrum: ___, ...options } = bank.options
  return melFilters({ sr: 16000, nFft: 512, nMels: 80, ...options })
}

interface Golden {
  readonly samples: Float64Array
  readonly array: (name: string) => ArrayLike<number>
}

/** Speech and what librosa makes of it. */
function readGolden(): Golden {
  const manifest = createRequire(import.meta.url).resolve('@dsp/mel-q15/package.json')
  const path = join(dirname(manifest), 'golden', 'speech.npz')
  const names = ['samples', 'energies_whisper', 'energies_accurate', 'energies_classic-fixed']
  const arrays = readNpz(readFileSync(path), { names })
  const array = (name: string) => arrays[name]!.data as ArrayLike<number>
  return { samples: Float64Array.from(array('samples'), (sample) => sample / 32768), array }
}

/** Energies of each filter of a header on a float spectrum of the golden's speech and noise. */
function energies(bank: Q15Bank, read: ReadBack, golden: Golden): Check[] {
  const expected = expectedEnergies(bank, golden)
  if (expected === undefined || bank.frame > 400) return []
  const spectra = floatSpectra(bank, golden)
  const bins = Math.floor(bank.transform / 2) + 1
  const frames = spectra.length / bins
  const filters = read.records.length
  let worst = 0
  let squares = 0
  let loudest = Number.NEGATIVE_INFINITY
  const levels: [number, number][] = []
  for (let t = 0; t < frames; t++) {
    for (let m = 0; m < filters; m++) {
      const own = spectra.subarray(t * bins, (t + 1) * bins)
      const sum = weighed(read, m, own)
      const wanted = expected(t, m, own)
      if (wanted > 0) worst = Math.max(worst, Math.abs(sum / wanted - 1))
      const level: [number, number] = [2 * Math.log10(Math.max(sum, 1e-5)), Math.log10(Math.max(wanted, 1e-10))]
      loudest = Math.max(loudest, level[1])
      levels.push(level)
    }
  }
  if (bank.profile !== 'whisper-512') {
    const percent = `${(100 * worst).toPrecision(2)} %`
    const whose = bank.profile === 'classic-fixed' ? "true triangles'" : "librosa's"
    return [same('energies', worst <= ENERGY, `within ${percent} of ${whose}`, `${percent} from ${whose}`)]
  }
  for (const [ours, theirs] of levels)
    squares += (10 * (Math.max(ours, loudest - 8) - Math.max(theirs, loudest - 8))) ** 2
  const distance = Math.sqrt(squares / levels.length)
  const decibels = `${distance.toFixed(2)} dB`
  return [same('energies', distance <= FITTED, `${decibels} (RMS) from Whisper's`, `${decibels} (RMS) from Whisper's`)]
}

type Expected = (frame: number, filter: number, spectrum: Float64Array) => number

function expectedEnergies(bank: Q15Bank, golden: Golden): Expected | undefined {
  const { profile } = bank
  const isDefault = Object.keys(bank.options).length === 1
  const known =
    profile === 'whisper-512' || (profile === 'whisper' && bank.filters.length === 80)
      ? 'whisper'
      : profile === 'classic-fixed' || (profile === 'accurate' && isDefault)
        ? profile
        : undefined
  if (known !== undefined) {
    const theirs = golden.array(`energies_${known}`)
    return (t, m) => theirs[t * 80 + m]!
  }
  const filters = floatFilters(bank)
  return filters && ((_, m, spectrum) => spectrum.reduce((sum, x, k) => sum + x * filters.get(m, k), 0))
}

/** `[frames, bins]`, in units of 16-bit samples; of frames at full scale for Whisper's own energies, which have that unit. */
function floatSpectra({ transform, spectrum, frame }: Q15Bank, { samples }: Golden): Float64Array {
  const frames = q15Frames(samples)
  const [count = 0, length = 0] = frames.shape
  const windowed = new Float64Array(count * transform)
  for (let t = 0; t < count; t++) {
    for (let i = 0; i < Math.min(frame, length); i++) {
      windowed[t * transform + i] = frames.data[t * length + i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / frame))
    }
  }
  const complex = rfft(tensor(windowed, [count, transform])).data
  return Float64Array.from({ length: complex.length / 2 }, (_, i) => {
    const power = complex[2 * i]! ** 2 + complex[2 * i + 1]! ** 2
    return spectrum === 'power' ? power : Math.sqrt(power)
  })
}

/** int8 codes of the fixed-point reference against float64, quantised alike: all cells count, those of loud bins must agree. */
function codes(bank: Q15Bank, read: ReadBack, golden: Golden): Check[] {
  const { profile, spectrum, transform, options } = bank
  if (profile === 'accurate' && Object.keys(options).length > 1) return []
  const ours = melQ15(golden.samples, options).data
  const { filters, lowest } = { filters: bank.filters.length, lowest: bank.lowest }
  const wanted = isLibrosas(bank) ? expectedEnergies(bank, golden) : undefined
  const spectra = floatSpectra(bank, golden)
  const bins = Math.floor(transform / 2) + 1
  const theirs = Float64Array.from(ours, (_, i) => {
    const [t, m] = [Math.floor(i / filters), i % filters]
    const bin = spectra.subarray(t * bins, (t + 1) * bins)
    const energy = wanted?.(t, m, bin) ?? weighed(read, m, bin)
    const octaves = Math.log2(Math.max(energy, 1e-30)) / (spectrum === 'power' ? 2 : 1)
    return Math.min(127, Math.max(0, Math.round(6 * (octaves - lowest))))
  })
  let loud = 0
  const steps = Array.from(ours, (code, i) => Math.abs(code - theirs[i]!))
  for (let frame = 0; frame < ours.length; frame += filters) {
    const loudest = Math.max(...theirs.subarray(frame, frame + filters))
    for (let i = frame; i < frame + filters; i++) {
      if (theirs[i]! > loudest - CODE_RANGE) loud = Math.max(loud, steps[i]!)
    }
  }
  steps.sort((a, b) => a - b)
  const whose = wanted === undefined ? 'its own filters' : "librosa's energies"
  const all = `of all cells 99.9 % within ${steps[Math.floor(steps.length * 0.999)]}, all within ${steps.at(-1)}`
  const detail = `at most ${loud} steps from ${whose} in float64, quantised alike; ${all}`
  return [same('int8 output', loud <= STEPS, detail, detail)]
}

/** Whether librosa or the rule of the bank gives what a filter should collect; the others are held against their own weights. */
const isLibrosas = ({ profile }: Q15Bank) => profile === 'whisper' || profile === 'accurate'

/** What a filter collects of a spectrum. */
function weighed(read: ReadBack, m: number, bins: Float64Array): number {
  const [start = 0, , , , , shift = 0] = read.records[m]!
  return read.coefficients[m]!.reduce((sum, c, i) => sum + c * (bins[start + i] ?? 0), 0) / 2 ** (15 + shift)
}
