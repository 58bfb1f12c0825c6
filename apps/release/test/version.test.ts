import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PLACES, withCrates, withVersion } from '../src/version.mjs'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

describe('one version', () => {
  const { version } = JSON.parse(read('native/node/package.json'))

  it.each(PLACES)('is in %s and can be replaced there', (path, before) => {
    expect(before.exec(read(path))?.[0]).toMatch(new RegExp(`"${version.replaceAll('.', '\\.')}$`))
    const next = withVersion(read(path), before, '12.3.4', path)
    expect(next.length).toBe(read(path).length + '12.3.4'.length - version.length)
    expect(next).toContain('"12.3.4"')
  })

  it('is an error where a file no longer says it', () => {
    expect(() => withVersion('[package]\n', PLACES[0][1], '1.0.0', 'native/Cargo.toml')).toThrow('native/Cargo.toml')
  })

  it("is changed in Cargo's lock file for our crates alone", () => {
    const lock = read('native/Cargo.lock')
    const next = withCrates(lock, '12.3.4')
    const changed = next.split('\n').filter((line, i) => line !== lock.split('\n')[i])
    expect(new Set(changed)).toEqual(new Set(['version = "12.3.4"']))
    const names = [...next.matchAll(/name = "([^"]+)"\nversion = "12\.3\.4"/g)].map(([, name]) => name)
    expect(names).toEqual(['dsp-aie', 'dsp-codec', 'dsp-core', 'dsp-node', 'dsp-python'])
  })
})
