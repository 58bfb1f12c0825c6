import type { FrontEnd } from '../front-end.js'
import { dspRecipes } from './dsp.js'
import { sherpaRecipe, transformersRecipes } from './models.js'
import { isCore, nativeCore, type PythonLibrary, pythonLibraries, recipeLines } from './python/script.js'
import { impossible, type Recipe } from './recipe.js'

function pythonRecipe(frontEnd: FrontEnd, library: PythonLibrary): Recipe {
  const core = nativeCore(frontEnd, library)
  if (isCore(core)) return { library, code: recipeLines(frontEnd, core).join('\n'), exact: true, missing: [] }
  const hint =
    library === 'kaldi-native-fbank'
      ? ''
      : `dsp diagnose --emit-python ${library} writes a script that does the rest in numpy.`
  return impossible(library, core, '#', hint)
}

/**
 * Options that compute features with a front end's settings, ready to paste, for each library.
 * @param frontEnd - Every setting.
 * @returns One recipe for each of `@dsp`, `dsp` (the command line), `torchaudio`, `kaldi-native-fbank`, `librosa` and `sherpa-onnx`,
 *   and one for `transformers` if a feature extractor of it is this front end. Where a library cannot do it, the recipe says
 *   why instead; none computes something else. Whether two libraries round alike is another matter: torchaudio's
 *   filters and all of kaldi-native-fbank are float32.
 *
 * @example
 * ```ts
 * import { frontEndOf, recipes } from '@dsp/doctor'
 * const [, command] = recipes(frontEndOf('fbank', { numMelBins: 80 }, 16000))
 * command.code // => 'dsp features speech.wav --kind fbank --set numMelBins=80 --set sampleFrequency=16000 --out features.npy'
 * ```
 */
export function recipes(frontEnd: FrontEnd): readonly Recipe[] {
  return [
    ...dspRecipes(frontEnd),
    ...pythonLibraries.map((library) => pythonRecipe(frontEnd, library)),
    sherpaRecipe(frontEnd),
    ...transformersRecipes(frontEnd),
  ]
}
