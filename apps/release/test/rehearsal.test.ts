import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { faults } from '../src/rehearsal/checks/contents.mjs'
import { blocks, example, imports, toCommonJs, toEsm } from '../src/rehearsal/examples.mjs'
import { settings } from '../src/rehearsal/registry.mjs'
import { CommandError, Session } from '../src/rehearsal/session.mjs'
import { table } from '../src/rehearsal/table.mjs'
import { chosen } from '../src/rehearse.mjs'

const from = (name: string) => `from '${name}'`
const packages = new URL('../../../packages/', import.meta.url).pathname

describe('examples of READMEs', () => {
  it('are all blocks of TypeScript and JavaScript', () => {
    expect(blocks('# a\n```sh\nnpm i\n```\n```ts\nlet a = 1\n```\ntext\n```js\nb()\n```\n')).toEqual([
      { language: 'ts', code: 'let a = 1\n' },
      { language: 'js', code: 'b()\n' },
    ])
  })

  it('name the packages they import, and not those of Node.js', () => {
    expect(
      imports(`import a ${from('a')}\nimport { b,\n c } ${from('b')}\nimport x from 'node:fs'\nimport '${'c'}'\n`),
    ).toEqual(['a', 'b', 'c'])
  })

  it('declare what they take for granted after their imports', () => {
    const { code, packages: others } = example(join(packages, 'hpss'), '@dsp/hpss', '@dsp') ?? {}
    expect(code).toMatch(new RegExp(`^import { hpss, OnlineHpss } ${from('@dsp/hpss')}\nconst y: `))
    expect(others).toEqual([])
  })

  it('must end with the error that they show', () => {
    const { code } = example(join(packages, 'signal'), '@dsp/signal', '@dsp') ?? {}
    expect(code).toContain("if (code !== 'ERR_DSP_ARGUMENT') throw")
  })

  it('become modules and CommonJS', () => {
    const code = `import { a } ${from('a')}\nconst b: number = await a()\n`
    expect(toEsm(code)).toBe(`import { a } ${from('a')};\nconst b = await a();\n`)
    expect(toCommonJs(code)).toMatch(/require\(.a.\)/)
    expect(() => new Function('require', 'exports', toCommonJs(code))).not.toThrow()
  })
})

/** Whether a process runs: one that has ended may stay listed as a zombie, where nobody waits for it. */
const isRunning = (pid: number) =>
  !/^Z|^$/.test(spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).stdout)

describe('a session', () => {
  it('ends a process with all that it started, and leaves no folder', async () => {
    const session = new Session()
    const child = session.start('bash', ['-c', 'sleep 60 & echo $!; wait'])
    const pid = await new Promise<number>((resolve) => child.stdout.once('data', (text) => resolve(Number(text))))
    expect(isRunning(pid)).toBe(true)
    session.close()
    await sleep(200)
    expect(isRunning(pid)).toBe(false)
    expect(existsSync(session.folder)).toBe(false)
    expect(() => session.start('true', [])).toThrow('has ended')
  })

  it('shows what a failed command printed, and stops one that takes too long', async () => {
    const session = new Session()
    try {
      await expect(session.run('bash', ['-c', 'echo lost >&2; exit 3'])).rejects.toThrow(/exit code 3\nlost/)
      await expect(session.run('sleep', ['60'], { timeout: 100 })).rejects.toThrow('stopped after 0.1 s')
      await expect(session.run('no-such-command', [])).rejects.toThrow(CommandError)
      expect(await session.run('bash', ['-c', 'echo $HOME'])).toBe(`${session.path('home')}\n`)
    } finally {
      session.close()
    }
  })
})

describe('a rehearsal', () => {
  const checks = [{ name: 'a', inShort: true }, { name: 'b' }]

  it('runs the checks that are asked for', () => {
    expect(chosen(checks, {})).toEqual(checks)
    expect(chosen(checks, { short: true })).toEqual([checks[0]])
    expect(chosen(checks, { only: 'b', short: true })).toEqual([checks[1]])
    expect(() => chosen(checks, { only: 'a,c' })).toThrow('no check is named c; there are a, b')
  })

  it('lets nobody publish but to our scope, nor keeps ours from being the only one', () => {
    const { packages } = JSON.parse(settings({ folder: '/tmp/x', scope: '@dsp', uplink: 'https://r.example/' }))
    expect(packages['@dsp/*']).toEqual({ access: '$all', publish: '$all' })
    expect(packages['**'].publish).toBeUndefined()
  })

  it('finds what a tarball lacks', () => {
    const texts = ['package.json', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE']
    const words = {
      description: 'a',
      keywords: ['a'],
      license: 'MIT',
      repository: {},
      homepage: 'h',
      bugs: {},
      engines: {},
    }
    const manifest = { name: '@dsp/yin', ...words, dependencies: { '@dsp/fft': '0.1.0', other: '1.0.0' } }
    const versions = new Map([['@dsp/fft', '0.1.0']])
    expect(faults(manifest, texts, versions)).toEqual([])
    expect(faults({ ...manifest, name: '@dsp/native' }, texts, versions)).toEqual(['the tarball lacks THIRD-PARTY.md'])
    const bad = { ...manifest, bugs: undefined, dependencies: { '@dsp/fft': '0.0.0' }, scripts: { install: 'make' } }
    expect(faults(bad, texts.slice(1), versions)).toEqual([
      'the tarball lacks package.json',
      'package.json lacks bugs',
      'it needs @dsp/fft 0.0.0, which is not what was published',
      'it has the install script install',
    ])
  })

  it('ends with a table', () => {
    const results = [
      { name: 'node-esm', state: 'passed', seconds: 1.25, note: '2 packages' },
      { name: 'bun', state: 'skipped', seconds: 0, note: 'bun@1 cannot be had' },
    ]
    expect(table(results)).toBe(
      'check     result      time\nnode-esm  passed     1.3 s  2 packages\nbun       skipped    0.0 s  bun@1 cannot be had\n1 passed, 0 failed, 1 skipped',
    )
  })
})
