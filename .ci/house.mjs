// Enforces the rules of the repository's structure (CONTRIBUTING.md): which package may import which, that manifests say what is
// imported, that files are short, that ONNX Runtime stays in its room, and that no two source files need each other.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'

// A workspace imports those of the layers before its own, and nothing else.
const LAYERS = [
  ['native-wasm32-wasi'],
  ['native'],
  ['tensor'],
  ['signal'],
  ['audio', 'fft'],
  ['chroma', 'hpss', 'mel', 'mel-kaldi', 'yin'],
  ['mel-q15'],
  ['features', 'npu-host', 'onnx'],
  ['doctor', 'sincnet'],
  ['asr', 'python', 'speaker-verification', 'whisper-npu'],
  ['bench', 'cli'],
]
const ONNX_ROOMS = ['packages/onnx/', 'apps/bench/']
const MAX_LINES = 400

const problems = new Set()
const say = (problem) => problems.add(problem)
const read = (path) => readFileSync(path, 'utf8')
const layerOf = (name) => LAYERS.findIndex((layer) => layer.includes(name.replace('@dsp/', '')))
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.(m?[jt]s|rs|py|c|h)$/.test(path) && !/(^|\/)(golden|docs)\//.test(path) && existsSync(path))
const isSource = (path) => /\/src\/|\.py$/.test(path) && !/\/tests?(\/|\.)/.test(path)

// Comments hold examples, which are not the file's own imports.
const bare = (path) =>
  read(path)
    .replace(/^\s*\/\*[\s\S]*?\*\//gm, '')
    .replace(/^\s*\/\/.*/gm, '')
const IMPORT =
  /(?:\bfrom|\bimport|\bimport\(|\brequire\(|\b(?:require|import\.meta)\.resolve\(|\bcreateRequire\([^)]*\)\()\s*['"]([^'"\n]+)['"]/g
const importsOf = (path) =>
  [...bare(path).matchAll(IMPORT)].map(([, name]) => name).filter((name) => !name.startsWith('$'))
const packageOf = (name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

for (const path of files.filter((path) => /\.(ts|rs|py|c|h)$/.test(path))) {
  const lines = read(path).split('\n').length - 1
  if (lines > MAX_LINES && !/generated/i.test(read(path).slice(0, 200))) say(`${path} has ${lines} lines`)
}

const root = Object.keys(JSON.parse(read('package.json')).devDependencies)
for (const dir of new Set(files.map((path) => /^(packages|apps|native)\/[^/]+/.exec(path)?.[0]))) {
  if (dir === undefined || !existsSync(`${dir}/package.json`)) continue
  const manifest = JSON.parse(read(`${dir}/package.json`))
  const { name, dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest
  if (layerOf(name) < 0) say(`${name} is in no layer of .ci/house.mjs`)
  const shipped = { ...dependencies, ...peerDependencies }
  const known = [...Object.keys({ ...shipped, ...devDependencies }), ...root]
  const text = { source: '', all: '' }
  for (const path of files.filter((path) => path.startsWith(`${dir}/`) && /\.m?[jt]s$/.test(path))) {
    const isShipped = /\/(src|bin)\//.test(path.slice(dir.length)) && !path.includes('/src/testing/')
    text.all += bare(path)
    if (isShipped) text.source += bare(path)
    for (const target of new Set(importsOf(path).map(packageOf))) {
      if (/^(\.|node:)/.test(target) || builtinModules.includes(target) || target === name) continue
      const isRoom = ONNX_ROOMS.some((room) => path.startsWith(room))
      const isUp = target.startsWith('@dsp/') && layerOf(target) >= layerOf(name)
      if (isUp || (/^onnxruntime-(node|web)$/.test(target) && !isRoom)) say(`${path} must not import ${target}`)
      if (isShipped && !manifest.private ? !(target in shipped) : !known.includes(target))
        say(`${path} imports ${target}, which its package.json lacks`)
    }
  }
  // Some are found by name: a quoted name counts as a use.
  const isUsed = (target, text) => new RegExp(`['"]${target}['"/]`).test(text)
  for (const target of Object.keys(dependencies))
    if (!isUsed(target, text.source)) say(`${dir}/package.json: no source file uses ${target}`)
  for (const target of Object.keys(devDependencies))
    if (!target.startsWith('@types/') && !isUsed(target, text.all)) say(`${dir}/package.json: nothing uses ${target}`)
}

// Circles of files, and of a crate's modules. A mod.rs, which names all that is in its folder, is not part of the former.
const paths = new Set(files)
const modules = {}
const first = (candidates) => candidates.map(normalize).find((path) => paths.has(path))
const edges = {
  ts: (path) =>
    importsOf(path).map((to) => first([to.replace(/\.js$/, '.ts'), to].map((end) => join(dirname(path), end)))),
  py: (path) =>
    [...read(path).matchAll(/^\s*from \.(\w*) import ([\w, ]+)/gm)].flatMap(([, from, names]) =>
      (from ? [from] : names.split(/, */)).map((to) => first([join(dirname(path), `${to}.py`)])),
    ),
  rs(path) {
    const folder = path.endsWith('/mod.rs') ? dirname(path) : path.replace(/\.rs$/, '')
    const [, src, module] = /^(.*\/src\/)(\w+)/.exec(path)
    const text = bare(path).replace(/#\[cfg\(test\)\]\s*mod \w+ \{[\s\S]*/, '')
    const used = [...text.matchAll(/\bcrate::(\w+)/g)].map(([, to]) => src + to)
    modules[src + module] = [...(modules[src + module] ?? []), ...used]
    return [...text.matchAll(/\b(crate|(?:super::)*super)((?:::\w+)+)/g)].map(([, start, rest]) => {
      const up = start === 'crate' ? [src] : [folder, ...start.split('::').map(() => '..')]
      const names = rest.split('::').slice(1)
      return first(names.map((_, i) => `${join(...up, ...names.slice(0, names.length - i))}.rs`))
    })
  },
}
const visited = new Set()
function visit(node, next, above) {
  const at = above.indexOf(node)
  if (at >= 0) say(`a circle: ${[...above.slice(at), node].join(' -> ')}`)
  if (visited.has(node)) return
  visited.add(node)
  for (const to of new Set(next(node))) if (to !== node) visit(to, next, [...above, node])
}
const nextFiles = (path) => (edges[/\w+$/.exec(path)[0]]?.(path) ?? []).filter((to) => to !== undefined && isSource(to))
for (const path of files.filter(isSource)) visit(path, nextFiles, [])
for (const name of Object.keys(modules)) visit(name, (node) => modules[node] ?? [], [])

for (const problem of [...problems].sort()) console.log(problem)
console.log(problems.size === 0 ? 'the structure is as CONTRIBUTING.md says' : `${problems.size} problems`)
process.exit(problems.size === 0 ? 0 : 1)
