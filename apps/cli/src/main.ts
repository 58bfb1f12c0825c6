import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addAnalyze } from './commands/analyze.js'
import { addCompare } from './commands/compare.js'
import { addDet } from './commands/det.js'
import { addDiagnose } from './commands/diagnose.js'
import { addEmbed } from './commands/embed.js'
import { addEnroll } from './commands/enroll.js'
import { addFeatures } from './commands/features.js'
import { addFilters } from './commands/filters.js'
import { addHpss } from './commands/hpss.js'
import { addIdentify } from './commands/identify.js'
import { addNpu } from './commands/npu.js'
import { addPassport } from './commands/passport.js'
import { addPlot } from './commands/plot.js'
import { addQ15 } from './commands/q15.js'
import { addTranscribe } from './commands/transcribe.js'
import { addVerify } from './commands/verify.js'
import { addWhisper } from './commands/whisper.js'
import { exitCodeOf, exitCodes, messageOf, systemMessage } from './failure.js'

const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const program = new Command('dsp')
  .description(
    'Speech and music features that equal the reference, and recognition of speech and speakers, from a shell.',
  )
  .version(manifest.version)
  .showHelpAfterError('(--help shows how it is used)')
  .exitOverride()
  .configureHelp({ showGlobalOptions: false })
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage.')

const speech = [addTranscribe, addPassport, addWhisper, addVerify, addEmbed, addEnroll, addIdentify, addDet, addFilters]
const commands = [...speech, addFeatures, addCompare, addDiagnose, addPlot, addHpss, addAnalyze, addQ15, addNpu]
for (const add of commands) add(program)
for (const command of program.commands) command.exitOverride().showHelpAfterError('(--help shows how it is used)')

process.stdout.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
  // A reader that closes the pipe early (head) is no failure.
  if (code === 'EPIPE') process.exit(exitCodes.done)
  console.error(`dsp: standard output cannot be written: ${code === '' ? message : systemMessage(code)}`)
  process.exit(exitCodes.failed)
})

try {
  if (process.argv.length <= 2) program.help({ error: true })
  await program.parseAsync()
} catch (error) {
  // commander has printed its own message.
  if (!(error instanceof CommanderError)) console.error(`dsp: ${messageOf(error)}`)
  process.exitCode = exitCodeOf(error)
}
