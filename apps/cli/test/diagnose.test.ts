import { readFileSync, writeFileSync } from 'node:fs'
import { readNpy, tensor, writeNpy } from '@dsp/tensor'
import { noise, seededRandom } from '@dsp/tensor/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { dsp, scratch, wav } from './helpers.js'
import { pictureOf } from './png.js'

const work = scratch()
const RATE = 16000
const run = (...args: string[]) => dsp(work.path, ['diagnose', ...args])
const features = async (audio: string, out: string, ...args: string[]) => {
  const { code, stderr } = await dsp(work.path, ['features', audio, '--out', out, ...args])
  expect(stderr).toBe('')
  expect(code).toBe(0)
}
const put = (name: string, data: Float32Array | Float64Array, shape: number[]) =>
  writeFileSync(work.in(name), writeNpy(tensor(data, shape)))

/** Syllables: harmonics of a gliding pitch under moving formants, pauses and a little noise. */
function syllables(seconds: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  const hiss = noise(seconds * RATE, seed, 0.002)
  let [phase, pitch, formant] = [0, 120, 700]
  return hiss.map((quiet, i) => {
    if (i % 3200 === 0) [pitch, formant] = [90 + 120 * random(), 300 + 2500 * random()]
    phase += (pitch * (1 + 0.1 * Math.sin(i / 2000))) / RATE
    const loud = Math.max(0, Math.sin((Math.PI * (i % 3200)) / 2400))
    let voice = 0
    for (let harmonic = 1; harmonic * pitch < 7000; harmonic++) {
      const distance = (harmonic * pitch - formant) / 400
      voice += Math.sin(2 * Math.PI * harmonic * phase) * (1 / (1 + distance * distance) + 0.02)
    }
    return quiet + 0.08 * loud * voice
  })
}

beforeAll(async () => {
  writeFileSync(work.in('a.wav'), wav([syllables(2, 1)]))
  writeFileSync(work.in('b.wav'), wav([syllables(2, 2)]))
  writeFileSync(work.in('stereo.wav'), wav([syllables(2, 1), syllables(2, 3)]))
  await features('a.wav', 'plain.npy', '--kind', 'fbank', '--set', 'numMelBins=80')
  await features('a.wav', 'hamming.npy', '--kind', 'fbank', '--set', 'numMelBins=80', '--set', 'windowType=hamming')
})

describe('dsp diagnose', () => {
  it('names a setting that differs, draws one picture, and ends with 0', async () => {
    const { code, stdout, stderr } = await run('a.wav', 'hamming.npy', '--kind', 'fbank', '--plot', 'why.png')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^Explained: one setting differs\.\n/)
    expect(stdout).toContain('1. window: ')
    expect(stdout).toContain('What remains after each fix')
    expect(stdout).toContain('Options that reproduce the reference')
    expect(stdout).toContain('Confidence: certain')
    expect(code).toBe(0)
    const picture = await pictureOf(readFileSync(work.in('why.png')))
    expect([picture.width, picture.height]).toEqual([1600, 1200])
    expect(picture.colours).toBeGreaterThan(300)
  })

  it('prints one object as JSON, and guesses the kind', async () => {
    const { code, stdout } = await run('a.wav', 'hamming.npy', '--json')
    const result = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(result).toMatchObject({ explained: true, kind: 'fbank', confidence: 'certain' })
    expect(result.causes.map(({ id }: { id: string }) => id)).toEqual(['window'])
    expect(result.frontEnd.window).toBe('hamming')
    expect(Object.keys(result.options).length).toBeGreaterThan(3)
  })

  it('finds nothing where nothing differs', async () => {
    const { code, stdout } = await run('a.wav', 'plain.npy', '--kind', 'fbank')
    expect(stdout).toMatch(/^Equal: nothing differs but rounding\.\n/)
    expect(code).toBe(0)
  })

  it('takes options of ours', async () => {
    const set = ['--kind', 'fbank', '--set', 'windowType=hamming']
    expect((await run('a.wav', 'hamming.npy', ...set)).stdout).toMatch(/^Equal/)
    await features('a.wav', 'sherpa.npy', '--kind', 'fbank', '--set', 'preset=sherpa-onnx')
    expect((await run('a.wav', 'sherpa.npy', '--kind', 'fbank', '--preset', 'sherpa-onnx')).stdout).toMatch(/^Equal/)
  })

  it('asks which channel it was', async () => {
    const { stdout, code } = await run('stereo.wav', 'plain.npy', '--kind', 'fbank', '--json')
    expect(JSON.parse(stdout).causes.map(({ id }: { id: string }) => id)).toEqual(['channel'])
    expect(code).toBe(0)
  })

  it('writes a script that computes theirs', async () => {
    const script = ['a.wav', 'hamming.npy', '--kind', 'fbank', '--emit-python', 'torchaudio']
    const both = await run(...script)
    expect(both.stdout).toContain('import torchaudio')
    expect(both.stdout).toContain('hamming')
    expect(both.stderr).toMatch(/^Explained: /)
    const { stdout } = await run(...script, '--json', '--out', 'theirs.py')
    expect(JSON.parse(stdout).explained).toBe(true)
    expect(readFileSync(work.in('theirs.py'), 'utf8')).toBe(both.stdout)
    await features('a.wav', 'mel.npy', '--kind', 'mel')
    const impossible = await run('a.wav', 'mel.npy', '--kind', 'mel', '--emit-python', 'kaldi-native-fbank')
    expect(impossible.stderr).toContain('kaldi-native-fbank')
    expect(impossible.code).toBe(1)
  }, 60_000)

  it('looks at two matrices without sound', async () => {
    const { stdout, code } = await run('--ours', 'plain.npy', '--reference', 'hamming.npy')
    expect(stdout).toContain('Nothing was extracted again')
    expect(code).toBe(0)
    expect(JSON.parse((await run('--ours', 'plain.npy', '--reference', 'plain.npy', '--json')).stdout).equal).toBe(true)
  })

  it('finds the settings of ours where only the features are there', async () => {
    const { stdout } = await run('a.wav', 'hamming.npy', '--kind', 'fbank', '--ours', 'plain.npy', '--json')
    expect(JSON.parse(stdout).causes.map(({ id }: { id: string }) => id)).toEqual(['window'])
  }, 60_000)

  it('reads figures as people post them', async () => {
    const figures = 'ours: 98,688 samples, 615 frames; theirs: 98,304 samples, 614 frames'
    writeFileSync(work.in('q.txt'), figures)
    const { stdout, code } = await run('--report', 'q.txt')
    expect(stdout).toMatch(/^Proven\n- Ours: 615 frames from 98,688 samples/)
    expect(code).toBe(0)
    expect(JSON.parse((await run('--report', 'q.txt', '--json')).stdout).proven.length).toBeGreaterThan(2)
  })

  it('explains a cause', async () => {
    expect((await run('--explain', 'mel-scale')).stdout).toMatch(/^Mel scale \(mel-scale\)\n/)
  })

  it('leaves no picture behind when it is interrupted', async () => {
    const outcome = await dsp(work.path, ['diagnose', 'b.wav', 'plain.npy', '--plot', 'half.png'], 1500)
    expect(outcome.signal === 'SIGINT' || outcome.code === 130).toBe(true)
    expect(work.list()).not.toContain('half.png')
  })

  it('ends in the time it is given', async () => {
    const begun = performance.now()
    await run('b.wav', 'plain.npy', '--time-limit', '1', '--kind', 'fbank')
    expect(performance.now() - begun).toBeLessThan(15_000)
  }, 30_000)

  it('admits what it cannot explain, in bounded time', async () => {
    const random = seededRandom(9)
    put(
      'noise.npy',
      Float32Array.from({ length: 198 * 80 }, () => 4 * random()),
      [198, 80],
    )
    put('constant.npy', new Float32Array(198 * 80).fill(-3), [198, 80])
    await features('b.wav', 'other.npy', '--kind', 'fbank', '--set', 'numMelBins=80')
    put(
      'encoder.npy',
      Float32Array.from({ length: 100 * 512 }, () => random()),
      [100, 512],
    )
    for (const name of ['noise.npy', 'constant.npy', 'other.npy', 'encoder.npy']) {
      const begun = performance.now()
      const { code, stdout, stderr } = await run('a.wav', name, '--time-limit', '2')
      expect(stderr, name).toBe('')
      expect(stdout, name).toMatch(/^I cannot explain this; /)
      expect(stdout, name).not.toContain('reproduce')
      expect(code, name).toBe(1)
      expect(performance.now() - begun, name).toBeLessThan(30_000)
    }
  }, 240_000)

  it('reads references that are odd', async () => {
    const plain = readFileSync(work.in('plain.npy'))
    writeFileSync(work.in('cut.npy'), plain.subarray(0, plain.length - 1000))
    const cut = await run('a.wav', 'cut.npy', '--kind', 'fbank')
    expect(cut.stdout).toContain('cut.npy is cut off: it holds ')
    expect(cut.code).toBe(0)
    writeFileSync(work.in('bare.f32'), plain.subarray(128))
    expect((await run('a.wav', 'bare.f32', '--shape', '-1,80', '--kind', 'fbank')).stdout).toMatch(/^Equal/)
  }, 120_000)

  it('leaves out values that are no numbers', async () => {
    const { data, shape } = readNpy(readFileSync(work.in('hamming.npy')))
    const holes = Float32Array.from(data as Float32Array, (x, i) => (i % 997 === 0 ? Number.NaN : x))
    put('holes.npy', holes, [...shape])
    const { code, stdout } = await run('a.wav', 'holes.npy', '--kind', 'fbank')
    expect(stdout).toMatch(/^Explained: one setting differs\.\n/)
    expect(stdout).toContain('values are NaN or infinite; they are left out')
    expect(code).toBe(0)
  })

  it('finds features that are not normalised where ours are', async () => {
    const { stdout } = await run('a.wav', 'plain.npy', '--kind', 'nemo', '--json')
    const { explained, residual, causes } = JSON.parse(stdout)
    expect(explained).toBe(true)
    expect(residual).toBeLessThan(1e-3)
    expect(causes.map(({ id }: { id: string }) => id)).toContain('normalisation')
  })

  it('makes little of one frame', async () => {
    const { data } = readNpy(readFileSync(work.in('hamming.npy')))
    put('one.npy', (data as Float32Array).slice(80 * 100, 80 * 101), [1, 80])
    const begun = performance.now()
    const { code, stdout, stderr } = await run('a.wav', 'one.npy', '--kind', 'fbank')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^I cannot explain this; /)
    expect(code).toBe(1)
    expect(performance.now() - begun).toBeLessThan(30_000)
  }, 60_000)
})

describe('wrong use of dsp diagnose', () => {
  const wrong: [string, RegExp, string[], number?][] = [
    ['no sound', /no sound given/, []],
    ['no reference', /no reference given/, ['a.wav']],
    ['features for sound', /plain\.npy holds features, not sound: dsp diagnose --ours/, ['plain.npy', 'plain.npy']],
    ['two references', /the reference was given twice/, ['a.wav', 'plain.npy', '--reference', 'plain.npy']],
    [
      'a picture without sound',
      /--plot does not go with/,
      ['--ours', 'plain.npy', '--reference', 'plain.npy', '--plot', 'x.png'],
    ],
    ['standard input twice', /- \(standard input\) was given twice/, ['--', '-', '-']],
    ['an unknown kind', /the kind "pyin" cannot be diagnosed/, ['a.wav', 'plain.npy', '--kind', 'pyin']],
    ['options without a kind', /add --kind/, ['a.wav', 'plain.npy', '--set', 'numMelBins=40']],
    ['an unknown option', /there is no option "bins"/, ['a.wav', 'plain.npy', '--kind', 'fbank', '--set', 'bins=40']],
    ['an unknown preset', /preset/, ['a.wav', 'plain.npy', '--kind', 'fbank', '--preset', 'mine']],
    ['a shape', /It must be two whole numbers/, ['a.wav', 'x.bin', '--shape', '80']],
    ['a type', /The types are/, ['a.wav', 'x.bin', '--shape', '-1,80', '--dtype', 'float']],
    ['a bare file without a shape', /needs --shape FRAMES,BINS/, ['a.wav', 'x.bin']],
    ['a script for nobody', /Allowed choices are torchaudio/, ['a.wav', 'plain.npy', '--emit-python', 'matlab']],
    ['--out alone', /--out goes with --emit-python/, ['a.wav', 'plain.npy', '--out', 'x.py']],
    ['two texts', /both write to standard output/, ['a.wav', 'plain.npy', '--json', '--emit-python', 'librosa']],
    ['files for an explanation', /--explain goes without files/, ['a.wav', '--explain', 'window']],
    ['an unknown cause', /there is no cause "windows"; the causes are: channel, /, ['--explain', 'windows']],
    ['files for a report', /leave the others out/, ['a.wav', '--report', 'q.txt']],
    ['a picture of a report', /--plot does not go with --report/, ['--report', 'q.txt', '--plot', 'x.png']],
    ['options for a report', /--set does not go with --report/, ['--report', 'q.txt', '--set', 'x=1']],
    ['a time', /between 1 and 600 seconds/, ['a.wav', 'plain.npy', '--time-limit', '0']],
    ['a missing reference', /there is no such file/, ['a.wav', 'none.npy'], 1],
    ['a missing sound', /none\.wav/, ['none.wav', 'plain.npy'], 1],
    ['a folder that is not there', /no such folder/, ['a.wav', 'plain.npy', '--plot', 'no/x.png'], 1],
    ['sound for a reference', /needs --shape/, ['a.wav', 'b.wav']],
    ['three axes', /3 axes \[2, 4, 5\], but features have two/, ['a.wav', 'three.npy'], 1],
    ['an empty reference', /there are no features/, ['a.wav', 'empty.npy'], 1],
    ['no number at all', /no finite number/, ['a.wav', 'nan.npy', '--kind', 'fbank'], 1],
  ]
  beforeAll(() => {
    put('three.npy', new Float32Array(40), [2, 4, 5])
    put('empty.npy', new Float32Array(0), [0, 80])
    put('nan.npy', new Float32Array(198 * 80).fill(Number.NaN), [198, 80])
    writeFileSync(work.in('x.bin'), new Uint8Array(3200))
  })
  it.each(wrong)('%s', async (_name, message, args, code = 2) => {
    const outcome = await run(...args)
    expect(outcome.stderr).toMatch(message)
    expect(outcome.stderr).not.toContain('defect')
    expect(outcome.stdout).toBe('')
    expect(outcome.code).toBe(code)
  })
})
