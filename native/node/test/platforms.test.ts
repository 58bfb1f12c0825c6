import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const here = fileURLToPath(new URL('..', import.meta.url))
let root = ''
let folder = ''

/** The scripts in a repository of their own, with binaries that are none. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dsp-platforms-'))
  folder = join(root, 'native', 'node')
  mkdirSync(folder, { recursive: true })
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) writeFileSync(join(root, name), name)
  for (const name of ['licences.mjs', 'packages.mjs'])
    cpSync(join(here, '../../apps/release/src', name), join(root, 'apps/release/src', name))
  for (const name of ['scripts', 'package.json', 'THIRD-PARTY.md']) {
    cpSync(join(here, name), join(folder, name), { recursive: true })
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const manifest = (dir = folder) =>
  JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<string, unknown>
const { version, napi } = manifest(here) as { version: string; napi: { targets: string[] } }

const run = (script: string, args: readonly string[] = [], environment: object = {}) =>
  spawnSync(process.execPath, [join(folder, 'scripts', script), ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}`, ...environment },
  })

/** A program that is found before the system's. */
function program(name: string, script: string): void {
  mkdirSync(join(root, 'bin'), { recursive: true })
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

function stage(...names: string[]): void {
  for (const name of names) writeFileSync(join(folder, `dsp.${name}.node`), name)
  expect(run('platforms.mjs', ['--here']).status).toBe(0)
}

describe('the package of a platform', () => {
  it.each([
    ['linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['linux-arm64-gnu', { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] }],
    ['linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['darwin-x64', { os: ['darwin'], cpu: ['x64'], libc: undefined }],
    ['darwin-arm64', { os: ['darwin'], cpu: ['arm64'], libc: undefined }],
    ['win32-x64-msvc', { os: ['win32'], cpu: ['x64'], libc: undefined }],
  ])('%s is installed there and nowhere else', (name, where) => {
    stage(name)
    const { os, cpu, libc, ...rest } = manifest(join(folder, 'npm', name))
    expect({ os, cpu, libc }).toEqual(where)
    expect(rest).toMatchObject({ name: `@dsp/native-${name}`, version, main: `dsp.${name}.node` })
    const files = readdirSync(join(folder, 'npm', name)).sort()
    expect(files).toEqual([
      'LICENSE-APACHE',
      'LICENSE-MIT',
      'README.md',
      'THIRD-PARTY.md',
      `dsp.${name}.node`,
      'package.json',
    ])
    expect([...(rest.files as string[]), 'README.md', 'package.json'].sort()).toEqual(files)
    expect(napi.targets).toHaveLength(7)
  })

  it('says which system it needs', () => {
    stage('linux-x64-gnu', 'linux-x64-musl', 'darwin-x64')
    const readme = (name: string) => readFileSync(join(folder, 'npm', name, 'README.md'), 'utf8')
    expect(readme('linux-x64-gnu')).toContain('x86_64-unknown-linux-gnu, glibc 2.17 or newer.')
    expect(readme('linux-x64-musl')).toContain('x86_64-unknown-linux-musl.')
    expect(readme('darwin-x64')).toContain('x86_64-apple-darwin, macOS 11.0 or newer.')
  })

  it('is of a target that package.json has', () => {
    const { status, stderr } = run('platforms.mjs', ['--target', 'riscv64gc-unknown-linux-gnu'])
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('no such target') as string })
  })
})

describe.skipIf(process.platform === 'win32')('publishing', () => {
  const show = [process.execPath, '-p', "JSON.stringify(require('./package.json').optionalDependencies)"]
  const calls = () => readFileSync(join(root, 'calls'), 'utf8').trim().split('\n')

  // the registry has the package for macOS already
  beforeEach(() =>
    program(
      'npm',
      `echo "$PWD $*" | sed 's,.*/,,' >> ${root}/calls; case "$*" in *darwin*) echo ${version};; view*) exit 1;; esac`,
    ),
  )

  it('names the packages while the command runs, and not after', () => {
    stage('linux-x64-gnu', 'darwin-arm64')
    const before = readFileSync(join(folder, 'package.json'), 'utf8')
    const { status, stdout } = run('publish.mjs', show, { DSP_PLATFORMS: 'staged' })
    expect(status).toBe(0)
    const names = { '@dsp/native-darwin-arm64': version, '@dsp/native-linux-x64-gnu': version }
    expect(JSON.parse(stdout)).toEqual(names)
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(before)
    expect(calls().filter((call) => call.endsWith(' publish'))).toEqual(['linux-x64-gnu publish'])
  })

  it('ends as the command does', () => {
    stage('linux-x64-gnu')
    const before = readFileSync(join(folder, 'package.json'), 'utf8')
    const { status } = run('publish.mjs', [process.execPath, '-e', 'process.exit(3)'], { DSP_PLATFORMS: 'staged' })
    expect(status).toBe(3)
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(before)
  })

  it('refuses what is not complete, or of another version', () => {
    stage('linux-x64-gnu')
    const partial = run('publish.mjs', show)
    expect(partial.status).toBe(1)
    expect(partial.stderr).toMatch(/not built: .*x86_64-pc-windows-msvc/)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest(), version: '99.0.0' }))
    const old = run('publish.mjs', show, { DSP_PLATFORMS: 'staged' })
    expect(old.status).toBe(1)
    expect(old.stderr).toMatch(/npm\/ holds @dsp\/native-linux-x64-gnu/)
  })
})

describe('the glibc that a library needs', () => {
  const check = (text: string) => {
    program('readelf', `cat <<'END'\n${text}\nEND`)
    const script = "import('./scripts/glibc.mjs').then(({ checkGlibc }) => checkGlibc('x.node'))"
    const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` }
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8', env })
    return { status, message: /Error: (.*)/.exec(stderr)?.[1] }
  }

  it.skipIf(process.platform === 'win32')('must not be newer than 2.17', () => {
    const line = (...versions: string[]) =>
      versions.map((name) => `  0x0010:   Name: GLIBC_${name}  Flags: none`).join('\n')
    expect(check(line('2.2.5', '2.9', '2.17', '2.3.4')).status).toBe(0)
    expect(check(line('2.2.5', '2.17', '2.35', '2.9')).message).toBe('x.node needs glibc 2.35, newer than 2.17')
    expect(check(line('2.17.1')).status).not.toBe(0)
    expect(check('No version information found in this file.').message).toMatch(/cannot be checked/)
  })
})
