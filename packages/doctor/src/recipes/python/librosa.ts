import type { FrontEnd } from '../../front-end.js'
import { lacks } from './kaldi.js'
import { type Arguments, type Core, call, code, given, type Missing } from './values.js'

const NORMS: Readonly<Record<FrontEnd['melNorm'], Arguments[string]>> = { none: null, slaney: 'slaney', sum: 1 }

function windowOf({ window, periodic, frameLength }: FrontEnd): Arguments[string] {
  if (window === 'rectangular') return 'boxcar'
  if (window === 'sine')
    return code(`np.sin(np.pi * np.arange(${frameLength}) / ${periodic ? frameLength : frameLength - 1})`)
  const name = window === 'povey' ? 'hann' : window
  if (periodic && window !== 'povey') return name
  const values = `scipy.signal.get_window('${name}', ${frameLength}, fftbins=${periodic ? 'True' : 'False'})`
  return code(window === 'povey' ? `${values}.clip(0) ** 0.85` : values)
}

/** What `librosa.feature.melspectrogram` cannot do. */
function missingInLibrosa(frontEnd: FrontEnd): Missing {
  const { padding, frameLength, fftLength } = frontEnd
  const missing: string[] = []
  const isCentred = (padding === 'reflect' || padding === 'constant') && fftLength % 2 === 0
  if (!isCentred && !(padding === 'snip' && frameLength === fftLength))
    missing.push(lacks(frontEnd, 'frames', 'snip-edges'))
  if (frontEnd.framePreemphasis !== 0) missing.push(lacks(frontEnd, 'pre-emphasis', 'preemphasis'))
  if (frontEnd.dcOffset === 'frame') missing.push('removal of the DC offset per frame')
  if (frontEnd.dither !== 0) missing.push(lacks(frontEnd, 'dither', 'dither'))
  if (frontEnd.energyColumn !== 'none') missing.push(lacks(frontEnd, 'energy', 'energy-column'))
  if (frontEnd.numBins === 0) missing.push('a spectrum without mel filters')
  if (frontEnd.triangles !== 'hertz') missing.push(lacks(frontEnd, 'mel filters', 'mel-triangles'))
  if (frontEnd.vtlnWarp !== 1) missing.push(lacks(frontEnd, 'vocal tract warp', 'vtln'))
  return missing
}

const filterArguments = (frontEnd: FrontEnd): Arguments => ({
  fmin: frontEnd.lowFreq,
  fmax: frontEnd.highFreq === frontEnd.sampleRate / 2 ? null : frontEnd.highFreq,
  htk: frontEnd.melScale === 'htk',
  norm: NORMS[frontEnd.melNorm],
  dtype: code('np.float64'),
})
const FILTER_DEFAULTS: Arguments = { fmin: 0, fmax: null, htk: false, norm: 'slaney' }

/** librosa's own function for a front end, or what stands in the way. */
export function librosaCore(frontEnd: FrontEnd): Core | Missing {
  const missing = missingInLibrosa(frontEnd)
  if (missing.length > 0) return missing
  const { sampleRate, frameLength, fftLength, padding } = frontEnd
  const window = windowOf(frontEnd)
  const all: Arguments = {
    sr: sampleRate,
    n_fft: fftLength,
    hop_length: frontEnd.frameShift,
    win_length: frameLength === fftLength ? null : frameLength,
    window,
    center: padding !== 'snip',
    pad_mode: padding === 'snip' ? 'constant' : padding,
    power: frontEnd.spectrum === 'power' ? 2 : 1,
    n_mels: frontEnd.numBins,
    ...filterArguments(frontEnd),
  }
  const defaults: Arguments = {
    ...FILTER_DEFAULTS,
    win_length: null,
    window: 'hann',
    center: true,
    pad_mode: 'constant',
    power: 2,
  }
  return {
    imports: ['import librosa', ...(typeof window === 'object' && window !== null ? ['import scipy.signal'] : [])],
    lines: [
      ...call(
        'features',
        'librosa.feature.melspectrogram',
        'y=x',
        given(all, defaults, ['sr', 'n_fft', 'hop_length', 'n_mels', 'dtype']),
      ),
      'features = features.T',
    ],
    gives: 'energies',
  }
}

/** Sets `filters` by librosa's function; undefined if it cannot. */
export function librosaFilters(frontEnd: FrontEnd): string[] | undefined {
  if (frontEnd.triangles !== 'hertz' || frontEnd.vtlnWarp !== 1) return undefined
  const { sampleRate, fftLength, numBins } = frontEnd
  const all = { sr: sampleRate, n_fft: fftLength, n_mels: numBins, ...filterArguments(frontEnd) }
  return call('filters', 'librosa.filters.mel', '', given(all, FILTER_DEFAULTS, ['sr', 'n_fft', 'n_mels', 'dtype']))
}
