import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callsOf, FOLDERS, FRUGAL, NODE_FLAGS } from '../src/memory/calls.ts'

/** Calls of each function. */
const CALLS = 150
/** MiB that a process may grow by over them: a result or a plan kept in each call would be more. */
const LIMIT = 12

const child = join(import.meta.dirname, '../dist/memory-child.js')

function grown(folder: string, calls: number, names: readonly string[] = []) {
  const output = execFileSync(process.execPath, [...NODE_FLAGS, child, folder, String(calls), ...names], {
    encoding: 'utf8',
    env: { ...process.env, ...FRUGAL },
  })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ name, before, after }) => ({
      name: name as string,
      buffers: (after.buffers - before.buffers) as number,
      resident: (after.resident - before.resident) / 2 ** 20,
    }))
}

describe('many calls', () => {
  it.each(FOLDERS)('of every function and stream of @dsp/%s leave no memory behind', async (folder) => {
    const found = grown(folder, CALLS)
    expect(found.map(({ name }) => name)).toEqual((await callsOf(folder)).map(({ name }) => name))
    for (const { name, buffers } of found) expect([name, buffers]).toEqual([name, 0])
    const suspects = found.filter(({ resident }) => resident > LIMIT).map(({ name }) => name)
    // Threads and the collector keep some memory once; what leaks grows with the calls.
    const again = suspects.length > 0 ? grown(folder, 5 * CALLS, suspects) : []
    for (const { name, resident } of again) expect([name, resident]).toEqual([name, Math.min(resident, 2 * LIMIT)])
  })
})
