import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callsOf, FOLDERS, FRUGAL, NODE_FLAGS } from '../src/memory/calls.ts'

/** Calls of each function. */
const CALLS = 150
/** MiB that a process may grow by over them: a result or a plan kept in each call would be more. */
const LIMIT = 12

describe('many calls', () => {
  it.each(FOLDERS)('of every function and stream of @dsp/%s leave no memory behind', async (folder) => {
    const child = join(import.meta.dirname, '../dist/memory-child.js')
    const output = execFileSync(process.execPath, [...NODE_FLAGS, child, folder, String(CALLS)], {
      encoding: 'utf8',
      env: { ...process.env, ...FRUGAL },
    })
    const lines = output.trim().split('\n')
    const found = lines.map((line) => JSON.parse(line))
    expect(found.map(({ name }) => name)).toEqual((await callsOf(folder)).map(({ name }) => name))
    for (const { name, before, after } of found) {
      expect([name, after.buffers - before.buffers]).toEqual([name, 0])
      expect([name, (after.resident - before.resident) / 2 ** 20 < LIMIT]).toEqual([name, true])
    }
  })
})
