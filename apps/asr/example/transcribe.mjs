// Transcribes audio files: node example/transcribe.mjs [--srt] FILE…
// Without a file, the demo clips next to this folder. Run `npm run build` in the repository's root first.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Recognizer, toSrt } from '@dsp/asr'

const demo = fileURLToPath(new URL('../demo/', import.meta.url))
const srt = process.argv.includes('--srt')
const given = process.argv.slice(2).filter((argument) => argument !== '--srt')
const clips = readdirSync(demo).filter((name) => name.endsWith('.wav'))
const files = given.length > 0 ? given : clips.map((name) => demo + name)

const recognizer = await Recognizer.load(new URL('../models/an4/', import.meta.url))
for (const file of files) {
  const transcript = await recognizer.transcribe(file)
  if (srt) process.stdout.write(toSrt(transcript))
  else {
    console.log(`${file}: ${transcript.text}`)
    for (const { word, start, confidence } of transcript.words) {
      console.log(`  ${start.toFixed(2)} s  ${word}  (${(100 * confidence).toFixed(0)} %)`)
    }
  }
}
await recognizer.release()
