import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PLACES, withPlatforms, withVersion } from '../src/version.mjs'

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

  it('is that of the platform packages, and of no other optional dependency', () => {
    const optionalDependencies = { '@dsp/native-linux-x64-gnu': '0.0.0', other: '2.0.0' }
    expect(withPlatforms({ name: '@dsp/native', version: '0.1.0', optionalDependencies }).optionalDependencies).toEqual(
      {
        '@dsp/native-linux-x64-gnu': '0.1.0',
        other: '2.0.0',
      },
    )
    expect(withPlatforms({ name: '@dsp/native', version: '0.1.0' })).toEqual({ name: '@dsp/native', version: '0.1.0' })
  })
})
