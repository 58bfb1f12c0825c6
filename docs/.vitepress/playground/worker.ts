// Only loads the rest, so that what fails while it loads can be told: an error event has no more than "Script error".
import('./compute.js').catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  ;(self as unknown as Worker).postMessage({ type: 'failed', message })
})
