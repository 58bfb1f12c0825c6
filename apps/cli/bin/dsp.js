#!/usr/bin/env node
// Committed, so that npm can link the command before the first build.
import('../dist/main.js').catch((error) => {
  if (error?.name === 'DspError' && !process.env.DSP_DEBUG) {
    console.error(`dsp: ${error.message}`)
    process.exitCode = 1
    return
  }
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('main.js')) throw error
  console.error('dsp: the command is not built yet; run `npm run build` in the repository first')
  process.exitCode = 1
})
