import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'

// In the commands' processes, onnxruntime-node is as if it were not installed.
const resolve = `export async function resolve(name, context, next) {
  if (!name.startsWith('onnxruntime-node')) return next(name, context)
  throw Object.assign(new Error("Cannot find package 'onnxruntime-node'"), { code: 'ERR_MODULE_NOT_FOUND' })
}`
const asUrl = (script: string) => `data:text/javascript,${encodeURIComponent(script)}`
const hook = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(resolve))})`)
const before = process.env.NODE_OPTIONS
beforeAll(() => {
  process.env.NODE_OPTIONS = `${before ?? ''} --import ${hook}`
})
afterAll(() => {
  if (before === undefined) delete process.env.NODE_OPTIONS
  else process.env.NODE_OPTIONS = before
})

const work = scratch()
writeFileSync(work.in('tone.wav'), wav([tone(0.5)]))
const model = fileURLToPath(new URL('../../asr/models/an4', import.meta.url))

it('features are computed without ONNX Runtime', async () => {
  const outcome = await dsp(work.path, ['features', 'tone.wav', '--kind', 'fbank', '--out', 'x.npy'])
  expect(outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('onnx') as string })
})

it.each([
  ['in this thread', 'worker=false'],
  ['in a worker', 'worker=true'],
])('a command that needs it %s says what to install', async (_, setting) => {
  const { code, stderr } = await dsp(work.path, ['transcribe', 'tone.wav', '--model', model, '--set', setting])
  expect(code).toBe(1)
  expect(stderr).toMatch(/ONNX Runtime, which is not installed: run `npm install onnxruntime-node`/)
  expect(stderr).not.toMatch(/defect|^\s+at /m)
})
