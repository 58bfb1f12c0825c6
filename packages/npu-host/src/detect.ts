import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What was looked for, and what of it is there. */
export interface NpuDetection {
  /** The PCI ids that were found, such as `1022:1502 rev 00 (npu1)`. */
  readonly pci: readonly string[]
  /** Whether the module `amdxdna` is loaded. */
  readonly module: boolean
  /** The device files, such as `/dev/accel/accel0`. */
  readonly nodes: readonly string[]
  /** The folders of firmware, such as `/lib/firmware/amdnpu/1502_00`. */
  readonly firmware: readonly string[]
  /** The version of the firmware that runs, if the driver tells it. */
  readonly firmwareVersion: string | null
  /** XRT's library for the NPU. */
  readonly library: string | null
  /** Our executable over XRT. */
  readonly host: string | null
  /** What lacks, each with what to do; empty where everything is there. */
  readonly missing: readonly string[]
}

/** Where to look. */
export interface DetectOptions {
  /** The folder that stands for `/`. */
  readonly root?: string
  /** Our executable over XRT; by default `DSP_XRT_HOST`, or where `native/aie/xrt/build` puts it. */
  readonly host?: string
}

const DEVICES: Record<string, string> = {
  '1502:00': 'npu1',
  '17f0:10': 'npu4',
  '17f0:11': 'npu5',
  '17f0:20': 'npu6',
}
const LIBRARIES = ['opt/xilinx/xrt/lib', 'usr/lib/x86_64-linux-gnu', 'usr/lib64', 'usr/lib']

/**
 * Looks for an AMD NPU and for what XRT needs to reach it. Nothing is opened.
 * @param options - Where to look.
 *
 * @example
 * ```ts
 * import { detectNpu } from '@dsp/npu-host'
 * const { missing } = detectNpu({ root: '/nowhere' })
 * missing[0] // => 'no PCI device 1022:1502 (Phoenix, Hawk Point) or 1022:17f0 (Strix and later) in /nowhere/sys/bus/pci/devices: this machine has no AMD NPU, or its firmware setup disables it'
 * ```
 */
export function detectNpu({ root = '/', host }: DetectOptions = {}): NpuDetection {
  const at = (path: string) => join(root, path)
  const list = (path: string) => (existsSync(at(path)) ? readdirSync(at(path)).sort() : [])
  const text = (path: string) => {
    try {
      return readFileSync(at(path), 'utf8').trim().replace(/^0x/, '')
    } catch {
      return ''
    }
  }
  const pci = list('sys/bus/pci/devices').flatMap((slot) => {
    const [vendor, device, revision] = ['vendor', 'device', 'revision'].map((name) =>
      text(`sys/bus/pci/devices/${slot}/${name}`),
    )
    if (vendor !== '1022' || (device !== '1502' && device !== '17f0')) return []
    return [{ device, revision, name: DEVICES[`${device}:${revision}`] ?? 'an unknown revision' }]
  })
  const module = existsSync(at('sys/module/amdxdna'))
  const nodes = list('dev/accel').filter((name) => /^accel\d+$/.test(name))
  const firmware = list('lib/firmware/amdnpu').map((name) => `/lib/firmware/amdnpu/${name}`)
  const version = list('sys/class/accel').map((name) => text(`sys/class/accel/${name}/device/fw_version`))
  const library = LIBRARIES.map((folder) => `${folder}/libxrt_driver_xdna.so.2`).find((path) => existsSync(at(path)))
  const executable = host ?? process.env.DSP_XRT_HOST ?? join(cache(), 'dsp/xrt/dsp-xrt-host')
  const missing: string[] = []
  const lacks = (isThere: boolean, message: string) => {
    if (!isThere) missing.push(message)
  }
  lacks(
    pci.length > 0,
    `no PCI device 1022:1502 (Phoenix, Hawk Point) or 1022:17f0 (Strix and later) in ${at('sys/bus/pci/devices')}: this machine has no AMD NPU, or its firmware setup disables it`,
  )
  lacks(
    module,
    `the module amdxdna is not loaded (${at('sys/module/amdxdna')}): use Linux 6.14 or newer, or install AMD's xdna-driver`,
  )
  lacks(nodes.length > 0, `no device file in ${at('dev/accel')}: see what the kernel's log says of amdxdna`)
  lacks(
    pci.every(({ device, revision }) => firmware.some((path) => path.endsWith(`/${device}_${revision}`))) &&
      firmware.length > 0,
    `no firmware in ${at('lib/firmware/amdnpu')}: install linux-firmware, whose protocol must be the driver's`,
  )
  lacks(
    library !== undefined,
    `no libxrt_driver_xdna.so.2 below ${root}: install XRT 2.25 or newer with its NPU driver`,
  )
  const hasHost = existsSync(executable)
  lacks(hasHost, `no ${executable}: build it with native/aie/xrt/build, or name it in DSP_XRT_HOST`)
  return {
    pci: pci.map(({ device, revision, name }) => `1022:${device} rev ${revision} (${name})`),
    module,
    nodes: nodes.map((name) => `/dev/accel/${name}`),
    firmware,
    firmwareVersion: version.find((found) => found !== '') ?? null,
    library: library === undefined ? null : `/${library}`,
    host: hasHost ? executable : null,
    missing,
  }
}

function cache(): string {
  return process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '/', '.cache')
}
