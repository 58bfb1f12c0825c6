import { DspError } from '@dsp/tensor'
import type { FrontEnd } from '../../front-end.js'
import { filterLines, framesCore } from './frames.js'
import { knfCore } from './kaldi-native-fbank.js'
import { lateImports, lateLines } from './late.js'
import { librosaCore, librosaFilters } from './librosa.js'
import { resamplerImports, soundLines } from './sound.js'
import { torchaudioCore, torchaudioFilters } from './torchaudio.js'
import type { Core, Lines, Missing } from './values.js'

/** The libraries that scripts are written for. */
export const pythonLibraries = ['torchaudio', 'kaldi-native-fbank', 'librosa'] as const

/** A library that scripts are written for. */
export type PythonLibrary = (typeof pythonLibraries)[number]

const CORES = { torchaudio: torchaudioCore, 'kaldi-native-fbank': knfCore, librosa: librosaCore } as const

/** A library's own function for a front end, or what stands in the way. */
export function nativeCore(frontEnd: FrontEnd, library: PythonLibrary): Core | Missing {
  return CORES[library](frontEnd)
}

export const isCore = (core: Core | Missing): core is Core => 'gives' in core

/** The library's function, or its filters in frames of numpy. */
function anyCore(frontEnd: FrontEnd, library: PythonLibrary): Core | Missing {
  const core = nativeCore(frontEnd, library)
  if (isCore(core) || library === 'kaldi-native-fbank') return core
  const own = library === 'librosa' ? librosaFilters(frontEnd) : torchaudioFilters(frontEnd)
  const imports = own === undefined || frontEnd.numBins === 0 ? [] : [`import ${library}`]
  return framesCore(frontEnd, own ?? filterLines(frontEnd), imports)
}

/** Modules in the order of Python's style: the standard library's are the caller's. */
function importLines(frontEnd: FrontEnd, core: Core): string[] {
  const modules = [
    'import numpy as np',
    'import soundfile',
    ...core.imports,
    ...resamplerImports(frontEnd),
    ...lateImports(frontEnd, core),
  ]
  const order = (line: string) => line.split(' ')[1]!
  return [...new Set(modules)].sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** From the file `path` to `features`. */
export function bodyLines(frontEnd: FrontEnd, core: Core, path: string): Lines {
  return [
    `x, rate = soundfile.read(${path}, always_2d=True)`,
    ...soundLines(frontEnd),
    ...core.lines,
    ...lateLines(frontEnd, core),
  ]
}

/** The lines of a recipe: imports and all from the file to `features`. */
export function recipeLines(frontEnd: FrontEnd, core: Core): Lines {
  return [...importLines(frontEnd, core), '', ...bodyLines(frontEnd, core, "'speech.wav'")]
}

/**
 * A Python script that computes features with a front end's settings: `dsp diagnose --emit-python`.
 * @param frontEnd - Every setting.
 * @param library - Whose functions it uses: `torchaudio`, `kaldi-native-fbank` or `librosa`. What torchaudio and librosa cannot do is done
 *   in numpy around them.
 * @returns The script. It takes an audio file, and the `.npy` file to write `[frames, bins]` to in float32.
 * @throws DspError `ERR_DSP_ARGUMENT` for another library, and for settings that kaldi-native-fbank cannot express, which it names.
 *
 * @example
 * ```ts
 * import { frontEndOf, pythonScript } from '@dsp/doctor'
 * const script = pythonScript(frontEndOf('fbank', { numMelBins: 80 }, 16000), 'torchaudio')
 * script.includes('torchaudio.compliance.kaldi.fbank') // => true
 * ```
 */
export function pythonScript(frontEnd: FrontEnd, library: PythonLibrary): string {
  if (!pythonLibraries.includes(library))
    throw DspError.argument('library', `one of ${pythonLibraries.join(', ')}`, library)
  const core = anyCore(frontEnd, library)
  if (!isCore(core)) {
    const expected = `one that can express ${core.join(' and ')} (torchaudio and librosa, with numpy around them)`
    throw DspError.argument('library', expected, library)
  }
  const dither = frontEnd.dither === 0 ? '' : '\n\nThe features are dithered: no two runs agree.'
  return `#!/usr/bin/env python3
"""Computes the features of a recording with ${library}, with the settings that dsp diagnose found.${dither}"""

import argparse

${importLines(frontEnd, core).join('\n')}


def extract(path):
    """The features of an audio file, [frames, bins]."""
${indented(bodyLines(frontEnd, core, 'path'))}
    return features


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('audio', help='WAV, FLAC, Ogg Vorbis or MP3')
    parser.add_argument('features', help='the .npy file to write')
    arguments = parser.parse_args()
    np.save(arguments.features, extract(arguments.audio).astype(np.float32))
`
}

function indented(lines: Lines): string {
  return lines.map((line) => `    ${line}`).join('\n')
}
