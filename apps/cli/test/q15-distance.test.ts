import { readdirSync, readFileSync } from 'node:fs'
import { decodeAudio, toMono } from '@dsp/audio'
import { whisperLogMel } from '@dsp/mel'
import { melQ15, type Q15Output, type Q15Profile, toWhisper } from '@dsp/mel-q15'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'

/** The largest distance to Whisper's features after its clamp, RMS in dB over all cells, by bank and format. */
const LIMITS: readonly (readonly [Q15Profile, Q15Output, number])[] = [
  ['whisper', 'log2-int8', 0.35],
  ['whisper', 'log2-int16', 0.1],
  ['whisper-512', 'log2-int8', 1],
  ['accurate', 'log2-int8', 1.3],
  ['classic', 'log2-int8', 2],
  ['classic-fixed', 'log2-int8', 2],
]
/** Q15_ALL=1 measures all recordings of test-other: the figures of the README. */
const STEP = process.env.Q15_ALL === '1' ? 1 : 10

it.for(LIMITS)(
  '%s in %s is within %d dB of Whisper',
  { timeout: 120_000 },
  async ([profile, output, limit], context) => {
    const folder = sharedDataOrSkip(context, 'librispeech/test-other')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.flac'))
      .sort()
    let [squares, cells] = [0, 0]
    for (const name of files.filter((_, i) => i % STEP === 0)) {
      const speech = toMono(await decodeAudio(readFileSync(`${folder}/${name}`))).samples.data
      const ours = toWhisper(melQ15(speech, { profile, output }), { profile, output })
      const count = ours.shape[1]!
      // Padded by zeros to 30 s or more, as the models are fed.
      const theirs = whisperLogMel(speech, { chunkLength: Math.max(30, Math.ceil(speech.length / 16000) + 1) })
      for (let m = 0; m < 80; m++) {
        for (let t = 0; t < count; t++) squares += (40 * (ours.get(m, t) - theirs.get(m, t))) ** 2
      }
      cells += 80 * count
    }
    const distance = Math.sqrt(squares / cells)
    if (STEP === 1) console.log(`${profile} ${output}: ${distance.toFixed(3)} dB`)
    expect(distance).toBeLessThanOrEqual(limit)
    expect(cells).toBeGreaterThan(0)
  },
)
