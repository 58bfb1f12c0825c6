const { readFileSync, statSync } = require('node:fs')
const { join } = require('node:path')
const { coreError } = require('./arrays.js')
const { instantiateSync } = require('./instantiate.js')

function files(path) {
  const fail = (text) => coreError('ERR_DSP_IO', 'input', 'a readable file', path, text)
  let folder = false
  try {
    folder = statSync(path).isDirectory()
    if (!folder) return readFileSync(path)
  } catch (error) {
    throw fail(`${path} cannot be read: ${error.message}`)
  }
  throw fail(`${path} is a folder; give the path of an audio file`)
}

module.exports = instantiateSync(new WebAssembly.Module(readFileSync(join(__dirname, 'dsp.wasm'))), files)
