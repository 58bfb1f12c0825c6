import { Presets, SingleBar } from 'cli-progress'

/** Reports work on many files. Lines are printed whole, above the bar where there is one. */
export interface FileProgress {
  /** Work on a file begins. */
  begin(name: string): void
  /** Work on a file is over. */
  end(): void
  /** Prints a result to standard output. */
  print(line: string): void
  /** Prints a problem to standard error. */
  warn(line: string): void
  /** Removes the bar. */
  stop(): void
}

/**
 * A progress bar on standard error for several files, and only where that is a terminal.
 * @param count - Number of files.
 */
export function fileProgress(count: number): FileProgress {
  if (count < 2 || !process.stderr.isTTY) {
    return {
      begin: () => undefined,
      end: () => undefined,
      print: (line) => console.log(line),
      warn: (line) => console.error(line),
      stop: () => undefined,
    }
  }
  const bar = new SingleBar(
    {
      format: '{bar} {value}/{total} · {eta_formatted} left · {name}',
      stream: process.stderr,
      clearOnComplete: true,
      linewrap: false,
    },
    Presets.shades_classic,
  )
  bar.start(count, 0, { name: '' })
  /** The bar is wiped before a line and drawn again below it. */
  const above = (write: () => void) => {
    process.stderr.write('\r\x1b[K')
    write()
    bar.render()
  }
  return {
    begin: (name) => bar.update({ name }),
    end: () => bar.increment(),
    print: (line) => above(() => console.log(line)),
    warn: (line) => above(() => console.error(line)),
    stop: () => bar.stop(),
  }
}
