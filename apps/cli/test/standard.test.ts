import { spawn } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { decodeAudio, decodeAudioSync } from '@dsp/audio'
import { fbank } from '@dsp/mel-kaldi'
import { DspError, readNpy, tensor, writeArk, writeNpy, writeNpz } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { readMono } from '../src/input.js'
import { isTooLong, readLong, transcribeLong } from '../src/long.js'
import { dsp, scratch, tone, wav } from './helpers.js'

const work = scratch()
const sound = wav([tone(0.5, 22050), tone(0.5, 22050, 660)], 22050)
writeFileSync(work.in('sound.wav'), sound)
const command = fileURLToPath(new URL('../bin/dsp.js', import.meta.url))
const features = fbank({ samples: readMonoSync(), sampleRate: 22050 })
writeFileSync(work.in('fbank.npy'), writeNpy(features))

function readMonoSync() {
  return decodeAudioSync(sound, { mono: true }).samples
}

/** Runs the command with bytes on standard input; standard output as bytes, or sent to a file. */
function pipe(input: Uint8Array, args: string, output = 'pipe') {
  return new Promise<{ code: number | null; stdout: Buffer; stderr: string }>((resolve, reject) => {
    const shell = output === 'pipe' ? `exec "$0" "$1" ${args}` : `exec "$0" "$1" ${args} > ${output}`
    const child = spawn('sh', ['-c', shell, process.execPath, command], { cwd: work.path })
    const pieces: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    child.stderr.on('data', (piece: Buffer) => {
      stderr += piece.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(pieces), stderr }))
    // a command that does not read its input closes it
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

describe('- is standard input and output', () => {
  it('of features: a sound in, an array out, and nothing else', async () => {
    const { code, stdout, stderr } = await pipe(sound, 'features - --kind fbank --out -')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `standard output: fbank [${features.shape.join(', ')}] of standard input at 22050 Hz\n`,
    })
    expect(readNpy(stdout)).toMatchObject({ shape: features.shape, data: features.data })
    const json = await pipe(sound, 'features - --kind fbank --out x.npy --json')
    expect(JSON.parse(json.stdout.toString())).toMatchObject({ file: '-', shape: features.shape })
  })

  it.each([
    ['npy', writeNpy(features), '-'],
    ['npz', writeNpz({ x: features }), '-'],
    ['ark', writeArk({ x: features }), '-'],
    ['one of several arrays', writeNpz({ x: features, y: tensor(new Float32Array(2)) }), '-- -:x'],
  ])('of compare: %s', async (_, bytes, name) => {
    const { code, stdout, stderr } = await pipe(bytes, `compare --tolerance 0 --json ${name} fbank.npy`)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout.toString())).toMatchObject({ maxAbs: 0 })
  })

  it('of plot: sound or features in, a picture out', async () => {
    const size = '--width 400 --height 320'
    for (const input of [sound, writeNpy(features)]) {
      const { code, stdout, stderr } = await pipe(input, `plot - --kind fbank --rate 22050 --out - ${size}`)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout.subarray(1, 4).toString()).toBe('PNG')
    }
    const { stdout, stderr } = await pipe(writeNpy(features), `compare - fbank.npy --plot - ${size}`)
    expect(stdout.subarray(1, 4).toString()).toBe('PNG')
    expect(stderr).toContain('max |A - B|   0')
  })

  it('of transcribe and hpss: a sound in', async () => {
    const speech = readFileSync(new URL('../../asr/demo/help.wav', import.meta.url))
    const { code, stdout } = await pipe(speech, 'transcribe - --json')
    expect({ code, ...(JSON.parse(stdout.toString()) as object) }).toMatchObject({ code: 0, file: '-', text: 'HELP' })
    const parts = await pipe(sound, 'hpss - --out-dir parts --no-picture')
    expect(parts).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(work.in('parts/stdin-harmonic.wav'))).toBe(true)
  })

  it('is called by its name in errors', async () => {
    const { code, stderr } = await pipe(new Uint8Array(0), 'features - --kind fbank --out -')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^dsp: standard input: /)
    const several = await pipe(writeNpz({ x: features, y: features }), 'compare - fbank.npy')
    expect(several.stderr).toContain('standard input holds 2 arrays; name one, as in -- -:NAME')
    const array = await pipe(Buffer.from('hello'), 'compare - fbank.npy')
    expect(array.code).toBe(1)
    expect(array.stderr).toMatch(/^dsp: standard input: /)
  })
})

describe.skipIf(!existsSync('/dev/full'))('a full standard output', () => {
  it.each([
    'features sound.wav --kind fbank --out -',
    'features sound.wav --kind fbank --out y.npy',
    'features sound.wav --kind fbank --out y.npy --json',
    'features --kind fbank --options',
    'compare fbank.npy fbank.npy',
    'plot sound.wav --kind fbank --out - --width 400 --height 320',
    'transcribe sound.wav',
    'hpss sound.wav --out-dir parts --no-picture',
    'analyze sound.wav --out-dir tracks',
    '--help',
  ])('is said in one line, and ends with 1: dsp %s', async (args) => {
    const { code, stderr } = await pipe(new Uint8Array(0), args, '/dev/full')
    expect(stderr.match(/^dsp: .*/gm)).toEqual(['dsp: standard output cannot be written: the disk is full'])
    expect(code).toBe(1)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe('files that are written', () => {
  const out = (path: string) => dsp(work.path, ['features', 'sound.wav', '--kind', 'fbank', '--out', path])

  it('follow symbolic links, also to a file that is not there yet', async () => {
    mkdirSync(work.in('deep'))
    symlinkSync('deep/second.npy', work.in('first.npy'))
    symlinkSync('target.npy', work.in('deep/second.npy'))
    for (let i = 0; i < 2; i++) {
      expect(await out('first.npy')).toMatchObject({ code: 0, stderr: '' })
      expect(readNpy(readFileSync(work.in('deep/target.npy')))).toMatchObject({ shape: features.shape })
      expect(lstatSync(work.in('first.npy')).isSymbolicLink()).toBe(true)
    }
    symlinkSync('circle.npy', work.in('circle.npy'))
    expect(await out('circle.npy')).toMatchObject({ code: 1 })
    expect((await out('circle.npy')).stderr).toBe(
      'dsp: circle.npy cannot be written: its symbolic links lead in a circle\n',
    )
  })

  it.skipIf(!existsSync('/proc/self'))('are called by the name that was given where that fails', async () => {
    expect((await out('/proc/x.npy')).stderr).toMatch(/^dsp: \/proc\/x\.npy cannot be written: [^/]*\n$/)
    const parts = await dsp(work.path, ['hpss', 'sound.wav', '--out-dir', '/proc', '--no-picture'])
    expect(parts.code).toBe(1)
    expect(parts.stderr).not.toContain('.tmp')
  })

  it.skipIf(!existsSync('/dev/full'))('are not made in place of a device', async () => {
    symlinkSync('/dev/full', work.in('full.npy'))
    expect((await out('full.npy')).stderr).toBe('dsp: full.npy cannot be written: the disk is full\n')
    expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true)
  })
})

describe('sound that is too long to be decoded at once', () => {
  it('is decoded block by block to the same bits', async () => {
    for (const rate of [undefined, 16000, 44100]) {
      expect(await readLong('sound.wav', sound, rate)).toEqual(await readMono(work.in('sound.wav'), rate))
    }
  })

  it('is refused in words of a shell where the result is too long, too', async () => {
    await expect(readLong('my sound.wav', sound, undefined, 1000)).rejects.toThrow(
      'my sound.wav is too long to be worked on at once: give a lower --rate, or cut it first, e.g. into hours: ffmpeg -i "my sound.wav"',
    )
    expect(isTooLong(new DspError('the file is damaged', { code: 'ERR_DSP_FORMAT' }))).toBe(false)
  })

  it('is told from other errors by its code', async () => {
    // A header whose size is the true one modulo 2^32, and the rest a hole.
    const path = work.in('long.wav')
    const start = Buffer.from(sound).indexOf('data') + 8
    const header = Buffer.from(sound.subarray(0, start))
    header.writeUInt32LE(1000, start - 4)
    writeFileSync(path, header)
    truncateSync(path, 2 ** 32 + start + 1000)
    const error = await decodeAudio(path).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'ERR_DSP_TOO_LONG', argument: 'input' })
    expect(isTooLong(error)).toBe(true)
  })

  it('is recognised block by block', async () => {
    const { Recognizer } = await import('@dsp/asr')
    const recognizer = await Recognizer.load(new URL('../../asr/models/an4', import.meta.url))
    const speech = fileURLToPath(new URL('../../asr/demo/enter-six-two-four.wav', import.meta.url))
    const { text, words, seconds } = await recognizer.transcribe(speech)
    const long = await transcribeLong(recognizer, speech)
    expect({ text: long.text, words: long.words.map(({ word }) => word) }).toEqual({
      text,
      words: words.map(({ word }) => word),
    })
    expect(long.seconds).toBeCloseTo(seconds, 1)
    await recognizer.release()
  })
})
