import { hpss } from './dist/index.js'
import { readNpy, writeNpy } from '@dsp/tensor'
import { readFileSync, writeFileSync } from 'node:fs'
const D = '/work/tmp/hpss/diff/'
const cases = JSON.parse(readFileSync(D + 'cases.json', 'utf8'))
const camel = (o) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k.replace(/_(\w)/g, (_, c) => c.toUpperCase()), v === 'inf' ? Infinity : v]))
for (let i = 0; i < cases.length; i++) {
  const y = readNpy(readFileSync(`${D}y${i}.npy`))
  for (const [suffix, data] of [['32', y.data], ['64', Float64Array.from(y.data)]]) {
    const r = hpss(data, camel(cases[i]))
    writeFileSync(`${D}oh${suffix}_${i}.npy`, await writeNpy(r.harmonic)); writeFileSync(`${D}op${suffix}_${i}.npy`, await writeNpy(r.percussive))
  }
}
