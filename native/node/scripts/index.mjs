// Writes binding.js: what ./load.js must know. The requires are literal for the sake of bundlers, and inside `try`, so that they may be
// missing. And the entries for require and import, with the names that are exported: Node.js 20 ends the process when CommonJS
// that is imported throws, even if the import is caught, so that binding.js keeps the error and the entries throw it.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { folder, manifest, targets } from './targets.mjs'

const { load } = createRequire(import.meta.url)('../load.js')
const attempt = (name) => `() => {
  try {
    checkLength(require.resolve('${name}'))
    return { binding: require('${name}') }
  } catch (error) {
    return { error }
  }
}`
const missing = () => ({ error: new Error('not built') })
const platforms = Object.fromEntries(targets.map(({ name }) => [name, missing]))
const names = Object.keys(load({ version: manifest.version, platforms, wasi: missing })).sort()

write(
  'binding.js',
  `const { checkLength, load } = require('./load.js')

const platforms = {}
${targets.map((target) => `platforms['${target.name}'] = ${attempt(target.package)}\n`).join('')}
const wasi = ${attempt(`${manifest.name}-wasm32-wasi`)}

try {
  exports.binding = load({ version: '${manifest.version}', platforms, wasi })
} catch (error) {
  exports.error = error
}
`,
)
write(
  'index.js',
  `const { binding, error } = require('./binding.js')

if (error !== undefined) throw error
${names.map((name) => `module.exports.${name} = binding.${name}\n`).join('')}`,
)
write(
  'index.mjs',
  `import loaded from './binding.js'

const { binding, error } = loaded
if (error !== undefined) throw error
${names.map((name) => `export const ${name} = binding.${name}\n`).join('')}`,
)
write('index.d.mts', "export * from './index.js'\n")

function write(name, text) {
  writeFileSync(`${folder}${name}`, `// Written by scripts/index.mjs.\n${text}`)
}
