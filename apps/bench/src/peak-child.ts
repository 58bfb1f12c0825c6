/** Calls one function once in a process of its own and prints how much memory that took at most, in MiB. */
import { readFileSync } from 'node:fs'
import { OURS } from './ours.ts'

const [name = '', path = '', rate = ''] = process.argv.slice(2)
const bytes = readFileSync(path)
const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
const mostMib = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

const before = mostMib()
OURS[name]!.sync(samples, Number(rate))
console.log(JSON.stringify({ before, peak: mostMib() }))
