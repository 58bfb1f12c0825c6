/** Options that reproduce a front end with one library, ready to paste. */
export interface Recipe {
  /** The library: `@dsp`, `dsp` (its command), `torchaudio`, `kaldi-native-fbank`, `librosa`, `sherpa-onnx` or `transformers`. */
  readonly library: string
  /** TypeScript, Python or a command line; where the library cannot do it, a comment that says why. */
  readonly code: string
  /** Whether the code computes the features of the front end. */
  readonly exact: boolean
  /** What of the front end the library cannot do; empty if `exact`. */
  readonly missing: readonly string[]
}

/** A recipe that there is none, with the reason. */
export function impossible(library: string, missing: readonly string[], comment: string, hint = ''): Recipe {
  const lines = [`${library} cannot do this:`, ...missing.map((one) => `- ${one}`), ...(hint === '' ? [] : [hint])]
  return { library, code: lines.map((line) => `${comment} ${line}`).join('\n'), exact: false, missing }
}
