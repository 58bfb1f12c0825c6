import { readFileSync } from 'node:fs'
import { writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { noise, sine } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { noteTicks, pitchClassTicks } from '../src/plot/notes.js'
import { loudestOf, SpectrogramSketch, sketch } from '../src/plot/sketch.js'
import { WavFile } from '../src/wav-file.js'
import { scratch } from './helpers.js'

const labels = (ticks: readonly { label: string }[]) => ticks.map(({ label }) => label)

describe('axes of notes', () => {
  it('have every C where there are many octaves, every semitone where there are few', () => {
    const c1 = 440 * 2 ** (-45 / 12)
    expect(labels(noteTicks(c1, 12, 84))).toEqual(['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'])
    expect(noteTicks(c1, 36, 252)[1]).toEqual({ label: 'C2', value: expect.closeTo(36.5, 9) })
    expect(labels(noteTicks(440, 12, 4))).toEqual(['A4', 'A#4', 'B4', 'C5'])
    expect(labels(noteTicks(435, 24, 5))).toEqual(['A4', 'A#4', 'B4'])
    expect(labels(noteTicks(16, 12, 2))[0]).toBe('C0')
  })

  it('have pitch classes from C or from A, and numbers where there are no twelve', () => {
    expect(labels(pitchClassTicks(12)).join(' ')).toBe('C C# D D# E F F# G G# A A# B')
    expect(pitchClassTicks(24)[1]).toEqual({ label: 'C#', value: 2.5 })
    expect(labels(pitchClassTicks(12, false)).slice(0, 4)).toEqual(['A', 'A#', 'B', 'C'])
    expect(labels(pitchClassTicks(5))).toEqual(['0', '1', '2', '3', '4'])
  })
})

describe('a spectrogram for the eye', () => {
  const sampleRate = 16000
  const hiss = noise(3 * sampleRate, 5, 0.001)
  const tone = sine(3 * sampleRate, 1000, sampleRate, 0.5).map((x, i) => x + hiss[i]!)

  it('has a tone where its frequency is', () => {
    const of = sketch(tone, { sampleRate })
    const rows = of.levels.length / of.columns
    const column = of.levels.subarray(20 * rows, 21 * rows)
    const loudest = column.indexOf(column.reduce((most, level) => Math.max(most, level)))
    expect(Math.abs(of.rowOf(1000) - loudest)).toBeLessThan(6)
    expect(of.seconds).toBe(3)
    expect(labels(of.ticks)).toEqual(['62.5', '125', '250', '500', '1000', '2000', '4000', '8000'])
  })

  it('is the same however the signal is cut, and of bounded width however long it is', () => {
    const whole = sketch(tone, { sampleRate, columns: 20 })
    const cut = new SpectrogramSketch({ sampleRate, columns: 20 })
    for (let at = 0, step = 1; at < tone.length; at += step, step = (step * 7 + 3) % 5000) {
      cut.accept(tone.subarray(at, at + step))
    }
    const again = cut.finish()
    expect(again.levels).toEqual(whole.levels)
    expect(again.time).toEqual(whole.time)
    expect(whole.columns).toBeLessThan(40)
    expect(whole.time[1]).toBeGreaterThan(3)
    expect(whole.time[1]).toBeLessThan(3.5)
  })

  it('is dark where there is silence', () => {
    expect(loudestOf(sketch(new Float32Array(1000), { sampleRate }))).toBe(-100)
    expect(sketch(new Float32Array(0), { sampleRate }).seconds).toBe(0)
    expect(sketch(new Float32Array(1), { sampleRate: 100 }).columns).toBeGreaterThan(0)
  })
})

it('a WAV file written in blocks has the bytes of one written in one go', async () => {
  const work = scratch()
  const channels = [noise(1000, 1, 0.5), noise(1000, 2, 0.5)]
  const file = await WavFile.create(work.in('x.wav'), 2, 44100)
  for (const [from, to] of [
    [0, 1],
    [1, 1],
    [1, 700],
    [700, 1000],
  ]) {
    await file.append(channels.map((samples) => samples.subarray(from, to)))
  }
  await file.seal()
  expect(work.list()).toEqual([expect.stringMatching(/^x\.wav\.\d+\.tmp$/)])
  await file.publish()
  expect(work.list()).toEqual(['x.wav'])
  const samples = tensor(Float32Array.from(channels.flatMap((channel) => [...channel])), [2, 1000])
  expect(Uint8Array.from(readFileSync(work.in('x.wav')))).toEqual(writeWav({ samples, sampleRate: 44100 }))
  const other = await WavFile.create(work.in('y.wav'), 1, 8000)
  await other.discard()
  expect(work.list()).toEqual(['x.wav'])
})
