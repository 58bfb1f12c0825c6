// What the scripts share as programs.
import { fileURLToPath } from 'node:url'

/** Runs `main` if the module at `url` is the program; what it throws is one line and exit code 1. */
export function runProgram(url, main) {
  if (process.argv[1] !== fileURLToPath(url)) return
  try {
    main()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
