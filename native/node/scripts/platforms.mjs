// Builds the packages that carry the compiled core, one per platform, into npm/.
//
//   npm run platforms -w native/node                        all that this machine can build
//   npm run platforms -w native/node -- --target TRIPLE     only these (may be repeated)
//   npm run platforms -w native/node -- --here              no build: the binary that `npm run build` made
//
// Linux is linked by Zig against glibc 2.17, or musl; so is macOS where this is not a Mac, without an SDK: the warning that xcrun
// failed is harmless. Windows is built on Windows.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkGlibc, GLIBC } from './glibc.mjs'
import { folder, manifest, targets } from './targets.mjs'

/** The oldest macOS that the binary declares, which is that of Node.js 22; Zig's own is much newer. */
const MACOS = '11.0'

const { values } = parseArgs({
  options: { target: { type: 'string', multiple: true }, here: { type: 'boolean', default: false } },
})
const isBuildable = ({ os }) => os[0] === process.platform || (process.platform === 'linux' && os[0] !== 'win32')

if (values.here) for (const name of readdirSync(folder)) stageLocal(/^dsp\.(.+)\.node$/.exec(name)?.[1])
else {
  const unknown = (values.target ?? []).filter((triple) => !targets.some((target) => target.triple === triple))
  if (unknown.length > 0) fail(`no such target: ${unknown}; package.json has ${manifest.napi.targets.join(', ')}`)
  for (const target of targets) {
    if (values.target !== undefined && !values.target.includes(target.triple)) continue
    if (isBuildable(target)) stage(target, build(target))
    else if (values.target === undefined) console.log(`not built: ${target.triple} needs ${target.os} itself`)
    else fail(`${target.triple} is built on ${target.os}`)
  }
}

function stageLocal(name) {
  const target = targets.find((candidate) => candidate.name === name)
  if (target !== undefined) stage(target, join(folder, `dsp.${name}.node`))
}

/** Compiles the core for a target, and says where it is. */
function build({ triple, os, libc }) {
  const output = join(folder, '..', 'target', 'platforms')
  const args = ['--release', '--locked', '--package', 'dsp-node', '--manifest-path', join(folder, '..', 'Cargo.toml')]
  const env = { ...process.env, CARGO_TARGET_DIR: output }
  // a library that a program loads must not bring a C library of its own
  if (libc?.[0] === 'musl') env.RUSTFLAGS = `${env.RUSTFLAGS ?? ''} -C target-feature=-crt-static`
  if (os[0] === 'darwin') env.MACOSX_DEPLOYMENT_TARGET = MACOS
  let command = 'build'
  let versioned = triple
  if (os[0] !== 'win32' && !(os[0] === 'darwin' && process.platform === 'darwin')) {
    env.PATH = `${zig()}:${env.PATH}`
    command = 'zigbuild'
    if (libc?.[0] === 'glibc') versioned = `${triple}.${GLIBC}`
  }
  execFileSync('rustup', ['target', 'add', triple], { stdio: 'inherit', cwd: folder })
  execFileSync('cargo', [command, ...args, '--target', versioned], { stdio: 'inherit', env, cwd: folder })
  const file = { linux: 'libdsp_node.so', darwin: 'libdsp_node.dylib', win32: 'dsp_node.dll' }[os[0]]
  const library = join(output, triple, 'release', file)
  if (libc?.[0] === 'glibc') checkGlibc(library)
  return library
}

/** The folder of Zig and cargo-zigbuild, which come from PyPI. */
function zig() {
  const environment = join(folder, '..', 'target', 'zig')
  const bin = join(environment, 'bin')
  if (!existsSync(join(bin, 'cargo-zigbuild'))) {
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' })
    const requirements = join(folder, 'scripts', 'requirements.txt')
    const quiet = ['--quiet', '--disable-pip-version-check']
    execFileSync(join(bin, 'pip'), ['install', ...quiet, '-r', requirements], { stdio: 'inherit' })
  }
  return bin
}

/** Writes the package of a target. */
function stage(target, library) {
  const { name, package: id, os, cpu, libc, triple } = target
  const out = join(folder, 'npm', name)
  const file = `dsp.${name}.node`
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  copyFileSync(library, join(out, file))
  const texts = [folder, join(folder, '..', '..')]
    .flatMap((from) => readdirSync(from).map((text) => [text, join(from, text)]))
    .filter(([text]) => /^(LICENSE|THIRD-PARTY)/.test(text))
  for (const [text, from] of texts) copyFileSync(from, join(out, text))
  writeFileSync(join(out, 'README.md'), readme(id, triple, os, libc))
  const { version, keywords, license, engines, repository, homepage, bugs, publishConfig } = manifest
  const own = {
    name: id,
    version,
    description: `The native core of @dsp for ${triple}`,
    keywords,
    license,
    ...{ repository, homepage, bugs },
    main: file,
    files: [file, ...new Set(texts.map(([text]) => text))],
    ...{ os, cpu, libc, engines, publishConfig },
  }
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(own, undefined, 2)}\n`)
  console.log(`${id} ${version}: ${out}`)
}

function readme(id, triple, [os], libc) {
  const needs = libc?.[0] === 'glibc' ? `, glibc ${GLIBC} or newer` : os === 'darwin' ? `, macOS ${MACOS} or newer` : ''
  return `# ${id}

The compiled core of [${manifest.name}](https://www.npmjs.com/package/${manifest.name}) for ${triple}${needs}. It is installed
with that package on the platform it is for; do not install it yourself.

MIT or Apache-2.0, at your option.
`
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
