/** Reports work on many files. Lines are printed whole, above the bar if there is one. */
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

const WIDTH = 30
/** Eighths of a character cell. */
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const ERASE_LINE = '\r\x1b[K'

/**
 * A progress bar on standard error for several files, and only if that is a terminal.
 * @param total - Number of files.
 * @param forOne - Whether one file is work enough for a bar.
 */
export function fileProgress(total: number, forOne = false): FileProgress {
  const bar = (total > 1 || forOne) && process.stderr.isTTY ? new Bar(total) : undefined
  return {
    begin: (name) => bar?.draw(name),
    end: () => bar?.step(),
    print: (line) => above(bar, () => console.log(line)),
    warn: (line) => above(bar, () => console.error(line)),
    stop: () => bar?.erase(),
  }
}

/** Reports files that are being fetched, on standard error: as a bar on a terminal, else by one line each. */
export function downloadProgress() {
  const { isTTY } = process.stderr
  let current = ''
  return {
    show(file: string, received: number, total: number): void {
      const size = `${(Math.max(received, total) / 1e6).toFixed(1)} MB`
      if (isTTY) process.stderr.write(`${ERASE_LINE}${bar(total > 0 ? received / total : 0)} ${file}, ${size}`)
      else if (file !== current) process.stderr.write(`dsp: fetching ${file}, ${size}\n`)
      current = file
    },
    stop(): void {
      if (isTTY && current !== '') process.stderr.write(ERASE_LINE)
    },
  }
}

function above(bar: Bar | undefined, write: () => void): void {
  bar?.erase()
  write()
  bar?.draw()
}

class Bar {
  private readonly begun = performance.now()
  private done = 0
  private name = ''

  constructor(private readonly total: number) {}

  step(): void {
    this.done++
    this.draw()
  }

  draw(name = this.name): void {
    this.name = name
    const { done, total, begun } = this
    const left = done === 0 ? '' : ` · ${showTime(((performance.now() - begun) / 1000 / done) * (total - done))} left`
    const text = `${bar(done / total)} ${done}/${total}${left} · ${name}`
    process.stderr.write(`${ERASE_LINE}${text.slice(0, (process.stderr.columns || 80) - 1)}`)
  }

  erase(): void {
    process.stderr.write(ERASE_LINE)
  }
}

/** A bar of {@link WIDTH} characters, filled by eighths. */
export function bar(part: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * WIDTH * 8)
  return `▕${('█'.repeat(eighths >> 3) + PARTS[eighths & 7]).padEnd(WIDTH)}▏`
}

/** `12 s`, `3:05 min`, `1:02:05 h`. */
export function showTime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  if (whole < 60) return `${whole} s`
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours === 0 ? `${minutes}:${two(whole % 60)} min` : `${hours}:${two(minutes)}:${two(whole % 60)} h`
}

/** Says on standard error how fast recordings were written down. */
export function showSpeed(files: number, seconds: number, spent: number, note = ''): void {
  const summary = `${files} ${files === 1 ? 'file' : 'files'}, ${seconds.toFixed(1)} s of sound in ${spent.toFixed(2)} s`
  console.error(`${summary}: real-time factor ${(spent / seconds).toFixed(4)}${note}`)
}

/** One line on standard error that says how far work is, and only if that is a terminal. */
export function statusLine() {
  const { isTTY } = process.stderr
  let last = Number.NEGATIVE_INFINITY
  return {
    /** Replaces the line, a few times a second at most. */
    show(text: string): void {
      const now = performance.now()
      if (!isTTY || now - last < 80) return
      last = now
      process.stderr.write(`${ERASE_LINE}${text.slice(0, (process.stderr.columns || 80) - 1)}`)
    },
    stop(): void {
      if (isTTY && last > 0) process.stderr.write(ERASE_LINE)
    },
  }
}
