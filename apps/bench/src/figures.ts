/** Figures of speed in READMEs: each stands in one marked place and is written by a run. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groupTable, type Report, threadsOf } from './report.ts'
import { formatSpeedup, formatTime, markdownTable } from './table.ts'

const PLACE = /<!-- bench:([^>]+?) -->[^<]*<!-- \/bench -->/g
const TABLE = /<!-- bench-table:([\w-]+) -->[\s\S]*?<!-- \/bench-table -->/g

/**
 * A text with the figures of a run: the speedup over a peer at `bench:WORK/PEER`, our time at `bench:WORK`, the table of a group with
 * its day and machine at `bench-table:GROUP`.
 * @param text - Has places marked so.
 * @param report - The run. Places of works that it did not measure stay as they are.
 */
export function withFigures(text: string, report: Report): string {
  const works = report.groups.flatMap((group) => group.works ?? [])
  const tables = text.replaceAll(TABLE, (place, name: string) => {
    const { group, works: measured } = report.groups.find((one) => one.group === name) ?? {}
    if (group === undefined || measured === undefined || measured.length === 0) return place
    const { header, body } = groupTable(measured)
    const { date, machine, threads } = report
    const about = `${[date, machine.cpu, ...threadsOf(group, threads, 'each')].join(', ')}; ${machine.load} processes before the run.`
    return `<!-- bench-table:${name} -->\n${about}\n\n${markdownTable(header, body)}\n<!-- /bench-table -->`
  })
  return tables.replaceAll(PLACE, (place, name: string) => {
    const [id, ...rest] = name.split('/')
    const outcomes = works.find((work) => work.id === id)?.outcomes
    const peer = rest.join('/')
    // The first is ours; a peer may be another call of ours and have its name.
    const [ours, ...peers] = outcomes ?? []
    const figure = peer === '' ? ours?.ns : peers.find((outcome) => outcome.name === peer)?.ratio?.median
    if (figure === undefined) return place
    return `<!-- bench:${name} -->${peer === '' ? formatTime(figure) : formatSpeedup(figure)}<!-- /bench -->`
  })
}

/** The documents of a repository that may hold figures. */
export function documents(root: string): string[] {
  const readmes = ['packages', 'apps', 'native'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'README.md')),
  )
  const guides = readdirSync(join(root, 'docs/guide')).map((name) => join('docs/guide', name))
  const all = ['README.md', 'docs/index.md', ...readmes, ...guides.filter((name) => name.endsWith('.md'))]
  return all.map((file) => join(root, file)).filter((file) => existsSync(file))
}

/** Writes the figures of a run into every document, and returns those that changed. */
export function writeFigures(root: string, report: Report): string[] {
  return documents(root).filter((file) => {
    const before = readFileSync(file, 'utf8')
    const after = withFigures(before, report)
    if (after !== before) writeFileSync(file, after)
    return after !== before
  })
}
