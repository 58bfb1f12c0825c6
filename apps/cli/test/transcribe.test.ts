import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Recognizer, toSrt, toVtt } from '@dsp/asr'
import { decodeAudioSync, writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'

const asr = (path: string) => fileURLToPath(new URL(`../../asr/${path}`, import.meta.url))
/** A tiny model of random weights: what it says is nonsense, but always the same nonsense. */
const tiny = asr('test/golden/icefall-transducer')
const clips = ['help', 'march-third', 'enter-six-two-four'].map((name) => asr(`demo/${name}.wav`))
const work = scratch()

async function transcribe(...args: string[]) {
  return dsp(work.path, ['transcribe', ...args])
}

async function expected(file: string) {
  const recognizer = await Recognizer.load(tiny)
  const transcript = await recognizer.transcribe(file)
  await recognizer.release()
  return transcript
}

describe('dsp transcribe', () => {
  it('prints the text of one file alone, and the real-time factor on standard error', async () => {
    const { code, stdout, stderr } = await transcribe(clips[0]!, '--model', tiny)
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${(await expected(clips[0]!)).text}\n` })
    expect(stderr).toMatch(/^1 file, \d+\.\d s of sound in \d+\.\d\d s: real-time factor \d\.\d{4}\n$/)
  })

  it('prints one line per file, without a progress bar where there is no terminal', async () => {
    const { stdout, stderr } = await transcribe(...clips, '--model', tiny)
    const lines = await Promise.all(clips.map(async (file) => `${file}: ${(await expected(file)).text}`))
    expect(stdout).toBe(`${lines.join('\n')}\n`)
    expect(stderr.split('\n').length).toBe(2)
  })

  it('prints JSON of exactly the documented fields, one object per line', async () => {
    const { stdout } = await transcribe(...clips, '--model', tiny, '--json')
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(objects.map(({ file }) => file)).toEqual(clips)
    for (const object of objects) {
      expect(Object.keys(object)).toEqual(['file', 'text', 'words', 'seconds', 'rtf', 'features', 'warnings'])
      expect(object.warnings).toEqual([])
      expect(object.features).toBe('sherpa-onnx')
      expect(object.words.map(({ word }: { word: string }) => word).join(' ')).toBe(object.text)
      for (const word of object.words) {
        expect(Object.keys(word)).toEqual(['word', 'start', 'end', 'confidence'])
        expect(word.end).toBeGreaterThanOrEqual(word.start)
        expect(word.end).toBeLessThanOrEqual(object.seconds + 0.5)
      }
    }
  })

  it('feeds a NeMo model its own features, and says so', async () => {
    const model = ['--model', asr('test/golden/nemo-ctc'), '--set', 'features=nemo']
    const { code, stdout } = await transcribe(clips[0]!, ...model, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ file: clips[0], features: 'nemo' })
    const refused = await transcribe(clips[0]!, '--model', tiny, '--set', 'features=nemo')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toMatch(/features must be sherpa-onnx for a model of the kind transducer/)
  })

  it('prints subtitles, or writes one file for each recording', async () => {
    const transcript = await expected(clips[0]!)
    const { stdout } = await transcribe(clips[0]!, '--model', tiny, '--format', 'srt')
    expect(stdout.trimEnd()).toBe(toSrt(transcript).trimEnd())
    mkdirSync(work.in('subtitles'))
    const { code } = await transcribe(...clips, '--model', tiny, '--format', 'vtt', '--out-dir', 'subtitles')
    expect(code).toBe(0)
    expect(readFileSync(work.in('subtitles/help.vtt'), 'utf8')).toBe(toVtt(transcript))
    expect(existsSync(work.in('subtitles/march-third.vtt'))).toBe(true)
  })

  it('goes on after a file that fails, and ends with 1', async () => {
    writeFileSync(work.in('text.wav'), 'not a sound')
    const { code, stdout, stderr } = await transcribe('text.wav', clips[0]!, '--model', tiny)
    expect(code).toBe(1)
    expect(stdout.split('\n').length).toBe(2)
    expect(stderr).toMatch(/dsp: text\.wav: the input is not WAV/)
  })

  it('takes options of the recognizer', async () => {
    expect((await transcribe(clips[0]!, '--model', tiny, '--set', 'numThreads=2')).code).toBe(0)
    const { code, stderr } = await transcribe(clips[0]!, '--model', tiny, '--set', 'threads=2')
    expect(code).toBe(2)
    expect(stderr).toContain('no option "threads"; the options are: numThreads')
    expect((await transcribe('a/x.wav', 'b/x.flac', '--model', tiny, '--out-dir', '.')).stderr).toContain(
      'two recordings',
    )
  })

  it('names the file that a model directory lacks', async () => {
    mkdirSync(work.in('model'))
    writeFileSync(work.in('model/tokens.txt'), '<blk> 0\n')
    const { code, stderr } = await transcribe(clips[0]!, '--model', 'model')
    expect(code).toBe(1)
    expect(stderr).toMatch(/model.*\.onnx/)
    expect(stderr).not.toContain('defect')
  })

  it('warns of what is far from the passport of the model, and can be told not to', async () => {
    // what int16 values are when they are taken for samples in [-1, 1]
    const { samples, sampleRate } = decodeAudioSync(clips[0]!)
    writeFileSync(work.in('int16.wav'), writeWav({ samples: tensor(samples.data.map((v) => v * 32768)), sampleRate }))
    const { code, stdout, stderr } = await transcribe('int16.wav', clips[0]!, '--json')
    expect(code).toBe(0)
    const [far, near] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(far.warnings).toHaveLength(1)
    expect(near.warnings).toEqual([])
    const words = /all bins are \d+\.?\d* sigma above what this model was trained on; \d+ % of outputs are blank/
    expect(far.warnings[0]).toMatch(words)
    expect(stderr.split('\n').filter((line) => line.includes('warning'))).toEqual([
      `dsp: int16.wav: warning: ${far.warnings[0]}`,
    ])
    const without = await transcribe('int16.wav', '--json', '--set', 'passport=false')
    expect(JSON.parse(without.stdout).warnings).toEqual([])
    expect(without.stderr).not.toContain('warning')
  })

  it('hears what the demo clips say, by the model that comes with the package', async ({ skip }) => {
    if (!existsSync(asr('models/an4/encoder.onnx'))) skip('apps/asr/models/an4 is not in this checkout')
    const [, ...rows] = readFileSync(asr('demo/transcripts.tsv'), 'utf8').trimEnd().split('\n')
    const texts = rows.map((row) => row.split('\t') as [string, string])
    const { stdout, code } = await transcribe(...texts.map(([clip]) => asr(`demo/${clip}`)))
    expect(code).toBe(0)
    expect(stdout).toBe(texts.map(([clip, text]) => `${asr(`demo/${clip}`)}: ${text}\n`).join(''))
  })
})
