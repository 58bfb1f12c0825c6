import { readFileSync, writeFileSync } from 'node:fs'
import { seededRandom } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'
import { pictureOf } from './png.js'

const work = scratch()
const random = seededRandom(3)
const pairs: { label: number; pair: string }[] = []
for (let a = 0; a < 24; a++) {
  for (let b = a + 1; b < 24; b++) pairs.push({ label: a % 4 === b % 4 ? 1 : 0, pair: `${a}.flac ${b}.flac` })
}
const write = (name: string, line: (of: (typeof pairs)[number]) => string) =>
  writeFileSync(work.in(name), pairs.map((of) => `${line(of)}\n`).join(''))
write('trials.txt', ({ label, pair }) => `${label} ${pair}`)
write('good.txt', ({ label, pair }) => `${label + random()} ${pair}`)
write('fair.txt', ({ label, pair }) => `${0.4 * label + random()} ${pair}`)
writeFileSync(work.in('speakers.tsv'), Array.from({ length: 24 }, (_, i) => `${i}.flac\ts${i % 4}\tx\n`).join(''))

describe('dsp det', () => {
  it('prints exactly the documented fields', async () => {
    const { code, stdout } = await dsp(work.path, ['det', 'trials.txt', 'good.txt', 'fair.txt', '--json'])
    const result = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(Object.keys(result)).toEqual(['sha256', 'targets', 'nonTargets', 'systems'])
    expect([result.targets, result.nonTargets]).toEqual([60, 216])
    const [good, fair] = result.systems
    expect(Object.keys(good)).toEqual(['scores', 'eer', 'threshold', 'minDcf01', 'minDcf05'])
    // The scores of the first do not overlap; those of the second are even on [0, 1) and [0.4, 1.4): EER 0.3.
    expect([good.eer, good.minDcf01, good.minDcf05]).toEqual([0, 0, 0])
    expect(fair.eer).toBeGreaterThan(0.2)
    expect(fair.eer).toBeLessThan(0.4)
  })

  it('says it in words, with intervals where the speakers are known', async () => {
    const { stdout } = await dsp(work.path, ['det', 'trials.txt', 'fair.txt', '--speakers', 'speakers.tsv'])
    expect(stdout).toMatch(/^60 target and 216 non-target trials, SHA-256 [0-9a-f]{64}$/m)
    expect(stdout).toMatch(/^fair\.txt: EER [\d.]+ % \(95 % over speakers: [\d.]+ to [\d.]+ %\) at 0\.\d+, minDCF/m)
  })

  it('draws the curves, with a dot at the equal error rate on the diagonal', async () => {
    const { code } = await dsp(work.path, ['det', 'trials.txt', 'fair.txt', 'good.txt', '--plot', 'det.png'])
    expect(code).toBe(0)
    const picture = await pictureOf(readFileSync(work.in('det.png')))
    expect([picture.width, picture.height]).toEqual([1000, 1000])
    // The first colour's dot is on the diagonal from the lower left to the upper right corner of the axes.
    const [left, top, side] = [125, 100, 788]
    const onDiagonal = Array.from({ length: side }, (_, i) => picture.at(left + i, top + side - i).join())
    expect(onDiagonal.filter((colour) => colour === '68,119,170').length).toBeGreaterThan(8)
  })

  it.each([
    ['a trial that is none', 'bad.txt', '1 0.flac\n', /bad\.txt, line 1: '1 FILE FILE'/],
    ['a pair that comes again', 'again.txt', '1 a b\n0 b a\n', /again\.txt, line 2: the pair of line 1 again/],
  ])('refuses %s', async (_, name, text, message) => {
    writeFileSync(work.in(name), text)
    const { code, stderr } = await dsp(work.path, ['det', name, 'good.txt'])
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })

  it('refuses scores of other trials, half a file and unknown speakers', async () => {
    const good = readFileSync(work.in('good.txt'), 'utf8')
    writeFileSync(work.in('half.txt'), good.slice(0, good.indexOf('\n', good.length / 2) + 1))
    const half = await dsp(work.path, ['det', 'trials.txt', 'half.txt'])
    expect([half.code, half.stderr]).toEqual([1, expect.stringMatching(/half\.txt, line \d+: the file ends/)])
    writeFileSync(work.in('few.tsv'), '0.flac\ts0\n')
    const few = await dsp(work.path, ['det', 'trials.txt', 'good.txt', '--speakers', 'few.tsv'])
    expect([few.code, few.stderr]).toEqual([1, 'dsp: few.tsv does not name the speaker of 1.flac\n'])
    const none = await dsp(work.path, ['det', 'trials.txt', 'none.txt'])
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/none\.txt: there is no such file/)])
  })
})
