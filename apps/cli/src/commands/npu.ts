import { readFile } from 'node:fs/promises'
import { detectNpu, inspect, type NpuFile, type NpuPdi, type XclbinFile } from '@dsp/npu-host'
import { DspError } from '@dsp/tensor'
import type { Command } from 'commander'
import { exitCodes } from '../failure.js'

interface Flags {
  readonly json?: boolean
}

/** Adds `dsp npu`. */
export function addNpu(program: Command): void {
  const npu = program
    .command('npu')
    .summary('look at an AMD NPU and its files')
    .description('Looks at an AMD NPU and at the files that it is programmed with. No NPU is needed to read files.')
  npu
    .command('inspect')
    .summary('read an xclbin, an instruction stream or a PDI')
    .description(
      'Reads an xclbin, an instruction stream (insts.bin) or a PDI, and checks every offset, count and length in it.',
    )
    .argument('<file>', 'the file, whatever its name')
    .option('--json', 'print one object with everything that was decoded')
    .action(inspectFile)
  npu
    .command('info')
    .summary('say whether there is an NPU, and what it lacks')
    .description(
      'Looks for an AMD NPU, its driver, firmware, XRT and our host program, and says what to do where one lacks.\n' +
        'Opens nothing. Exit code 1 if something is missing.',
    )
    .option('--json', 'print one object')
    .action(info)
  for (const command of npu.commands) command.exitOverride().showHelpAfterError('(--help shows how it is used)')
}

async function inspectFile(path: string, { json }: Flags): Promise<void> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new DspError(`${path} cannot be read: ${cause.message}`, { code: 'ERR_DSP_IO', argument: 'file', cause })
  })
  const file = inspect(bytes)
  console.log(json ? JSON.stringify(file) : toText(file).join('\n'))
}

function info({ json }: Flags): void {
  const found = detectNpu()
  if (json) {
    console.log(JSON.stringify(found))
  } else {
    const list = (items: readonly string[]) => (items.length === 0 ? 'none' : items.join(', '))
    console.log(`NPU       ${list(found.pci)}`)
    console.log(`driver    ${found.module ? 'amdxdna' : 'none'}; device files: ${list(found.nodes)}`)
    console.log(`firmware  ${found.firmwareVersion ?? 'not running'}; files: ${list(found.firmware)}`)
    console.log(`XRT       ${found.library ?? 'none'}`)
    console.log(`host      ${found.host ?? 'none'}`)
    for (const line of found.missing) console.log(`- ${line}`)
  }
  if (found.missing.length > 0) process.exitCode = exitCodes.failed
}

function toText(file: NpuFile): string[] {
  if (file.kind === 'pdi') return ['PDI', ...pdiLines(file)]
  if (file.kind === 'xclbin') return xclbinLines(file)
  const counts = new Map<string, number>()
  for (const { operation } of file.operations) counts.set(operation, (counts.get(operation) ?? 0) + 1)
  return [
    `instructions (TXN ${file.version}), device generation ${file.generation}, ${file.columns} columns x ${file.rows} rows`,
    `${file.operations.length} operations`,
    ...[...counts].map(([name, count]) => `  ${name}  ${count}`),
  ]
}

function xclbinLines(file: XclbinFile): string[] {
  const lines = [`xclbin ${file.version}, ${file.length} bytes, uuid ${file.uuid}`]
  for (const section of file.sections) {
    const note = section.decoded ? '' : '  (not decoded)'
    lines.push(`${section.kind}  ${section.size} bytes at ${section.offset}${note}`)
    for (const { tag, kind, kib } of section.banks ?? []) lines.push(`  ${tag}  ${kind}  ${Number(kib)} KiB`)
    for (const { name, kind, kernelId } of section.instances ?? []) lines.push(`  ${name}  ${kind}  id ${kernelId}`)
    for (const kernel of section.kernels ?? []) {
      const list = kernel.arguments.map(({ id, name, type }) => `${id} ${type} ${name}`)
      lines.push(`  ${kernel.name}(${list.join(', ')})`)
    }
    if (section.pdi) lines.push(...pdiLines(section.pdi))
    if (section.partition) {
      const { columnWidth, startColumns, pdis } = section.partition
      lines.push(`  ${columnWidth} columns, from column ${startColumns.join(' or ')} on`)
      for (const { uuid, size, pdi } of pdis) {
        lines.push(`  PDI ${uuid}  ${size} bytes`)
        if (pdi) lines.push(...pdiLines(pdi))
      }
    }
  }
  if (file.mirror > 0) lines.push(`a copy of the metadata by xclbinutil  ${file.mirror} bytes`)
  if (file.trailing > 0) lines.push(`unknown bytes at the end  ${file.trailing}`)
  return lines
}

function pdiLines({ id, idCode, images, partitions, trailing }: NpuPdi): string[] {
  const lines = [`  ${id} for chip ${idCode}`]
  for (const image of images) lines.push(`  image ${image.name}  id ${image.id}`)
  for (const { type, size, encrypted, cdo } of partitions) {
    const commands = cdo === undefined ? '' : `  ${cdo.commands.length} commands`
    lines.push(`  partition ${type}  ${size} bytes${encrypted ? '  encrypted' : ''}${commands}`)
  }
  if (trailing > 0) lines.push(`  unknown bytes at the end  ${trailing}`)
  return lines
}
