// Embeds a file and prints the most memory that the process had, in bytes.
import { SpeakerVerifier } from '../dist/index.js'

const verifier = await SpeakerVerifier.load(undefined, { numThreads: 1 })
const { seconds, speechSeconds } = await verifier.embed(process.argv[2])
await verifier.close()
console.log(JSON.stringify({ seconds, speechSeconds, peak: process.resourceUsage().maxRSS * 1024 }))
