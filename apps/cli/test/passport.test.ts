import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parsePassport } from '@dsp/asr'
import { decodeAudioSync, writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'

const asr = (path: string) => fileURLToPath(new URL(`../../asr/${path}`, import.meta.url))
const work = scratch()
const clips = readdirSync(asr('demo')).filter((name) => name.endsWith('.wav'))
mkdirSync(work.in('audio/deeper'), { recursive: true })
for (const [i, clip] of clips.entries())
  cpSync(asr(`demo/${clip}`), work.in(`audio/${i === 0 ? 'deeper/' : ''}${clip}`))
writeFileSync(work.in('audio/notes.txt'), 'no sound')
mkdirSync(work.in('audio/folder.wav'))

/** A copy of a model without a passport. */
function model(name: string, source: string): string {
  cpSync(asr(source), work.in(name), { recursive: true, filter: (path) => !path.endsWith('dsp.json') })
  return name
}
const passport = (...args: string[]) => dsp(work.path, ['passport', ...args])
const read = (path: string) => parsePassport(readFileSync(work.in(path), 'utf8'))

describe('dsp passport', () => {
  it.each([
    ['icefall-transducer', 'fbank', 'none'],
    ['zipformer-ctc', 'fbank', 'none'],
    ['nemo-ctc', 'fbank', 'per_feature'],
    ['nemo-rnnt', 'fbank', undefined],
    ['nemo-tdt', 'fbank', undefined],
    ['nemo-ctc', 'nemo', 'per_feature'],
  ])(
    'makes one for %s with the front end %s, after which its own recordings are in order',
    async (kind, frontEnd, normalize) => {
      const folder = model(`${kind}-${frontEnd}`, `test/golden/${kind}`)
      const set = frontEnd === 'nemo' ? ['--set', 'features=nemo'] : []
      const { code, stdout, stderr } = await passport(folder, '--audio', 'audio', ...set)
      expect({ code, stdout }).toMatchObject({ code: 0 })
      const made = read(`${folder}/dsp.json`)
      expect(stdout).toBe(
        `${folder}/dsp.json: ${frontEnd}, ${made.features.frames} frames of ${clips.length} recordings\n`,
      )
      expect(stderr).toMatch(/^dsp: \d recordings say little of how recordings differ/)
      expect(made).toMatchObject({
        frontEnd: { kind: frontEnd },
        sampleRate: 16000,
        recordings: { count: clips.length },
      })
      if (normalize !== undefined) expect(made.normalize).toBe(normalize)
      expect(made.features.mean.every(Number.isFinite)).toBe(true)
      const said = await dsp(work.path, [
        'transcribe',
        '--model',
        folder,
        ...set,
        ...clips.map((clip) => asr(`demo/${clip}`)),
      ])
      expect(said.code).toBe(0)
      expect(said.stderr).not.toContain('warning')
    },
  )

  it('is what warns afterwards, also of another front end', async () => {
    const folder = model('nemo', 'test/golden/nemo-ctc')
    await passport(folder, '--audio', 'audio')
    const other = await dsp(work.path, [
      'transcribe',
      ...clips.slice(0, 2).map((clip) => asr(`demo/${clip}`)),
      '--model',
      folder,
      '--set',
      'features=nemo',
    ])
    expect(other.code).toBe(0)
    const said = other.stderr.split('\n').filter((line) => line.includes('warning: the features are not'))
    expect(said).toEqual([
      'dsp: nemo: warning: the features are not those of the model\'s passport: the front end is "nemo", not "fbank"',
    ])
  })

  it('writes elsewhere, to standard output, and prints JSON', async () => {
    const folder = model('elsewhere', 'test/golden/icefall-transducer')
    const { stdout } = await passport(folder, '--audio', 'audio', '--out', 'one.json', '--json')
    const { features, recordings } = read('one.json')
    expect(JSON.parse(stdout)).toEqual({
      out: 'one.json',
      recordings: recordings.count,
      frames: features.frames,
      failed: 0,
      silent: 0,
    })
    expect(existsSync(work.in(`${folder}/dsp.json`))).toBe(false)
    const piped = await passport(folder, '--audio', 'audio', '--out', '-')
    expect(piped.stdout).toBe(readFileSync(work.in('one.json'), 'utf8'))
  })

  it('replaces one that is damaged, and leaves it where it fails', async () => {
    const folder = model('damaged', 'test/golden/icefall-transducer')
    writeFileSync(work.in(`${folder}/dsp.json`), 'x')
    const refused = await dsp(work.path, ['transcribe', asr(`demo/${clips[0]}`), '--model', folder])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/dsp\.json is no passport that can be read: the file must be JSON/)
    mkdirSync(work.in('bad'))
    writeFileSync(work.in('bad/text.wav'), 'not a sound')
    const failed = await passport(folder, '--audio', 'bad')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/bad\/text\.wav: .*not WAV[\s\S]*none of the 1 sound files in bad could be used/)
    expect(readFileSync(work.in(`${folder}/dsp.json`), 'utf8')).toBe('x')
    expect((await passport(folder, '--audio', 'audio')).code).toBe(0)
    expect(read(`${folder}/dsp.json`).recordings.count).toBe(clips.length)
    expect(readdirSync(work.in(folder)).filter((name) => name.startsWith('dsp.json'))).toEqual(['dsp.json'])
  })

  it('goes on after recordings that fail or are silent, says how many, and ends with 1', async () => {
    const folder = model('mixed', 'test/golden/icefall-transducer')
    mkdirSync(work.in('mix'))
    writeFileSync(work.in('mix/silence.wav'), wav([new Float32Array(16000)]))
    writeFileSync(work.in('mix/tone.wav'), wav([tone(1)]))
    writeFileSync(work.in('mix/short.wav'), wav([new Float32Array(3)]))
    writeFileSync(work.in('mix/speech.m4a'), 'not decoded here')
    symlinkSync(asr(`demo/${clips[0]}`), work.in('mix/link.wav'))
    symlinkSync('nowhere.wav', work.in('mix/broken.wav'))
    const { code, stdout, stderr } = await passport(folder, '--audio', 'mix')
    expect(code).toBe(1)
    expect(stdout).toMatch(/frames of 2 recordings, 3 failed, 1 silent$/m)
    for (const name of ['short.wav', 'speech.m4a', 'broken.wav']) expect(stderr).toContain(name)
    expect(stderr).not.toContain('defect')
  })

  it.each([
    ['no folder of recordings', /required option '--audio/, ['model'], 2],
    [
      'a folder that is not there',
      /--audio nowhere cannot be read: there is no such file/,
      ['model', '--audio', 'nowhere'],
      1,
    ],
    ['a file for a folder', /--audio audio\/notes\.txt is not a folder/, ['model', '--audio', 'audio/notes.txt'], 1],
    ['a folder without sound', /there are no sound files in empty/, ['model', '--audio', 'empty'], 1],
    ['no model', /cannot read the model directory nowhere/, ['nowhere', '--audio', 'audio'], 1],
    [
      'an output in no folder',
      /there is no such folder to write/,
      ['model', '--audio', 'audio', '--out', 'no/x.json'],
      1,
    ],
    ['an unknown --set', /no option "threads"/, ['model', '--audio', 'audio', '--set', 'threads=2'], 2],
  ])('refuses %s', async (_, message, args, expected) => {
    if (!existsSync(work.in('model'))) model('model', 'test/golden/icefall-transducer')
    mkdirSync(work.in('empty'), { recursive: true })
    const { code, stderr } = await passport(...args)
    expect(stderr).toMatch(message)
    expect(code).toBe(expected)
    expect(stderr).not.toContain('defect')
  })

  it('says in its help what it does', async () => {
    const { code, stdout } = await passport('--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/--audio <folder>[\s\S]*--out <file>[\s\S]*Examples:/)
  })

  it('makes a passport that catches int16 samples', async () => {
    const folder = model('scaled', 'models/an4')
    await passport(folder, '--audio', 'audio')
    const { samples, sampleRate } = decodeAudioSync(asr(`demo/${clips[0]}`))
    writeFileSync(work.in('loud.wav'), writeWav({ samples: tensor(samples.data.map((v) => v * 32768)), sampleRate }))
    const { stderr } = await dsp(work.path, ['transcribe', 'loud.wav', '--model', folder])
    expect(stderr).toMatch(/loud\.wav: warning: all bins are \d+\.?\d* sigma above/)
  })
})
