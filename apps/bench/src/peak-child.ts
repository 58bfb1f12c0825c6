/**
 * Calls one function once in its own process and prints how much memory that took at most, in MiB.
 *
 * usage: peak-child.js NAME SAMPLES.f32 RATE, or peak-child.js stream SAMPLES.f32 TIMES for `OnlineHpss` of so many times the
 * samples.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { OnlineHpss } from '@dsp/hpss'
import { OURS } from './ours.ts'

const BLOCK = 44100

const [name = '', path = '', argument = ''] = process.argv.slice(2)
const bytes = readFileSync(path)
const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)

function stream(times: number): void {
  const online = new OnlineHpss()
  for (let i = 0; i < times; i++)
    for (let at = 0; at < samples.length; at += BLOCK) online.accept(samples.subarray(at, at + BLOCK))
  online.flush()
}

/**
 * Most resident MiB since {@link forget}. Linux counts what the parent process had been before this program began into the
 * maximum of `resourceUsage()`, so the kernel's own mark is read if there is one.
 */
function mostMib(): number {
  try {
    return Math.round(Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024)
  } catch {
    return Math.round(process.resourceUsage().maxRSS / 1024)
  }
}

/** Sets the mark to what is resident now, where the system can. */
function forget(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // the mark then stands from the start on
  }
}

forget()
const before = mostMib()
if (name === 'stream') stream(Number(argument))
else OURS[name]!.sync(samples, Number(argument))
console.log(JSON.stringify({ before, peak: mostMib() }))
