import type { FrontEnd } from '../../front-end.js'
import { isKaldiLog, isKaldiMfcc, lacks, missingInKaldi } from './kaldi.js'
import { type Arguments, type Core, call, code, given, type Missing, milliseconds, powerOfTwo } from './values.js'

const DEFAULTS: Arguments = {
  cepstral_lifter: 22,
  dither: 0,
  energy_floor: 1,
  frame_length: 25,
  frame_shift: 10,
  high_freq: 0,
  htk_compat: false,
  low_freq: 20,
  num_ceps: 13,
  preemphasis_coefficient: 0.97,
  raw_energy: true,
  remove_dc_offset: true,
  round_to_power_of_two: true,
  snip_edges: true,
  use_energy: false,
  use_log_fbank: true,
  use_power: true,
  vtln_warp: 1,
  window_type: 'povey',
}

/** What `torchaudio.compliance.kaldi` cannot do. */
export function missingInCompliance(frontEnd: FrontEnd): Missing {
  const { window, periodic, melScale, melNorm, triangles, lowFreq, highFreq } = frontEnd
  const missing = [...missingInKaldi(frontEnd)]
  const known = ['povey', 'hann', 'hamming', 'blackman', 'rectangular']
  if (!known.includes(window) || (periodic && window !== 'rectangular'))
    missing.push(lacks(frontEnd, 'window', 'window'))
  if (melScale !== 'htk') missing.push(lacks(frontEnd, 'mel scale', 'mel-scale'))
  if (melNorm !== 'none') missing.push(lacks(frontEnd, 'mel filters', 'mel-norm'))
  if (triangles !== 'mel') missing.push(lacks(frontEnd, 'mel filters', 'mel-triangles'))
  if (lowFreq >= highFreq || highFreq > frontEnd.sampleRate / 2)
    missing.push(lacks(frontEnd, 'upper edge of the filters', 'high-freq'))
  return missing
}

function compliance(frontEnd: FrontEnd): Core {
  const { sampleRate, frameLength, frameShift, energyColumn } = frontEnd
  const isMfcc = isKaldiMfcc(frontEnd)
  const isLog = isMfcc || isKaldiLog(frontEnd)
  const hasColumn = energyColumn !== 'none'
  const all: Arguments = {
    sample_frequency: sampleRate,
    num_mel_bins: frontEnd.numBins,
    ...(isMfcc ? { num_ceps: frontEnd.numCeps, cepstral_lifter: frontEnd.lifter } : {}),
    low_freq: frontEnd.lowFreq,
    high_freq: frontEnd.highFreq === sampleRate / 2 ? 0 : frontEnd.highFreq,
    frame_length: milliseconds(frameLength, sampleRate),
    frame_shift: milliseconds(frameShift, sampleRate),
    snip_edges: frontEnd.padding === 'snip',
    round_to_power_of_two: frontEnd.fftLength === powerOfTwo(frameLength),
    window_type: frontEnd.window === 'hann' ? 'hanning' : frontEnd.window,
    preemphasis_coefficient: frontEnd.framePreemphasis,
    remove_dc_offset: frontEnd.dcOffset === 'frame',
    dither: frontEnd.dither * Math.abs(frontEnd.gain),
    vtln_warp: frontEnd.vtlnWarp,
    ...(hasColumn
      ? {
          use_energy: true,
          raw_energy: frontEnd.rawEnergy,
          energy_floor: frontEnd.energyFloor,
          ...(isMfcc ? {} : { htk_compat: energyColumn === 'last' }),
        }
      : {}),
    ...(isMfcc ? {} : { use_log_fbank: isLog, use_power: frontEnd.spectrum === 'power' }),
  }
  const named = given(all, DEFAULTS, ['sample_frequency', 'num_mel_bins', ...(isMfcc ? ['num_ceps'] : [])])
  return {
    imports: ['import torch', 'import torchaudio'],
    lines: [
      ...call(
        'features',
        `torchaudio.compliance.kaldi.${isMfcc ? 'mfcc' : 'fbank'}`,
        'torch.from_numpy(x)[None]',
        named,
      ),
      'features = features.numpy()',
    ],
    gives: isMfcc ? 'cepstra' : isLog ? 'logarithms' : 'energies',
  }
}

const WINDOW_FUNCTIONS: Partial<Record<FrontEnd['window'], string>> = {
  hann: 'torch.hann_window',
  hamming: 'torch.hamming_window',
  blackman: 'torch.blackman_window',
  bartlett: 'torch.bartlett_window',
}

/** What `torchaudio.transforms.MelSpectrogram` cannot do. */
export function missingInTransforms(frontEnd: FrontEnd): Missing {
  const { padding, frameLength, fftLength, numBins, triangles, melNorm } = frontEnd
  const missing: string[] = []
  const isCentred = (padding === 'reflect' || padding === 'constant') && fftLength % 2 === 0
  if (!isCentred && !(padding === 'snip' && frameLength === fftLength))
    missing.push(lacks(frontEnd, 'frames', 'snip-edges'))
  if (frontEnd.framePreemphasis !== 0) missing.push(lacks(frontEnd, 'pre-emphasis', 'preemphasis'))
  if (frontEnd.dcOffset === 'frame') missing.push('removal of the DC offset per frame')
  if (frontEnd.dither !== 0) missing.push(lacks(frontEnd, 'dither', 'dither'))
  if (frontEnd.energyColumn !== 'none') missing.push(lacks(frontEnd, 'energy', 'energy-column'))
  if (numBins === 0) missing.push('a spectrum without mel filters')
  if (triangles !== 'hertz') missing.push(lacks(frontEnd, 'mel filters', 'mel-triangles'))
  if (melNorm === 'sum') missing.push(lacks(frontEnd, 'mel filters', 'mel-norm'))
  if (frontEnd.vtlnWarp !== 1) missing.push(lacks(frontEnd, 'vocal tract warp', 'vtln'))
  return missing
}

function windowFunction({ window, periodic }: FrontEnd): { window_fn: Arguments[string]; wkwargs: Arguments[string] } {
  if (window === 'rectangular') return { window_fn: code('torch.ones'), wkwargs: null }
  const kwargs = periodic ? null : code('{"periodic": False}')
  const own = WINDOW_FUNCTIONS[window]
  if (own !== undefined) return { window_fn: code(own), wkwargs: kwargs }
  const values =
    window === 'povey'
      ? `torch.hann_window(n, periodic=${periodic ? 'True' : 'False'}) ** 0.85`
      : `torch.sin(torch.pi * torch.arange(n) / ${periodic ? 'n' : '(n - 1)'})`
  return { window_fn: code(`lambda n: ${values}`), wkwargs: null }
}

function transforms(frontEnd: FrontEnd): Core {
  const { sampleRate, frameLength, fftLength, padding, melNorm } = frontEnd
  const all: Arguments = {
    sample_rate: sampleRate,
    n_fft: fftLength,
    win_length: frameLength === fftLength ? null : frameLength,
    hop_length: frontEnd.frameShift,
    f_min: frontEnd.lowFreq,
    f_max: frontEnd.highFreq === sampleRate / 2 ? null : frontEnd.highFreq,
    n_mels: frontEnd.numBins,
    ...windowFunction(frontEnd),
    power: frontEnd.spectrum === 'power' ? 2 : 1,
    center: padding !== 'snip',
    pad_mode: padding === 'snip' ? 'reflect' : padding,
    norm: melNorm === 'none' ? null : melNorm,
    mel_scale: frontEnd.melScale,
  }
  const defaults: Arguments = {
    win_length: null,
    f_min: 0,
    f_max: null,
    window_fn: code('torch.hann_window'),
    wkwargs: null,
    power: 2,
    center: true,
    pad_mode: 'reflect',
    norm: null,
    mel_scale: 'htk',
  }
  return {
    imports: ['import torch', 'import torchaudio'],
    lines: [
      ...call(
        'transform',
        'torchaudio.transforms.MelSpectrogram',
        '',
        given(all, defaults, ['sample_rate', 'n_fft', 'hop_length', 'n_mels']),
      ),
      'features = transform.double()(torch.from_numpy(x)).numpy().T',
    ],
    gives: 'energies',
  }
}

/** torchaudio's own function for a front end, or what stands in the way of the nearer one. */
export function torchaudioCore(frontEnd: FrontEnd): Core | Missing {
  const inCompliance = missingInCompliance(frontEnd)
  if (inCompliance.length === 0) return compliance(frontEnd)
  const inTransforms = missingInTransforms(frontEnd)
  if (inTransforms.length === 0) return transforms(frontEnd)
  return inCompliance.length <= inTransforms.length ? inCompliance : inTransforms
}

/** Sets `filters` by torchaudio's function; undefined if it cannot. */
export function torchaudioFilters(frontEnd: FrontEnd): string[] | undefined {
  const { triangles, melNorm, vtlnWarp, fftLength, lowFreq, highFreq, numBins, sampleRate, melScale } = frontEnd
  if (triangles !== 'hertz' || melNorm === 'sum' || vtlnWarp !== 1) return undefined
  const named = { norm: melNorm === 'none' ? null : melNorm, mel_scale: melScale }
  const first = [Math.floor(fftLength / 2) + 1, lowFreq, highFreq, numBins, sampleRate].join(', ')
  return [
    ...call('filters', 'torchaudio.functional.melscale_fbanks', first, named),
    'filters = filters.T.double().numpy()',
  ]
}
