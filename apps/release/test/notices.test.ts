import { describe, expect, it } from 'vitest'
import { linked, notices, taken } from '../src/notices.mjs'

describe('licences of crates', () => {
  it('are the first accepted of a choice, and all that are joined', () => {
    expect(taken('MIT OR Apache-2.0')).toEqual(['MIT'])
    expect(taken('Apache-2.0/MIT')).toEqual(['MIT'])
    expect(taken('Unlicense OR MIT')).toEqual(['MIT'])
    expect(taken('GPL-3.0 OR Apache-2.0')).toEqual(['Apache-2.0'])
    expect(taken('(MIT OR Apache-2.0) AND Unicode-3.0')).toEqual(['MIT', 'Unicode-3.0'])
    expect(() => taken('GPL-3.0')).toThrow('"GPL-3.0" has no licence that is accepted')
    expect(() => taken('MIT AND GPL-3.0')).toThrow('accepted')
  })

  it('are those of what is linked, not of what runs in the compiler, builds or tests', () => {
    const crate = (id: string, kind = 'lib', source: string | null = 'registry') => ({
      id,
      name: id,
      version: '1.0.0',
      source,
      targets: [{ kind: [kind] }],
    })
    const needs = (pkg: string, kind: string | null = null) => ({ pkg, dep_kinds: [{ kind }] })
    const metadata = {
      packages: [
        crate('ours', 'cdylib', null),
        crate('core', 'lib', null),
        crate('used'),
        crate('deep'),
        crate('derive', 'proc-macro'),
        crate('syn'),
        crate('build'),
        crate('test'),
      ],
      resolve: {
        nodes: [
          { id: 'ours', deps: [needs('core'), needs('derive'), needs('build', 'build'), needs('test', 'dev')] },
          { id: 'core', deps: [needs('used')] },
          { id: 'used', deps: [needs('deep')] },
          { id: 'deep', deps: [] },
          { id: 'derive', deps: [needs('syn')] },
        ],
      },
    }
    expect(linked(metadata, 'ours').map(({ name }) => name)).toEqual(['deep', 'used'])
  })

  it('come with every text once, and with the crates that it is for', () => {
    const crate = (name: string) => ({
      name,
      version: '2.0.0',
      license: 'MIT',
      repository: `https://example.com/${name}.git`,
    })
    const text = notices([crate('a'), crate('b'), crate('c')], ({ name }: { name: string }) =>
      name === 'c' ? 'Other' : 'Same  text',
    )
    expect(text).toContain('| [a](https://example.com/a) | 2.0.0 | MIT |')
    expect(text).toContain('## MIT: a, b\n\n```\nSame  text\n```')
    expect(text).toContain('## MIT: c\n\n```\nOther\n```')
  })
})
