// The examples of the READMEs as programs: what they take for granted is declared, and the files they read are there.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const SECONDS = 'new Float32Array(32000).map((_, i) => 0.3 * Math.sin(i / 9) + 0.1 * Math.sin(i * i))'
const AUDIO = ['{ samples: Float32Array; sampleRate: number }', `{ samples: ${SECONDS}, sampleRate: 16000 }`]
const SAMPLES = ['Float32Array', SECONDS]
const BLOCKS = ['Float32Array[]', '[new Float32Array(20000), new Float32Array(20000)]']
const USE = ['(result: unknown) => void', '() => {}']
const SIGNAL = ['AbortSignal', 'new AbortController().signal']

/**
 * What an example needs: `globals`, names with their type and value; `files`, which are a copy of a recording of ours,
 * or noise at a `rate`;
 * `before`, a program that makes others; `packages` that it imports or needs besides its own; `throws`, the code of the
 * error that it ends with on purpose; `only: 'types'` where it needs a model that is not in a package.
 */
export const NEEDS = {
  audio: { globals: { use: USE }, files: ['speech.flac', 'long.mp3'], rate: 44100 },
  chroma: { files: ['track.flac'] },
  doctor: {
    files: ['speech.wav'],
    before: (scope) => `import { decodeAudio } from '${scope}/audio'
import { extract } from '${scope}/features'
import { writeNpy } from '${scope}/tensor'
import { writeFileSync } from 'node:fs'
const audio = await decodeAudio('speech.wav')
writeFileSync('theirs.npy', writeNpy(extract('fbank', audio, { preset: 'sherpa-onnx' }).values))`,
    packages: ['features'],
  },
  features: { files: ['speech.flac'] },
  hpss: { globals: { y: SAMPLES, blocks: BLOCKS, play: USE } },
  mel: { globals: { audio: AUDIO, speech: AUDIO, blocks: BLOCKS, use: USE } },
  'mel-kaldi': { files: ['speech.flac'] },
  'mel-q15': { globals: { speech: AUDIO, blocks: BLOCKS, use: USE } },
  'npu-host': { globals: { samples: ['Int16Array', 'new Int16Array(999 * 160 + 400)'], signal: SIGNAL } },
  onnx: { only: 'types' },
  signal: { throws: 'ERR_DSP_ARGUMENT' },
  sincnet: {
    packages: ['onnxruntime-node'],
    globals: { first: SAMPLES, second: SAMPLES, recordingsOfAda: ['Float32Array[]', `[${SECONDS}]`] },
  },
  tensor: {
    before: (scope) => `import { tensor, writeNpz } from '${scope}/tensor'
import { writeFileSync } from 'node:fs'
writeFileSync('features.npz', writeNpz({ features: tensor(new Float32Array(12), [3, 4]) }))`,
    packages: ['onnxruntime-node'],
  },
  asr: { files: ['demo/enter-six-two-four.wav'], folders: ['models'], packages: ['onnxruntime-node'] },
  'speaker-verification': { files: ['monday.wav', 'friday.mp3'], packages: ['onnxruntime-node'] },
  'whisper-npu': { only: 'types' },
}

/** Every block of TypeScript or JavaScript in a README. */
export const blocks = (readme) =>
  [...readme.matchAll(/^```(ts|js)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }))

/** The first example of a package: its program in TypeScript, and the other packages that it imports. */
export function example(folder, name, scope) {
  const short = name.slice(scope.length + 1)
  const first = blocks(readFileSync(join(folder, 'README.md'), 'utf8'))[0]
  if (first === undefined) return undefined
  const needs = NEEDS[short] ?? {}
  const before = needs.before?.(scope)
  const packages = [...new Set([...imports(first.code), ...imports(before ?? '')])]
  const others = needs.packages?.map((other) => (/^onnxruntime/.test(other) ? other : `${scope}/${other}`)) ?? []
  return {
    name,
    ...needs,
    before,
    commonJs: first.language === 'js',
    code: first.language === 'js' ? first.code : program(first.code, needs),
    packages: [...new Set([...packages, ...others])].filter((other) => other !== name),
  }
}

/** The packages that a program imports. */
export const imports = (code) =>
  [...code.matchAll(/^import [^'"]*['"]([^'"]+)['"]/gm)]
    .map(([, from]) => from)
    .filter((from) => !from.startsWith('node:'))

/** An example that stands alone: its imports, what it takes for granted, and its body. */
function program(code, { globals = {}, throws }) {
  const { head, body } = split(code)
  const given = Object.entries(globals).map(([name, [type, value]]) => `const ${name}: ${type} = ${value}\n`)
  if (throws === undefined) return `${head}${given.join('')}${body}`
  return `${head}${given.join('')}let code: unknown
try {
${body}} catch (error) { code = (error as { code?: unknown }).code }
if (code !== '${throws}') throw new Error(\`the example ends with \${code}, not with ${throws}\`)
`
}

/** Imports may span lines; all stand before the rest. */
function split(code) {
  const [head] = /^(?:import [\s\S]*?['"][^'"\n]+['"]\n)*/.exec(code)
  return { head, body: code.slice(head.length) }
}

const compile = (code, module) =>
  ts.transpileModule(code, { compilerOptions: { module, target: ts.ScriptTarget.ES2022, removeComments: true } })
    .outputText

/** The program as an ECMAScript module. */
export const toEsm = (code) => compile(code, ts.ModuleKind.ESNext)

/** The program as CommonJS, which has no `await` at the top level. */
export function toCommonJs(code) {
  const { head, body } = split(code)
  return compile(`${head}void (async () => {\n${body}})()`, ts.ModuleKind.CommonJS)
}
