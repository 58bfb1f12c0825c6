import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const here = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as { version: string }
const binary = readdirSync(here).find((name) => name.endsWith('.node'))!
const platform = binary.split('.')[1]!
const bytes = readFileSync(join(here, binary))
const isLinux = process.platform === 'linux' // elsewhere the system's words are others
const work = mkdtempSync(join(tmpdir(), 'dsp-native-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

interface Report {
  readonly ok?: string
  readonly loaded?: readonly [string, { version: string; kind: string; source: string }][]
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly branded?: boolean
  readonly cause?: string
  readonly actual?: string
  readonly platform?: string
  readonly arch?: string
  readonly libc?: string
  readonly supported?: readonly string[]
  readonly warnings: string
  readonly signal: NodeJS.Signals | null
}

/** A folder with an installed package, and the packages that are given as files of theirs. */
function installed(
  name: string,
  packages: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>>,
): string {
  const root = join(work, name)
  const own = Object.fromEntries(
    ['binding.js', 'index.js', 'index.mjs', 'load.js', 'package.json'].map((file) => [
      file,
      readFileSync(join(here, file)),
    ]),
  )
  for (const [key, files] of Object.entries({ '@dsp/native': own, ...packages })) {
    mkdirSync(join(root, 'node_modules', key), { recursive: true })
    for (const [file, content] of Object.entries(files)) writeFileSync(join(root, 'node_modules', key, file), content)
  }
  return root
}

/** The package of this machine's platform. */
const binaryPackage = (content: Buffer | string, its = version) => ({
  [`@dsp/native-${platform}`]: {
    'package.json': JSON.stringify({ name: `@dsp/native-${platform}`, version: its, main: binary }),
    [binary]: content,
  },
})

const wasiPackage = (its = version) => ({
  '@dsp/native-wasm32-wasi': { 'index.js': `exports.bindingVersion = () => '${its}'; exports.C1 = 'from wasi'` },
})

/** Requires the package in a new process, pretending to be another platform if one is given. */
function use(root: string, environment: Readonly<Record<string, string>> = {}, fake: object = {}): Report {
  const script = `
    for (const [key, value] of Object.entries(${JSON.stringify(fake)})) Object.defineProperty(process, key, { value })
    const show = (report) => console.log(JSON.stringify(report))
    try {
      const native = require('@dsp/native')
      show({ ok: native.bindingVersion(), loaded: [...globalThis[Symbol.for('@dsp/native')]] })
    } catch (error) {
      const { name, code, message, actual, platform, arch, libc, supported } = error
      const branded = Symbol.for('@dsp/tensor/DspError') in error && error instanceof Error
      show({ name, code, message, branded, cause: error.cause?.message, actual, platform, arch, libc, supported })
    }`
  const { stdout, stderr, signal } = spawnSync(process.execPath, ['-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DSP_NATIVE: '', ...environment },
  })
  return { ...(JSON.parse(stdout === '' ? '{}' : stdout) as object), warnings: stderr, signal } as Report
}

describe('a binary that is there', () => {
  it('is the one of the platform package', () => {
    const root = installed('good', binaryPackage(bytes))
    const report = use(root)
    expect(report).toMatchObject({ ok: version, warnings: '' })
    expect(report.loaded![0]![1]).toMatchObject({ kind: 'native', source: `@dsp/native-${platform}` })
  })

  it('is in the checkout before any other', () => {
    const { bindingVersion } = createRequire(import.meta.url)('../index.js') as { bindingVersion: () => string }
    expect(bindingVersion()).toBe(version)
  })

  it('exports what index.d.ts declares', () => {
    const declared = [
      ...readFileSync(join(here, 'index.d.ts'), 'utf8').matchAll(/^export declare (?:const|class|function) (\w+)/gm),
    ]
    const names = Object.keys(createRequire(import.meta.url)('../index.js') as object)
    expect(names.sort()).toEqual([...new Set(declared.map(([, name]) => name))].sort())
  })

  it('is found by an ES module by its names', () => {
    const root = installed('esm', binaryPackage(bytes))
    const script = "import { bindingVersion } from '@dsp/native'; console.log(bindingVersion())"
    const args = ['--input-type=module', '-e', script]
    expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).trim()).toBe(version)
  })

  it('needs no folder that can be written', () => {
    const root = installed('read-only', binaryPackage(bytes))
    const folders = ['@dsp/native', `@dsp/native-${platform}`].map((name) => join(root, 'node_modules', name))
    for (const folder of folders) chmodSync(folder, 0o555)
    // root may write anyway: what counts is that nothing was
    const before = folders.map((folder) => [statSync(folder).mtimeMs, readdirSync(folder)])
    expect(use(root, { HOME: '/nonexistent', TMPDIR: '/nonexistent' }).ok).toBe(version)
    expect(folders.map((folder) => [statSync(folder).mtimeMs, readdirSync(folder)])).toEqual(before)
    for (const folder of folders) chmodSync(folder, 0o755)
  })

  it('may be named by DSP_NATIVE', () => {
    const root = installed('named', {})
    copyFileSync(join(here, binary), join(root, 'mine.node'))
    const report = use(root, { DSP_NATIVE: 'mine.node' })
    expect(report.loaded![0]![1].source).toMatch(/mine\.node$/)
  })
})

describe('a binary that cannot be used is a DspError that says why', () => {
  const fails = (report: Report, ...parts: (string | RegExp)[]) => {
    expect(report).toMatchObject({ name: 'DspError', code: 'ERR_DSP_NATIVE', branded: true, signal: null })
    for (const part of parts) expect(report.message).toMatch(part)
    expect(report.message).not.toContain('Require stack')
    expect(report.supported).toContain('darwin-arm64')
    expect(report.message).toContain(report.supported!.join(', '))
    expect(report.message).toContain(report.actual!)
  }

  it('on a platform without one', () => {
    const root = installed('unsupported', binaryPackage(bytes))
    const report = use(root, {}, { platform: 'sunos', arch: 'sparc' })
    fails(report, /no binary for this platform/, /npm install @dsp\/native-wasm32-wasi@/)
    expect(report).toMatchObject({ platform: 'sunos', arch: 'sparc', libc: '', actual: 'sunos sparc' })
    fails(use(root, {}, { arch: 'riscv64' }), isLinux ? /linux riscv64 (glibc [\d.]+|musl)/ : /riscv64/)
  })

  it('if its package is missing', () => {
    const report = use(installed('missing', {}))
    fails(report, `npm install @dsp/native-${platform}@${version}`, /another platform/)
    expect(report.cause).toMatch(/Cannot find module/)
  })

  it.each([0, 1, 64, 4096, bytes.length >> 1, bytes.length - 1])('if it is cut to %i bytes', (length) => {
    const root = installed(`cut-${length}`, binaryPackage(bytes.subarray(0, length)))
    fails(use(root), isLinux ? /too short|truncated|cannot read/ : /:/, /Remove node_modules and install again/)
  })

  it('if it is no library', () => {
    const root = installed('text', binaryPackage('<!doctype html><p>404</p>'.repeat(100)))
    fails(use(root), isLinux ? /invalid ELF header.*damaged or for another platform/ : /:/, /install again/)
  })

  it('if it is of another version, or of none', () => {
    const other = installed('other', {
      [`@dsp/native-${platform}`]: { 'index.js': "exports.bindingVersion = () => '9.9.9'" },
    })
    fails(use(other), /was built for @dsp\/native 9\.9\.9/, /npm ls @dsp\/native/)
    const none = installed('none', { [`@dsp/native-${platform}`]: { 'index.js': '' } })
    fails(use(none), /an unknown version/)
  })

  it('if this glibc is too old for it', () => {
    const message = "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.35' not found (required by dsp.node)"
    const root = installed('glibc', {
      [`@dsp/native-${platform}`]: { 'index.js': `throw new Error(${JSON.stringify(message)})` },
    })
    fails(use(root), /GLIBC_2\.35' not found/, /needs glibc 2\.35 or newer/)
  })

  it('which an ES module can catch', () => {
    const script = "import('@dsp/native').catch((error) => console.log(error.code))"
    const root = installed('caught', {})
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({ stdout: 'ERR_DSP_NATIVE\n', stderr: '', status: 0 })
  })

  it('if DSP_NATIVE names what is not there', () => {
    const root = installed('astray', binaryPackage(bytes))
    fails(use(root, { DSP_NATIVE: '/nowhere/dsp.node' }), /DSP_NATIVE=\/nowhere\/dsp\.node/, /no such file/)
    fails(use(root, { DSP_NATIVE: 'wasi' }), /DSP_NATIVE=wasi asks for @dsp\/native-wasm32-wasi/)
  })
})

describe('the WebAssembly build', () => {
  it('is used where there is no binary, and says so', () => {
    const report = use(installed('fallback', wasiPackage()), {}, { platform: 'sunos', arch: 'sparc' })
    expect(report.loaded![0]![1]).toMatchObject({ kind: 'wasi' })
    expect(report.warnings).toMatch(/DSP_NATIVE_WASI.*no binary for this platform.*slower/s)
    const missing = use(installed('not-installed', wasiPackage()))
    expect(missing.loaded![0]![1]).toMatchObject({ kind: 'wasi' })
    expect(missing.warnings).toMatch(
      /@dsp\/native-.* cannot be loaded \(Cannot find module '[^']*'\): @dsp\/native-wasm32-wasi is used/,
    )
  })

  it('is used if DSP_NATIVE says so, without a word', () => {
    const root = installed('wanted', { ...binaryPackage(bytes), ...wasiPackage() })
    const report = use(root, { DSP_NATIVE: 'wasi' })
    expect(report.loaded![0]![1]).toMatchObject({ kind: 'wasi' })
    expect(report.warnings).toBe('')
    expect(use(root).loaded![0]![1]).toMatchObject({ kind: 'native' })
  })

  it('must be of the same version', () => {
    const report = use(installed('stale', wasiPackage('9.9.9')), { DSP_NATIVE: 'wasi' })
    expect(report).toMatchObject({ code: 'ERR_DSP_NATIVE', message: expect.stringContaining('9.9.9') as string })
  })
})

it('warns of two versions in one process', () => {
  const root = installed('two', binaryPackage(bytes))
  const old = join(root, 'node_modules', 'old', 'node_modules', '@dsp')
  mkdirSync(join(old, 'native'), { recursive: true })
  for (const file of ['index.js', 'load.js', 'package.json']) copyFileSync(join(here, file), join(old, 'native', file))
  const binding = readFileSync(join(here, 'binding.js'), 'utf8').replace(`version: '${version}'`, "version: '0.0.1'")
  writeFileSync(join(old, 'native', 'binding.js'), binding)
  mkdirSync(join(old, `native-${platform}`))
  writeFileSync(join(old, `native-${platform}`, 'index.js'), "exports.bindingVersion = () => '0.0.1'")
  writeFileSync(join(root, 'node_modules', 'old', 'index.js'), "require('@dsp/native')")
  const script = `require('@dsp/native'); require(${JSON.stringify(join(root, 'node_modules', 'old'))})`
  const { stderr, status } = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })
  expect(status).toBe(0)
  expect(stderr).toMatch(/DSP_NATIVE_VERSIONS.*two versions: .* and 0\.0\.1 \(.*npm ls @dsp\/native/s)
})
