import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asScope, renamed, renameScope, scopeOf, sortAgain } from '../src/rename-scope.mjs'

const root = new URL('../../../', import.meta.url).pathname
const old = scopeOf(root)
// So named that it sorts behind what others call their packages, and contains the old name.
const scope = `@z${old.slice(1)}-x`
const run = (cwd: string, command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 })

describe('a scope', () => {
  it('is checked as npm does', () => {
    expect(asScope('my-dsp')).toBe('@my-dsp')
    expect(asScope('@my-dsp')).toBe('@my-dsp')
    for (const bad of [undefined, '', '@', 'My-Dsp', 'a/b', '.a', 'a b'])
      expect(() => asScope(bad)).toThrow('is not a scope')
  })

  it('is replaced where it is meant', () => {
    expect(renamed("'@a/b' @a, `@a`. x@a.org @abc/d @a-b/c", '@a', '@new')).toBe(
      "'@new/b' @new, `@new`. x@a.org @abc/d @a-b/c",
    )
  })
})

describe('a copy of the repository under another scope', { timeout: 240_000 }, () => {
  const copy = mkdtempSync(join(tmpdir(), 'dsp-scope-'))
  let files: string[] = []

  beforeAll(() => {
    run(root, 'git', 'clone', '--quiet', '--depth=1', `file://${root}`, join(copy, 'r'))
    const at = join(copy, 'r')
    mkdirSync(join(at, 'node_modules', scope), { recursive: true })
    for (const name of readdirSync(join(root, 'node_modules')).filter(
      (name) => name !== old && name !== '.package-lock.json',
    ))
      symlinkSync(join(root, 'node_modules', name), join(at, 'node_modules', name))
    files = renameScope(at, scope)
    sortAgain(at, files)
    for (const parent of ['native', 'packages']) {
      for (const name of readdirSync(join(at, parent))) {
        const manifest = join(at, parent, name, 'package.json')
        if (existsSync(manifest))
          symlinkSync(join(at, parent, name), join(at, 'node_modules', JSON.parse(readFileSync(manifest, 'utf8')).name))
      }
    }
    // What a build writes, which git does not have.
    for (const name of readdirSync(join(root, 'native/node')).filter((name) => /^(binding|index)\.|\.node$/.test(name)))
      cpSync(join(root, 'native/node', name), join(at, 'native/node', name))
  }, 240_000)
  afterAll(() => rmSync(copy, { recursive: true }))

  it('names the old one nowhere', () => {
    expect(files.length).toBeGreaterThan(300)
    const left =
      run(join(copy, 'r'), 'git', 'grep', '-Ihc', '', '--', 'package.json') &&
      files.filter(
        (path) =>
          renamed(readFileSync(join(copy, 'r', path), 'utf8'), old, scope) !==
          readFileSync(join(copy, 'r', path), 'utf8'),
      )
    expect(left).toEqual([])
    expect(() => run(join(copy, 'r'), 'git', 'grep', '-In', `${old}/`)).toThrow()
    expect(scopeOf(join(copy, 'r'))).toBe(scope)
  })

  it('has a lock file that fits its manifests, and the rules of its structure', () => {
    const lock = JSON.parse(readFileSync(join(copy, 'r/package-lock.json'), 'utf8')).packages
    expect(Object.keys(lock).filter((path) => path.includes(`${old}/`))).toEqual([])
    for (const [path, { resolved, link }] of Object.entries<{ resolved?: string; link?: boolean }>(lock)) {
      if (link)
        expect(path).toBe(
          `node_modules/${JSON.parse(readFileSync(join(copy, 'r', resolved ?? '', 'package.json'), 'utf8')).name}`,
        )
    }
    expect(run(join(copy, 'r'), 'node', '.ci/complete-lock.mjs', '--check')).toContain('names every optional package')
    expect(run(join(copy, 'r'), 'node', '.ci/house.mjs')).toContain('as CONTRIBUTING.md says')
  })

  it('builds, passes the compiler and runs', () => {
    const at = join(copy, 'r')
    for (const name of ['tensor', 'signal', 'yin'])
      run(join(at, 'packages', name), 'npx', '--no-install', 'tsup', '--no-dts')
    run(join(at, 'packages/tensor'), 'npx', '--no-install', 'tsc', '-p', '.')
    writeFileSync(
      join(at, 'try.mjs'),
      `import { yin } from '${`${scope}/yin`}'\nconsole.log(yin(new Float32Array(4096), { fmin: 65, fmax: 2093 }).shape)\n`,
    )
    expect(run(at, 'node', 'try.mjs')).toBe('[ 9 ]\n')
  })

  it('cannot be renamed to what it is, nor with changes that would be lost', () => {
    expect(() => renameScope(join(copy, 'r'), scope)).toThrow('already')
    expect(() => renameScope(join(copy, 'r'), '@other')).toThrow('not committed')
  })
})
