import { failure } from './failure.js'

/** Throws where threads cannot share memory, and says what is to be done. */
export function checkIsolated() {
  const { crossOriginIsolated, isSecureContext } = globalThis
  if (crossOriginIsolated === true && typeof Worker === 'function') return
  const how =
    crossOriginIsolated === true
      ? 'but workers cannot be started here: load it in a page or in a dedicated worker'
      : 'which the COOP and COEP headers do: serve the page with "Cross-Origin-Opener-Policy: same-origin" and ' +
        '"Cross-Origin-Embedder-Policy: require-corp", its workers with the latter, and all of it by https or from localhost'
  throw failure(
    `@dsp/native-wasm32-wasi/threads needs a cross-origin isolated page, ${how}. @dsp/native-wasm32-wasi itself needs no headers: ` +
      'it computes the same on one thread.',
    {
      expected: 'a cross-origin isolated page',
      actual: `crossOriginIsolated: ${crossOriginIsolated}, isSecureContext: ${isSecureContext}`,
    },
  )
}
