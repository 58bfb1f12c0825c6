import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { XrtDevice } from '../src/xrt.js'

const aie = fileURLToPath(new URL('../../../native/aie/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'dsp-xrt-'))
const rootOf = spawnSync(join(aie, 'scripts/xrt-root'), { encoding: 'utf8' })
const root = rootOf.status === 0 ? rootOf.stdout.trim() : undefined
if (root === undefined) console.warn(`!!! SKIPPED: the XRT host was not built or run: ${rootOf.stderr.trim()}`)

const libraries = `${root}/usr/lib/x86_64-linux-gnu`
const host = join(folder, 'dsp-xrt-host')
const recorder = join(folder, 'recorder.so')
const instructions = join(folder, 'insts.bin')
writeFileSync(instructions, new Uint8Array(16))
if (root !== undefined) {
  execFileSync(join(aie, 'xrt/build'), [host], { env: { ...process.env, XRT_ROOT: root } })
  const flags = ['-std=c++17', '-shared', '-fPIC', '-isystem', `${root}/usr/include`]
  execFileSync('c++', [...flags, join(aie, 'xrt/recorder.cc'), '-o', recorder])
}

const INFO = { device: 'xrt', name: '', chosen: 'a test' } as const
const DESIGN = {
  xclbin: join(folder, 'a.xclbin'),
  instructions,
  buffers: [
    { name: 'samples', bytes: 8, direction: 'in' },
    { name: 'codes', bytes: 8, direction: 'out' },
  ],
} as const
let records = 0

/** A device whose XRT is the recording stand-in, and what was recorded. */
async function stand(settings: Record<string, string> = {}) {
  records += 1
  const record = join(folder, `record-${records}`)
  const env = { ...process.env, XILINX_XRT: `${root}/usr`, DSP_RECORD: record, ...settings }
  const command = [
    `${libraries}/ld-linux-x86-64.so.2`,
    '--library-path',
    libraries,
    '--preload',
    recorder,
    host,
  ] as const
  const device = await XrtDevice.open([...command], INFO, env)
  return { device, lines: () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []) }
}

/** What was made and not freed. */
function leaks(lines: readonly string[]): string[] {
  const count = (name: string) => lines.filter((line) => line === name || line.startsWith(`${name} `)).length
  // Calls whose objects come to be only after they are recorded: one that was made to fail made nothing.
  return ['device', 'xclbin', 'context', 'kernel', 'bo', 'run'].filter(
    (name) => count(name) > count(`free ${name}`) + 1,
  )
}

describe.skipIf(root === undefined)('the XRT host', () => {
  it('is told by the real XRT that there is no device', async () => {
    const command = [`${libraries}/ld-linux-x86-64.so.2`, '--library-path', libraries, host] as const
    const opened = XrtDevice.open([...command], INFO, { ...process.env, XILINX_XRT: `${root}/usr` })
    await expect(opened).rejects.toMatchObject({ code: 'ERR_DSP_DEVICE', message: 'XRT finds no NPU' })
  })

  it('asks XRT for what is needed, in its order, with its sizes, and frees everything', async () => {
    const { device, lines } = await stand()
    expect(device.info.name).toBe('a recording stand-in at 0000:c5:00.1')
    await device.load(DESIGN)
    await device.write('samples', Uint8Array.of(1, 2, 3, 4), 4)
    const { ranOn } = await device.run({ timeoutMs: 500 })
    expect(ranOn.proof).toContain('kernel MLIR_AIE on a recording stand-in')
    expect([...(await device.read('codes'))]).toEqual([1, 1, 1, 1, 2, 3, 4, 5])
    await device.run({ timeoutMs: 500 })
    await device.close()
    await device.close()
    const said = lines()
    const calls = said.slice(said.indexOf('register'), said.indexOf('wait 500') + 1)
    expect(calls).toEqual([
      'register',
      'context',
      'kernel MLIR_AIE',
      'bo 16 cacheable group 101',
      'write 16 at 0',
      'sync-to 16',
      'bo 8 host-only group 103',
      'bo 8 host-only group 104',
      'info',
      'write 4 at 4',
      'sync-to 8',
      'run',
      'argument 0 = 3',
      'argument 1 = bo of 16',
      'argument 2 = 4',
      'argument 3 = bo of 8',
      'argument 4 = bo of 8',
      'start',
      'wait 500',
    ])
    // what was not written again is not synced again
    expect(said.filter((line) => line.startsWith('sync-to'))).toHaveLength(2)
    expect(said.slice(-7)).toEqual([
      'free bo',
      'free bo',
      'free bo',
      'free kernel',
      'free context',
      'free xclbin',
      'free device',
    ])
    for (const name of ['xclbin', 'context', 'kernel', 'bo', 'run', 'device']) {
      const made = said.filter((line) => line === name || line.startsWith(`${name} `)).length
      expect(
        said.filter((line) => line === `free ${name}`),
        name,
      ).toHaveLength(made)
    }
  })

  it.each([
    ['register', 'register'],
    ['xclbin', 'xclbin'],
    ['kernels', 'xclbin'],
    ['context', 'context'],
    ['kernel', 'kernel'],
    ['bo', 'instructions'],
    ['sync-to', 'sync'],
  ])('says so where %s fails, and leaks nothing', async (call, step) => {
    const { device, lines } = await stand({ DSP_FAIL: call })
    await expect(device.load(DESIGN)).rejects.toMatchObject({
      code: 'ERR_DSP_DEVICE',
      message: `the NPU failed at the step "${step}": ${call} failed on purpose`,
    })
    await device.close()
    expect(leaks(lines())).toEqual([])
  })

  it.each([
    ['run', 'start'],
    ['argument', 'start'],
    ['start', 'start'],
    ['wait', 'wait'],
  ])('says so where %s fails in a run, and wants to be loaded again', async (call, step) => {
    const { device, lines } = await stand({ DSP_FAIL: call })
    await device.load(DESIGN)
    await expect(device.run()).rejects.toMatchObject({ message: expect.stringContaining(`the step "${step}"`) })
    await expect(device.run()).rejects.toMatchObject({ message: expect.stringContaining('nothing is loaded') })
    expect(device.counters.failures).toBe(2)
    await device.close()
    expect(leaks(lines())).toEqual([])
  })

  it('aborts a command that takes too long', async () => {
    const { device, lines } = await stand({ DSP_STATE: '8' })
    await device.load(DESIGN)
    await expect(device.run({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'ERR_DSP_TIMEOUT' })
    await device.close()
    expect(lines()).toContain('abort')
  })

  it('tells the state of a command that failed', async () => {
    const { device } = await stand({ DSP_STATE: '5' })
    await device.load(DESIGN)
    await expect(device.run()).rejects.toMatchObject({
      message: expect.stringContaining('the command ended in state 5'),
    })
    await device.close()
  })

  it('survives a device that vanishes', async () => {
    const { device } = await stand({ DSP_VANISH: '1' })
    await device.load(DESIGN)
    await expect(device.run()).rejects.toMatchObject({ message: expect.stringContaining('ended with code 9') })
    await expect(device.probe()).rejects.toMatchObject({ code: 'ERR_DSP_DEVICE' })
    await device.close()
  })

  it('ends a run that hangs when it is aborted', async () => {
    const { device } = await stand({ DSP_HANG: '1' })
    await device.load(DESIGN)
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    await expect(device.run({ signal: controller.signal })).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    await device.close()
  })

  it('runs in two processes at once, and refuses wrong designs', async () => {
    const both = await Promise.all([stand(), stand()])
    await Promise.all(both.map(({ device }) => device.load(DESIGN)))
    await Promise.all(both.map(({ device }) => device.run()))
    const { device } = both[0]
    const load = (changes: object) => device.load({ ...DESIGN, ...changes })
    await expect(load({ instructions: '/nowhere' })).rejects.toMatchObject({
      message: expect.stringContaining('/nowhere cannot be read'),
    })
    await expect(load({ buffers: [] })).rejects.toMatchObject({ argument: 'buffers' })
    await expect(load({ buffers: [{ name: 'a', bytes: 5, direction: 'in' }] })).rejects.toMatchObject({
      argument: 'buffers.a',
    })
    await expect(device.load({ frames: 8 })).rejects.toMatchObject({ argument: 'design' })
    await Promise.all(both.map((one) => one.device.close()))
  })
})
