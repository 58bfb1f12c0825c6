// Decodes the files that are named in a JSON list: samples to FILE.f32, channel after channel, and a line of JSON for each.
import { readFileSync, writeFileSync } from 'node:fs'
import { decodeAudioSync, probeAudioSync } from '@dsp/audio'

process.removeAllListeners('warning').on('warning', () => {})
for (const path of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  let line
  try {
    const { samples, sampleRate } = decodeAudioSync(path)
    const { missing, samples: probed } = probeAudioSync(path)
    const [length, channels = 1] = samples.shape.toReversed()
    if (probed !== length) throw new Error(`probeAudio says ${probed} samples and decodeAudio ${length}`)
    writeFileSync(`${path}.f32`, samples.data)
    line = { channels, length, rate: sampleRate, missing }
  } catch (error) {
    line = { error: error.message }
  }
  console.log(JSON.stringify(line))
}
