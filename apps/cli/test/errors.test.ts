import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'

const work = scratch()
const good = wav([tone(0.5)])
writeFileSync(work.in('tone.wav'), good)
writeFileSync(work.in('empty.wav'), '')
writeFileSync(work.in('text.wav'), 'This is a letter, not a sound. '.repeat(50))
const notANumber = Uint8Array.from(good)
new DataView(notANumber.buffer).setFloat32(good.length - 400, Number.NaN, true)
writeFileSync(work.in('nan.wav'), notANumber)
writeFileSync(work.in('three.wav'), wav([new Float32Array(3).fill(0.1)]))
writeFileSync(work.in('none.wav'), wav([new Float32Array(0)]))
writeFileSync(work.in('cut.wav'), good.subarray(0, 30))
mkdirSync(work.in('folder.wav'))
const before = work.list()

async function fails(code: number, message: RegExp, ...args: string[]): Promise<void> {
  const outcome = await dsp(work.path, args)
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code, stdout: '' })
  expect(outcome.stderr).toMatch(message)
  expect(outcome.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m)
  expect(outcome.stderr).not.toContain('defect')
}

const fbank = (file: string, ...more: string[]) => ['features', file, '--kind', 'fbank', '--out', 'x.npy', ...more]

afterAll(() => expect(readdirSync(work.path).sort(), 'failed commands left files').toEqual(before))

describe('wrong usage ends with 2', () => {
  it.each<[string, RegExp, string[]]>([
    ['no command', /Usage: dsp/, []],
    ['an unknown command', /unknown command 'frobnicate'/, ['frobnicate']],
    ['an unknown option', /unknown option '--colour'/, fbank('tone.wav', '--colour')],
    ['no kind', /required option '--kind/, ['features', 'tone.wav', '--out', 'x.npy']],
    [
      'an unknown kind',
      /no kind "melody"; the kinds are: fbank, mfcc, spectrogram, stft, resample/,
      ['features', 'tone.wav', '--kind', 'melody', '--out', 'x.npy'],
    ],
    [
      'a kind of the prototype',
      /no kind "constructor"/,
      ['features', 'tone.wav', '--kind', 'constructor', '--out', 'x.npy'],
    ],
    ['no sound file', /no sound file given/, ['features', '--kind', 'fbank', '--out', 'x.npy']],
    ['no output', /--out is missing/, ['features', 'tone.wav', '--kind', 'fbank']],
    [
      'an unknown form',
      /must end in \.npy, \.npz, \.csv, \.ark/,
      ['features', 'tone.wav', '--kind', 'fbank', '--out', 'x.txt'],
    ],
    ['a --set without a value', /name=value/, fbank('tone.wav', '--set', 'numMelBins')],
    ['an unknown --set', /no option "numBins"; the options are: preset, /, fbank('tone.wav', '--set', 'numBins=80')],
    [
      'a --set of another kind',
      /no option "numMelBins"/,
      ['features', 'tone.wav', '--kind', 'stft', '--set', 'numMelBins=80', '--out', 'x.npy'],
    ],
    ['a --set twice', /given twice/, fbank('tone.wav', '--set', 'lowFreq=1', '--set', 'lowFreq=2')],
    ['no mel bins', /numMelBins must be a whole number/, fbank('tone.wav', '--set', 'numMelBins=0')],
    ['words for numbers', /numMelBins must be a whole number .*"many"/, fbank('tone.wav', '--set', 'numMelBins=many')],
    ['a rate of 0', /--rate.*whole number above 0/, fbank('tone.wav', '--rate', '0')],
    ['a rate of -1', /--rate.*whole number above 0/, fbank('tone.wav', '--rate', '-1')],
    ['--complex of a real kind', /no complex values/, fbank('tone.wav', '--complex')],
    [
      'complex text',
      /\.csv holds no complex/,
      ['features', 'tone.wav', '--kind', 'stft', '--complex', '--out', 'x.csv'],
    ],
    [
      'resample without a rate',
      /needs --set targetRate/,
      ['features', 'tone.wav', '--kind', 'resample', '--out', 'x.npy'],
    ],
    ['one array', /missing required argument 'b'/, ['compare', 'x.npy']],
    ['a picture that is no PNG', /must end in \.png/, ['plot', 'tone.wav', '--kind', 'fbank', '--out', 'x.jpg']],
    [
      'a huge picture',
      /between 320 and 8192/,
      ['plot', 'tone.wav', '--kind', 'fbank', '--out', 'x.png', '--width', '100000'],
    ],
    ['a rate of 1e9', /100000000|1000000000/, fbank('tone.wav', '--rate', '1000000000')],
    ['10,000 mel bins', /numMelBins/, fbank('tone.wav', '--set', 'numMelBins=10000')],
    ['highFreq below lowFreq', /highFreq|lowFreq/, fbank('tone.wav', '--set', 'lowFreq=4000', '--set', 'highFreq=300')],
    [
      'a contradicting rate',
      /--set sampleFrequency must be .*--rate HERTZ/,
      fbank('tone.wav', '--set', 'sampleFrequency=8000'),
    ],
    ['a rate in words', /as in --rate 16000/, fbank('tone.wav', '--rate', '16 kHz')],
    [
      'yes for true',
      /--set center must be true or false, got "yes"/,
      ['features', 'tone.wav', '--kind', 'yin', '--set', 'center=yes', '--out', 'x.npy'],
    ],
    [
      'a pitch range upside down',
      /--set fmin must be/,
      ['features', 'tone.wav', '--kind', 'yin', '--set', 'fmin=5000', '--out', 'x.npy'],
    ],
    [
      'a transform that is too long to separate',
      /--set nFft must be/,
      ['hpss', 'tone.wav', '--out-dir', '.', '--set', 'nFft=99999999'],
    ],
    [
      'a pitch range upside down, of tracks',
      /--set pitch\.fmin must be/,
      ['analyze', 'tone.wav', '--out-dir', '.', '--set', 'pitch.fmin=5000'],
    ],
    ['a file on the net', /curl -sL https:\/\/example\.org\/x\.wav \| dsp/, fbank('https://example.org/x.wav')],
    [
      'an option of tracks',
      /--set chroma\.tuning must be/,
      ['analyze', 'tone.wav', '--out-dir', '.', '--set', 'chroma.tuning=x'],
    ],
    ['standard input twice', /given twice/, ['compare', '-', '-']],
    ['standard input for a folder', /not standard input/, ['analyze', '-', '--out-dir', '.']],
    [
      'an array and JSON on one stream',
      /both write to standard output/,
      ['features', 'tone.wav', '--kind', 'fbank', '--out', '-', '--json'],
    ],
    ['nothing to transcribe', /missing required argument 'audio'/, ['transcribe']],
    ['an unknown format', /Allowed choices are text, srt, vtt/, ['transcribe', 'tone.wav', '--format', 'docx']],
    ['JSON subtitles', /--json goes with neither/, ['transcribe', 'tone.wav', '--format', 'srt', '--json']],
    ['subtitles of many files on one stream', /needs --out-dir/, ['transcribe', 'a.wav', 'b.wav', '--format', 'srt']],
  ])('%s', (_, message, args) => fails(2, message, ...args))
})

describe('what cannot be done ends with 1', () => {
  it.each<[string, RegExp, string[]]>([
    ['a file that is not there', /nothing\.wav/, fbank('nothing.wav')],
    ['a folder', /folder\.wav/, fbank('folder.wav')],
    ['an empty file', /empty\.wav/, fbank('empty.wav')],
    ['text called .wav', /text\.wav: the input is not WAV/, fbank('text.wav')],
    ['a header cut in half', /dsp: /, fbank('cut.wav')],
    ['NaN samples', /nan\.wav: .*NaN/, fbank('nan.wav')],
    [
      'the rate of a model',
      /tone\.wav: the sound must have 16000 Hz, got 8000: add --rate 16000/,
      ['features', 'tone.wav', '--kind', 'whisper', '--rate', '8000', '--out', 'x.npy'],
    ],
    ['3 samples', /three\.wav: signal has 3 samples, too few/, fbank('three.wav')],
    ['no samples', /short|at least|no samples|empty/i, fbank('none.wav')],
    [
      'an output folder that is not there',
      /no such folder/,
      ['features', 'tone.wav', '--kind', 'fbank', '--out', 'no/x.npy'],
    ],
    ['an array that is not there', /a\.npy: there is no such file/, ['compare', 'a.npy', 'b.npy']],
    ['sound for an array', /features are read from \.npy, \.npz, \.ark/, ['compare', 'tone.wav', 'tone.wav']],
    ['a model that is not there', /models\/none|none/, ['transcribe', 'tone.wav', '--model', 'models/none']],
  ])('%s', (_, message, args) => fails(1, message, ...args))

  it('a header that claims 4 GB gives the samples that are there, or an error', async () => {
    const lying = Buffer.from(good)
    lying.writeUInt32LE(0xfffffff0, 4)
    lying.writeUInt32LE(0xffffff00, lying.indexOf('data') + 4)
    writeFileSync(work.in('tone.wav'), lying)
    const { code, stdout, stderr } = await dsp(work.path, fbank('tone.wav'))
    writeFileSync(work.in('tone.wav'), good)
    if (code === 0) {
      expect(stdout).toContain('[48, 23]')
      rmSync(work.in('x.npy'))
    } else expect(stderr).toMatch(/tone\.wav|data|header/)
  })

  it('a good file is not replaced by a failed run', async () => {
    const keep = scratch()
    writeFileSync(keep.in('bad.wav'), 'x')
    writeFileSync(keep.in('x.npy'), 'precious')
    expect((await dsp(keep.path, fbank('bad.wav'))).code).toBe(1)
    expect(readFileSync(keep.in('x.npy'), 'utf8')).toBe('precious')
    expect(keep.list()).toEqual(['bad.wav', 'x.npy'])
  })
})

it('a native core that cannot be loaded is one line, not a stack', async () => {
  process.env.DSP_NATIVE = '/nowhere/dsp.node'
  try {
    await fails(
      1,
      /^dsp: the native core of @dsp\/native .* cannot be used on .*no such file.*Supported: /,
      ...fbank('tone.wav'),
    )
  } finally {
    delete process.env.DSP_NATIVE
  }
})

describe('help', () => {
  it.each(['transcribe', 'features', 'compare', 'plot', 'hpss', 'analyze', 'det'])(
    'dsp %s --help shows options and examples',
    async (name) => {
      const { code, stdout, stderr } = await dsp(work.path, [name, '--help'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain(`Usage: dsp ${name}`)
      expect(stdout).toContain('--json')
      expect(stdout).toContain('Examples:')
    },
  )

  it('dsp --version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(await dsp(work.path, ['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
  })
})
