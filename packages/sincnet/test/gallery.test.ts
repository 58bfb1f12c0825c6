import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tensor } from '@dsp/tensor'
import { errorOf, noise } from '@dsp/tensor/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { Gallery, score } from '../src/index.js'
import { errorOfAsync } from './errors.js'

const folder = mkdtempSync(join(tmpdir(), 'dsp-gallery-'))
afterAll(() => rmSync(folder, { recursive: true }))

const voice = (seed: number, dimensions = 32) => ({ vector: tensor(noise(dimensions, seed)), model: 'm' })

function filled(count: number): Gallery {
  const gallery = new Gallery('m', 32)
  for (let i = 0; i < count; i++) gallery.add(`speaker ${i} ü`, voice(i))
  return gallery
}

it('finds what scoring every entry finds', () => {
  const gallery = filled(3000)
  for (const name of ['speaker 17 ü', 'speaker 2999 ü', 'speaker 0 ü']) gallery.remove(name)
  expect(gallery.size).toBe(2997)
  const queries = Array.from({ length: 9 }, (_, i) => voice(10_000 + i))
  const found = gallery.searchBatch(queries, 7)
  queries.forEach((query, i) => {
    const scored = gallery.names.map((name) => ({ name, score: score(query, gallery.get(name)) }))
    const best = scored.sort((a, b) => b.score - a.score).slice(0, 7)
    expect(found[i]!.map(({ name }) => name)).toEqual(best.map(({ name }) => name))
    found[i]!.forEach((match, rank) => {
      expect(match.score).toBeCloseTo(best[rank]!.score, 6)
    })
    expect(gallery.search(query, 7)).toEqual(found[i])
  })
  expect(gallery.search(voice(42))[0]).toMatchObject({ name: 'speaker 42 ü' })
  expect(gallery.search(queries[0]!, 1e9).length).toBe(2997)
  gallery.close()
})

it('comes back from a file as it was', async () => {
  for (const count of [0, 1, 5000]) {
    const [gallery, path] = [filled(count), join(folder, `whole-${count}`)]
    if (count > 1) gallery.remove('speaker 7 ü')
    await gallery.save(path)
    const again = await Gallery.load(path, 'm')
    expect(again.names).toEqual(gallery.names)
    expect([again.model, again.dimensions, again.bytes]).toEqual(['m', 32, gallery.bytes])
    expect(again.search(voice(3), 5)).toEqual(gallery.search(voice(3), 5))
    for (const name of gallery.names.slice(0, 9)) expect(again.get(name)).toEqual(gallery.get(name))
    await again.save(`${path}-again`)
    expect(readFileSync(`${path}-again`).equals(readFileSync(path))).toBe(true)
    gallery.close()
    again.close()
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

describe('a file that is', () => {
  const path = join(folder, 'good')
  const bad = join(folder, 'bad')
  const open = (bytes: Uint8Array) => {
    writeFileSync(bad, bytes)
    return errorOfAsync(async () => (await Gallery.load(bad)).close())
  }

  it('cut or altered anywhere is an error', async () => {
    const gallery = filled(40)
    await gallery.save(path)
    gallery.close()
    const bytes = readFileSync(path)
    for (let length = 0; length < bytes.length; length += length < 200 ? 1 : 97) {
      expect((await open(bytes.subarray(0, length))).code).toBe('ERR_DSP_FORMAT')
    }
    expect((await open(Buffer.concat([bytes, Buffer.alloc(1)]))).code).toBe('ERR_DSP_FORMAT')
    for (let at = 0; at < bytes.length; at += at < 200 ? 1 : 61) {
      const altered = Buffer.from(bytes)
      altered[at]! ^= 1 << (at % 8)
      expect(`${at} ${(await open(altered)).code}`).toBe(`${at} ERR_DSP_FORMAT`)
    }
  })

  it('hostile is an error before memory is spent', async () => {
    const file = (header: object | string, names: unknown, vectors = Buffer.alloc(0), lengths?: [number, number]) => {
      const [head, list] = [header, names].map((x) => Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)))
      const prefix = Buffer.alloc(20)
      prefix.write('DSPVOICE')
      prefix.writeUInt32LE(lengths?.[0] ?? head!.length, 8)
      prefix.writeBigUInt64LE(BigInt(lengths?.[1] ?? list!.length), 12)
      const all = Buffer.concat([prefix, head!, list!, vectors])
      return Buffer.concat([all, createHash('sha256').update(all).digest()])
    }
    const one = Buffer.from(Float32Array.of(1, 0).buffer)
    const header = { format: 1, model: 'm', dimensions: 2, count: 1 }
    const good = await open(file(header, ['a'], one)).catch(() => 'no error')
    expect(good).toBe('no error')
    for (const bytes of [
      file({ ...header, format: 2 }, ['a'], one),
      file({ ...header, count: 2 ** 31 }, ['a'], one),
      file({ ...header, count: -1 }, ['a'], one),
      file({ ...header, count: 0.5, dimensions: 4 }, ['a'], one),
      file({ ...header, dimensions: 1e9 }, ['a'], one),
      file({ ...header, model: '' }, ['a'], one),
      file({ ...header, model: 7 }, ['a'], one),
      file('null', ['a'], one),
      file('{', ['a'], one),
      file(header, ['a'], one, [2 ** 32 - 1, 5]),
      file(header, ['a'], one, [10, 2 ** 52]),
      file(header, ['a', 'b'], one),
      file(header, [7], one),
      file(header, [''], one),
      file(header, 'x', one),
      file({ ...header, count: 2 }, ['a', 'a'], Buffer.concat([one, one])),
      file(header, ['a'], Buffer.from(Float32Array.of(9, 0).buffer)),
      file(header, ['a'], Buffer.from(Float32Array.of(Number.NaN, 0).buffer)),
    ]) {
      expect((await open(bytes)).code).toBe('ERR_DSP_FORMAT')
    }
  })

  it('of another model is refused', async () => {
    expect(await errorOfAsync(() => Gallery.load(path, 'n'))).toMatchObject({
      code: 'ERR_DSP_MODEL',
      expected: 'n',
      actual: 'm',
    })
  })

  it('missing, or in a place that cannot be written, is an error', async () => {
    expect((await errorOfAsync(() => Gallery.load(join(folder, 'nothing')))).code).toBe('ERR_DSP_IO')
    expect((await errorOfAsync(() => Gallery.load(folder))).code).toMatch(/IO|FORMAT/)
    const gallery = filled(1)
    expect((await errorOfAsync(() => gallery.save(join(folder, 'no', 'where')))).code).toBe('ERR_DSP_IO')
    mkdirSync(join(folder, 'taken', 'full'), { recursive: true })
    expect((await errorOfAsync(() => gallery.save(join(folder, 'taken')))).code).toBe('ERR_DSP_IO')
    expect((await errorOfAsync(() => gallery.save(7 as never))).argument).toBe('path')
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    gallery.close()
  })
})

it('stays as it is while it is written', async () => {
  const gallery = filled(3)
  const saved = gallery.save(join(folder, 'slow'))
  expect(errorOf(() => gallery.add('new', voice(9))).argument).toBe('the gallery')
  expect(errorOf(() => gallery.remove('speaker 0 ü')).argument).toBe('the gallery')
  await saved
  gallery.add('new', voice(9))
  gallery.close()
})

it('refuses embeddings of another model, and names that are taken or none', () => {
  const gallery = filled(2)
  const other = { ...voice(5), model: 'n' }
  expect(errorOf(() => gallery.add('x', other))).toMatchObject({ code: 'ERR_DSP_MODEL', argument: 'embedding' })
  expect(errorOf(() => gallery.search(other)).code).toBe('ERR_DSP_MODEL')
  expect(errorOf(() => gallery.add('x', voice(5, 31))).code).toBe('ERR_DSP_SHAPE')
  expect(errorOf(() => gallery.searchBatch([voice(5), voice(5, 31)])).argument).toBe('queries[1]')
  for (const name of ['speaker 0 ü', '', 'x'.repeat(1025), '\ud800', 7, undefined]) {
    expect(errorOf(() => gallery.add(name as never, voice(5))).argument).toBe('name')
  }
  expect(errorOf(() => gallery.remove('nobody')).argument).toBe('name')
  expect(errorOf(() => gallery.get('nobody')).argument).toBe('name')
  for (const k of [0, -1, 1.5, Number.NaN]) expect(errorOf(() => gallery.search(voice(1), k)).argument).toBe('k')
  expect(gallery.size).toBe(2)
  expect(errorOf(() => new Gallery('')).argument).toBe('model')
  for (const dimensions of [0, 2049, 1.5, 1e15]) {
    expect(errorOf(() => new Gallery('m', dimensions)).argument).toBe('dimensions')
  }
  gallery.close()
  expect(errorOf(() => gallery.search(voice(1))).code).toBe('ERR_DSP_ARGUMENT')
})
