import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { repositoryRoot } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { Whisper } from '../src/index.js'
import { q15FrontEnd } from '../src/q15.js'

const aie = join(repositoryRoot(), 'native/aie')
const folder = mkdtempSync(join(tmpdir(), 'dsp-whisper-xrt-'))
const files = { xclbin: join(folder, 'a.xclbin'), instructions: join(folder, 'insts.bin') }
writeFileSync(files.instructions, new Uint8Array(16))

it('says what was looked for where there is no NPU, and runs nowhere else', async () => {
  const detect = { root: join(folder, 'nothing') }
  await expect(q15FrontEnd(80, 'whisper', 'log2-int8', { device: 'xrt', ...files, detect })).rejects.toMatchObject({
    code: 'ERR_DSP_DEVICE',
    message: expect.stringMatching(/there is no NPU to run on:\n- no PCI device 1022:1502.*\n- the module amdxdna/),
  })
})

it.each([
  [{ device: 'xrt' }, 'xclbin'],
  [{ device: 'xrt', xclbin: 'a' }, 'instructions'],
  [{ device: 'xrt', ...files, frontEnd: 'float' }, 'device'],
  [{ xclbin: 'a' }, 'xclbin'],
  [{ instructions: 'a' }, 'instructions'],
  [{ device: 'npu' as 'xrt' }, 'device'],
] as const)('refuses %o before a model is loaded', async (options, argument) => {
  await expect(Whisper.load('/nowhere', options)).rejects.toMatchObject({ argument })
})

const rootOf = spawnSync(join(aie, 'scripts/xrt-root'), { encoding: 'utf8' })
const root = rootOf.status === 0 ? rootOf.stdout.trim() : undefined
if (root === undefined) console.warn(`!!! SKIPPED: the front end was not run on the XRT host: ${rootOf.stderr.trim()}`)

/** A machine as `detectNpu` wants it, whose XRT is the recording stand-in. */
function standIn() {
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`
  const [host, recorder, start] = ['dsp-xrt-host', 'recorder.so', 'start'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  execFileSync(join(aie, 'xrt/build'), [host], { env: { ...process.env, XRT_ROOT: root } })
  const flags = ['-std=c++17', '-shared', '-fPIC', '-isystem', `${root}/usr/include`]
  execFileSync('c++', [...flags, join(aie, 'xrt/recorder.cc'), '-o', recorder])
  const record = join(folder, 'record')
  writeFileSync(
    start,
    `#!/bin/sh\nexport XILINX_XRT=${root}/usr DSP_RECORD=${record}\nexec ${libraries}/ld-linux-x86-64.so.2 --library-path ${libraries} --preload ${recorder} ${host}\n`,
  )
  chmodSync(start, 0o755)
  const machine = join(folder, 'machine')
  const slot = 'sys/bus/pci/devices/0000:c5:00.1'
  for (const [path, text] of Object.entries({
    [`${slot}/vendor`]: '0x1022',
    [`${slot}/device`]: '0x1502',
    [`${slot}/revision`]: '0x00',
    'sys/module/amdxdna/version': '',
    'dev/accel/accel0': '',
    'lib/firmware/amdnpu/1502_00/npu.sbin': '',
    'usr/lib/libxrt_driver_xdna.so.2': '',
  })) {
    mkdirSync(dirname(join(machine, path)), { recursive: true })
    writeFileSync(join(machine, path), text)
  }
  return { detect: { root: machine, host: start }, lines: () => readFileSync(record, 'utf8').trim().split('\n') }
}

describe.skipIf(root === undefined)('with the recording stand-in of XRT', () => {
  it('asks for a window of the design, and says that XRT completed it', { timeout: 60_000 }, async () => {
    const { detect, lines } = standIn()
    const frontEnd = await q15FrontEnd(80, 'whisper', 'log2-int8', { device: 'xrt', ...files, detect })
    expect(frontEnd.device).toContain('xrt (a recording stand-in at 0000:c5:00.1')
    const features = await frontEnd.features(new Float32Array(16000).fill(0.1), undefined)
    expect(features.shape).toEqual([1, 80, 3000])
    expect(frontEnd.device).toMatch(/^npu \(a recording stand-in.*XRT completed the command/)
    await frontEnd.close()
    // 3,008 frames: a window, and the padding of the last round
    expect(lines().filter((line) => line.includes('host-only'))).toEqual([
      `bo ${2 * (3007 * 160 + 400)} host-only group 103`,
      `bo ${3008 * 80} host-only group 104`,
    ])
    expect(lines().filter((line) => line === 'start')).toHaveLength(1)
  })
})
