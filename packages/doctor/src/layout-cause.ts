import type { Cause } from './cause.js'
import type { FrontEnd, Layout } from './front-end.js'
import type { DiagnosableKind } from './kinds.js'
import { describeSetting } from './words/describe.js'
import { type SentenceContext, sentence } from './words/sentence.js'

/** How a matrix of the kind lies in memory if nothing was done to it. */
export function plainLayout(kind: DiagnosableKind, layout: Layout): Layout {
  const axes = kind === 'fbank' || kind === 'mfcc' ? ('frames-bins' as const) : ('bins-frames' as const)
  const dtype = layout.dtype === 'float64' || layout.dtype === 'float32' ? layout.dtype : ('float32' as const)
  // NeMo's last column is padding by design.
  const after = kind === 'nemo' && layout.after === 1 ? 1 : 0
  return { axes, reversed: false, dtype, swapped: false, before: 0, after }
}

/** The cause that lies in how the values are stored. Nothing can be compared before it is undone, so it comes first. */
export function layoutCauseOf(
  ours: FrontEnd,
  theirs: FrontEnd,
  context: SentenceContext,
  difference: number,
  isOnly: boolean,
): Cause {
  const [own, their] = context.layouts!
  return {
    id: 'layout',
    ours: describeSetting('layout', ours, own),
    theirs: describeSetting('layout', theirs, their),
    explains: isOnly ? 1 : 0,
    explainsRest: 1,
    residual: difference,
    equivalent: [],
    sentence: sentence('layout', ours, theirs, isOnly ? 1 : 0, context),
  }
}
