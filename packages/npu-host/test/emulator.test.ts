import { aieDesign, melQ15, q15Outputs, q15Profiles } from '@dsp/mel-q15'
import { DspError } from '@dsp/tensor'
import { afterEach, describe, expect, it } from 'vitest'
import { type Device, openDevice } from '../src/index.js'

const failure = async (work: Promise<unknown>): Promise<DspError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DspError)
  return error as DspError
}

const noise = (count: number) => Int16Array.from({ length: count }, (_, i) => ((i * 7919 + 13) % 65536) - 32768)

describe('the emulator', () => {
  const opened: Device[] = []
  const open = async () => {
    const device = await openDevice({ device: 'emulator' })
    opened.push(device)
    return device
  }
  afterEach(() => Promise.all(opened.splice(0).map((device) => device.close())))

  it('gives the same codes on any number of tiles, and says where it ran', async () => {
    const codes: string[] = []
    for (const [columns, cores] of [
      [1, 1],
      [2, 2],
      [4, 4],
    ] as const) {
      const device = await open()
      const { buffers } = await device.load({ frames: 384, columns, cores })
      expect(buffers.map(({ bytes }) => bytes)).toEqual([2 * (383 * 160 + 400), 384 * 80])
      await device.write('samples', noise(383 * 160 + 400))
      const { ranOn, model, milliseconds } = await device.run()
      expect(ranOn.place).toBe('emulator')
      expect(ranOn.proof).toContain(`on ${columns * cores} threads`)
      expect(model?.label).toBe('model')
      expect(model?.compute).toBe((384 / columns / cores) * 28_000)
      expect(model?.microseconds.map(({ clock }) => clock)).toEqual([800, 1024, 1309, 1600])
      expect(milliseconds).toBeGreaterThan(0)
      codes.push(Buffer.from(await device.read('codes')).toString('hex'))
      expect(device.counters).toEqual({ runs: 1, failures: 0, bytesWritten: 2 * (383 * 160 + 400), bytesRead: 30_720 })
    }
    expect(new Set(codes).size).toBe(1)
    expect(codes[0]).not.toMatch(/^0*$/)
  })

  it("has the design's buffers on any number of tiles, and the same codes in them", async () => {
    const frames = 3000
    const samples = noise(3007 * 160 + 400)
    const codes: Uint8Array[] = []
    for (const columns of [1, 2, 3, 4]) {
      for (const cores of [1, 2, 3, 4]) {
        const { plan } = aieDesign({ frames, columns, coresPerColumn: cores })
        const device = await open()
        const { buffers } = await device.load({ frames, columns, cores })
        expect(buffers.map(({ bytes }) => bytes)).toEqual([2 * plan.samples, plan.outputBytes])
        await device.write('samples', samples.subarray(0, plan.samples))
        const { ranOn } = await device.run()
        const each = plan.columns.flatMap(({ calls, rows }) => rows.map(() => 8 * calls))
        expect(ranOn.proof).toContain(`frames on each: ${each.join(', ')}`)
        codes.push((await device.read('codes')).subarray(0, frames * 80))
        await device.close()
      }
    }
    for (const one of codes) expect(Buffer.compare(one, codes[0]!)).toBe(0)
  })

  const bankOptions = {
    sr: 16000,
    nFft: 400,
    nMels: 40,
    fmin: 50,
    htk: true,
    norm: null,
    spectrum: 'magnitude',
  } as const
  for (const output of q15Outputs) {
    it.each([
      ...q15Profiles.map((profile) => ({ profile, bank: {} })),
      { profile: 'accurate' as const, bank: bankOptions },
    ])(`gives the reference's codes of ${output}, $profile $bank`, async ({ profile, bank }) => {
      const device = await open()
      await device.load({ profile, bank, output, frames: 24 })
      const samples = noise(23 * 160 + 400)
      await device.write('samples', samples)
      await device.run()
      const y = Float32Array.from(samples, (sample) => sample / 32768)
      const { data } = melQ15(y, { profile, ...bank, output, center: false })
      expect(Buffer.from(await device.read('codes'))).toEqual(Buffer.from(data.buffer, 0, data.byteLength))
      expect(data.some((code) => code > 0)).toBe(true)
    })
  }

  it('takes the options of a bank where its profile does', async () => {
    const device = await open()
    const refused = await failure(device.load({ profile: 'classic', bank: { nMels: 40 } }))
    expect(refused.argument).toBe('nMels')
    expect((await failure(device.load({ profile: 'accurate', bank: { nFft: 1024 } }))).argument).toBe('bank')
    const { buffers } = await device.load({ profile: 'accurate', bank: { nMels: 40 }, frames: 8 })
    expect(buffers[1]).toEqual({ name: 'codes', bytes: 320, direction: 'out' })
  })

  it('refuses what the hardware does', async () => {
    const device = await open()
    expect((await failure(device.load({ columns: 5 }))).message).toContain('columns must be between 1 and 4')
    expect((await failure(device.load({ frames: 8, columns: 2 }))).message).toContain('at most 1 for 8 frames')
    expect((await failure(device.load({ frames: 1.5 }))).message).toContain('a whole number')
    expect((await failure(device.load({ framesPerCall: 50 }))).message).toContain('at most 65536 bytes on a tile')
    expect((await failure(device.load({ xclbin: 'a', instructions: 'b', buffers: [] }))).message).toContain('no xclbin')
    await device.load({ frames: 8 })
    expect((await failure(device.write('samples', new Int16Array(2), 2))).argument).toBe('offset')
    expect((await failure(device.write('samples', new Int16Array(3)))).message).toContain('a multiple of 4 bytes')
    expect((await failure(device.write('samples', new Int16Array(4000)))).message).toContain('at most 3040')
    expect((await failure(device.write('codes', new Int8Array(4)))).message).toContain('one of the inputs: samples')
    expect((await failure(device.read('samples'))).message).toContain('one of the outputs: codes')
  })

  it('takes samples at an odd place of their memory', async () => {
    const device = await open()
    await device.load({ frames: 8 })
    const at = (offset: number) => new Uint8Array(new Uint8Array(3041).fill(7).buffer, offset, 3040)
    const runs: Uint8Array[] = []
    for (const offset of [0, 1]) {
      await device.write('samples', at(offset))
      await device.run()
      runs.push(await device.read('codes'))
    }
    expect(runs[1]).toEqual(runs[0])
  })

  it('runs once at a time, ends an aborted run, and is closed for good', async () => {
    const device = await open()
    expect((await failure(device.run())).message).toContain('loaded with a design first')
    // frames of noise take long enough that the run cannot end before it is aborted
    const long = noise(80_000 * 160 + 240)
    await device.load({ frames: 80_000 })
    await device.write('samples', long)
    const controller = new AbortController()
    // aborted in the same turn, so that a busy machine cannot end the run first
    const both = [failure(device.run({ signal: controller.signal })), failure(device.run())]
    controller.abort()
    const [aborted, second] = await Promise.all(both)
    expect(second!.message).toContain('one run goes on at a time')
    expect(aborted!.code).toBe('ERR_DSP_ABORTED')
    await device.load({ frames: 80_000 })
    await device.write('samples', long)
    expect((await failure(device.run({ timeoutMs: 1 }))).code).toBe('ERR_DSP_TIMEOUT')
    expect((await failure(device.run())).code).toBe('ERR_DSP_DEVICE')
    expect((await failure(device.run({ timeoutMs: 0 }))).argument).toBe('timeoutMs')
    await device.close()
    await device.close()
    expect((await failure(device.run())).message).toContain('a closed device')
    expect((await failure(device.probe())).message).toContain('a closed device')
  })

  it('runs on two devices at once', async () => {
    const devices = await Promise.all([open(), open()])
    await Promise.all(devices.map((device) => device.load({ frames: 800 })))
    await Promise.all(devices.map((device) => device.write('samples', noise(16_000))))
    await Promise.all(devices.map((device) => device.run()))
    const [a, b] = await Promise.all(devices.map((device) => device.read('codes')))
    expect(a).toEqual(b)
  })
})
