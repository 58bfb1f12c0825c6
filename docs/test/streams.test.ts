import { extract, type FeatureOptions, featureKind } from '@dsp/features'
import { whisperLogMel } from '@dsp/mel'
import { parseOption, type Tensor } from '@dsp/tensor'
import { describe, expect, test } from 'vitest'
import { choices } from '../.vitepress/playground/choices.js'
import { sliderOf, textOf } from '../.vitepress/playground/controls.js'
import type { Specs, Values } from '../.vitepress/playground/messages.js'
import { Clock } from '../.vitepress/playground/stream.js'
import { type Opened, openStream } from '../.vitepress/playground/streams.js'
import { TrackData } from '../.vitepress/playground/track-data.js'

const RATE = 16000
/** Two tones and a click a second. */
const sound = Float32Array.from({ length: 3 * RATE }, (_, i) => {
  const click = i % RATE < 20 ? 0.5 : 0
  return 0.3 * Math.sin(i * 0.08) + 0.2 * Math.sin(i * 0.35) + click
})

const specsOf = (kind: (typeof choices)[number]['kind']) => featureKind(kind).options as unknown as Specs

/** The columns of a feature, whose sound comes in pieces. */
function drawn(opened: Opened, piece: number): TrackData[] {
  const tracks = opened.tracks.map((track) => new TrackData(track))
  const put = ({ columns, from }: ReturnType<Opened['stream']['accept']>) => {
    columns.forEach((values, i) => {
      const track = tracks[i]!
      if (values.length > 0) track.put(from ?? track.columns, values)
    })
  }
  for (let at = 0; at < sound.length; at += piece) put(opened.stream.accept(sound.subarray(at, at + piece)))
  put(opened.stream.flush())
  return tracks
}

function given(kind: (typeof choices)[number]['kind'], set: Readonly<Record<string, string>>): Values {
  const specs = specsOf(kind)
  return Object.fromEntries(Object.entries(set).map(([name, text]) => [name, parseOption(name, specs[name]!, text)]))
}

const shown = ({ values, columns, track }: TrackData) => values.subarray(0, columns * track.rows)

describe.each(choices.map((choice) => [choice.label, choice] as const))('%s', (_, choice) => {
  test('names options that exist', () => {
    const specs = specsOf(choice.kind)
    for (const name of [...choice.first, ...choice.hidden, ...Object.keys(choice.start)])
      expect(specs).toHaveProperty(name)
  })

  test('has controls that give what the options take', () => {
    for (const [name, spec] of Object.entries(specsOf(choice.kind))) {
      // NaN stands for "unvoiced", and text has no word for it.
      expect(parseOption(name, spec, textOf(spec.default))).toEqual(spec.default)
      const slider = sliderOf(spec)
      if (slider === null) continue
      expect(slider.min).toBeLessThanOrEqual(spec.default as number)
      expect(slider.max).toBeGreaterThanOrEqual(spec.default as number)
      for (const end of [slider.min, slider.max]) expect(parseOption(name, spec, String(end))).toBe(end)
    }
  })

  test('is drawn the same however the sound comes', () => {
    const open = () => openStream(choice.kind, given(choice.kind, choice.start), RATE, new Clock(), () => {})
    const whole = drawn(open(), sound.length)
    const pieces = drawn(open(), 777)
    expect(whole.length).toBe(choice.kind === 'hpss-harmonic' ? 2 : 1)
    for (const [i, track] of whole.entries()) {
      expect(track.columns).toBeGreaterThan(20)
      expect(shown(pieces[i]!)).toEqual(shown(track))
    }
  })

  test('takes its own time, and no more', () => {
    const clock = new Clock()
    drawn(
      openStream(choice.kind, given(choice.kind, choice.start), RATE, clock, () => {}),
      4096,
    )
    expect(clock.ms).toBeGreaterThan(0)
  })
})

test('columns are the values of the packages', () => {
  const audio = { samples: sound, sampleRate: RATE }
  const of = (kind: string, options: Values) =>
    drawn(
      openStream(kind, options, RATE, new Clock(), () => {}),
      1000,
    )[0]!
  const mfcc = extract('mfcc', audio).values
  expect(shown(of('mfcc', {}))).toEqual(mfcc.data)
  const f0 = extract('yin', audio).values
  expect(shown(of('yin', {}))).toEqual(Float32Array.from(f0.data))
  const chroma = extract('chroma-stft', audio, { tuning: 0 }).values
  const track = of('chroma-stft', { tuning: 0 })
  expect(track.values[5 * 12 + 3]).toBe(chroma.get(3, 5))
  const whisper: Tensor<Float32Array> = whisperLogMel(sound, { chunkLength: null })
  expect(of('whisper', { chunkLength: null }).values[7 * 80 + 2]).toBe(whisper.get(2, 7))
  const windows = of('whisper', { chunkLength: 2 })
  expect(windows.columns).toBe(400)
  expect(windows.values[80 * 200 + 4]).toBe(whisperLogMel(sound.subarray(2 * RATE), { chunkLength: 2 }).get(4, 0))
})

test('parts are those of hpss', () => {
  const kept: Float32Array[][] = [[], []]
  const opened = openStream('hpss-harmonic', {}, RATE, new Clock(), (harmonic, percussive) => {
    kept[0]!.push(harmonic)
    kept[1]!.push(percussive)
  })
  drawn(opened, 5000)
  const { harmonic, percussive } = extract('hpss-harmonic', { samples: sound, sampleRate: RATE }).parts
  expect(Float32Array.from(kept[0]!.flatMap((part) => [...part]))).toEqual(harmonic.data)
  expect(Float32Array.from(kept[1]!.flatMap((part) => [...part]))).toEqual(percussive.data)
})

test('options that need the whole signal are drawn at its end', () => {
  const subtract: FeatureOptions<'fbank'> = { subtractMean: true }
  const opened = openStream('fbank', subtract as Values, RATE, new Clock(), () => {})
  expect(opened.whole).toContain('subtractMean')
  expect(opened.stream.accept(sound).columns).toEqual([])
  const { values } = extract('fbank', { samples: sound, sampleRate: RATE }, subtract)
  const [columns] = opened.stream.flush().columns
  expect(columns!.length).toBe(values.size)
  expect(columns![100]).toBeCloseTo((10 / Math.LN10) * values.data[100]!, 3)
})

test('options that are not valid name themselves', () => {
  expect(() => openStream('fbank', { numMelBins: 500 }, RATE, new Clock(), () => {})).toThrow(/numMelBins/)
  expect(() => openStream('whisper', { chunkLength: 1e5 }, RATE, new Clock(), () => {})).toThrow(/chunkLength.*600/)
  expect(() => openStream('mel', { colour: 1 }, RATE, new Clock(), () => {})).toThrow(/colour/)
})
