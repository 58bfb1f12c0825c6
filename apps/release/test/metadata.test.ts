import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { address, problems, write } from '../src/metadata.mjs'

const folder = mkdtempSync(join(tmpdir(), 'dsp-metadata-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('where the source is', () => {
  it.each([
    'https://github.com/ada/sound',
    'https://github.com/ada/sound/',
    'git+https://github.com/ada/sound.git',
    'git+ssh://git@github.com/ada/sound.git',
    'git@github.com:ada/sound.git',
  ])('is read from %s', (text) => {
    expect(address(text)).toBe('https://github.com/ada/sound')
    expect(address({ type: 'git', url: text })).toBe('https://github.com/ada/sound')
  })

  it('may be unknown, but not unreadable', () => {
    expect(address(undefined)).toBeUndefined()
    expect(() => address('sound')).toThrow('"sound" is not the https or ssh address')
  })

  it('is written once and then in every public package', () => {
    mkdirSync(join(folder, 'packages/yin'), { recursive: true })
    mkdirSync(join(folder, 'apps/bench'), { recursive: true })
    const root = new URL('../../../', import.meta.url).pathname
    for (const name of ['packages/yin/package.json', 'apps/bench/package.json'])
      cpSync(join(root, name), join(folder, name))
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'root', license: 'MIT' }))
    expect(() => write(folder)).toThrow('package.json names no repository')
    write(folder, 'https://github.com/ada/sound')
    expect(read('package.json').repository).toEqual({ type: 'git', url: 'git+https://github.com/ada/sound.git' })
    const { repository, homepage, bugs } = read('packages/yin/package.json')
    expect(repository).toEqual({ type: 'git', url: 'git+https://github.com/ada/sound.git', directory: 'packages/yin' })
    expect(homepage).toBe('https://github.com/ada/sound/tree/HEAD/packages/yin#readme')
    expect(bugs).toEqual({ url: 'https://github.com/ada/sound/issues' })
    expect(read('apps/bench/package.json').repository).toBeUndefined()
    expect(problems(folder)).toEqual([])
    writeFileSync(
      join(folder, 'packages/yin/package.json'),
      JSON.stringify({ ...read('packages/yin/package.json'), homepage: 'x' }),
    )
    expect(problems(folder)).toEqual([expect.stringMatching(/yin: homepage is not what/)])
  })
})
