import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { detectNpu, openDevice } from '../src/index.js'

/** A folder that stands for `/`, with the files of a machine. */
function machine(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'dsp-npu-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const PHOENIX = {
  'sys/bus/pci/devices/0000:c5:00.1/vendor': '0x1022\n',
  'sys/bus/pci/devices/0000:c5:00.1/device': '0x1502\n',
  'sys/bus/pci/devices/0000:c5:00.1/revision': '0x00\n',
  'sys/bus/pci/devices/0000:00:00.0/vendor': '0x8086\n',
  'sys/module/amdxdna/version': '1\n',
  'sys/class/accel/accel0/device/fw_version': '1.5.5.391\n',
  'dev/accel/accel0': '',
  'lib/firmware/amdnpu/1502_00/npu.sbin': '',
  'opt/xilinx/xrt/lib/libxrt_driver_xdna.so.2': '',
  'host/dsp-xrt-host': '',
}

describe('detection', () => {
  it('finds what is there', () => {
    const root = machine(PHOENIX)
    const found = detectNpu({ root, host: join(root, 'host/dsp-xrt-host') })
    expect(found).toMatchObject({
      pci: ['1022:1502 rev 00 (npu1)'],
      module: true,
      nodes: ['/dev/accel/accel0'],
      firmware: ['/lib/firmware/amdnpu/1502_00'],
      firmwareVersion: '1.5.5.391',
      library: '/opt/xilinx/xrt/lib/libxrt_driver_xdna.so.2',
      missing: [],
    })
  })

  it.each([
    ['sys/bus/pci/devices/0000:c5:00.1/device', 'no PCI device 1022:1502'],
    ['sys/module/amdxdna/version', 'the module amdxdna is not loaded'],
    ['dev/accel/accel0', 'no device file'],
    ['lib/firmware/amdnpu/1502_00/npu.sbin', 'install linux-firmware'],
    ['opt/xilinx/xrt/lib/libxrt_driver_xdna.so.2', 'install XRT 2.25'],
    ['host/dsp-xrt-host', 'native/aie/xrt/build'],
  ])('says what to do without %s', async (path, message) => {
    const { [path as keyof typeof PHOENIX]: _, ...files } = PHOENIX
    const root = machine(files)
    const detect = { root, host: join(root, 'host/dsp-xrt-host') }
    const { missing } = detectNpu(detect)
    expect(missing).toHaveLength(1)
    expect(missing[0]).toContain(message)
    await expect(openDevice({ device: 'xrt', detect })).rejects.toMatchObject({ code: 'ERR_DSP_DEVICE' })
    const device = await openDevice({ detect })
    expect(device.info.device).toBe('emulator')
    expect(device.info.chosen).toContain(message)
    await device.close()
  })

  it('does not fall back where an NPU should be there and fails', async () => {
    const root = machine(PHOENIX)
    await expect(openDevice({ detect: { root, host: join(root, 'host/dsp-xrt-host') } })).rejects.toMatchObject({
      code: 'ERR_DSP_DEVICE',
      message: expect.stringContaining('cannot be started'),
    })
    await expect(openDevice({ device: 'gpu' as 'auto' })).rejects.toMatchObject({ argument: 'device' })
  })
})
