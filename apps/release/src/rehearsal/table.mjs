// The outcome of a rehearsal, as the table that it ends with.
export function table(results) {
  const width = Math.max(5, ...results.map(({ name }) => name.length))
  const row = (name, state, seconds, note) =>
    `${name.padEnd(width)}  ${state.padEnd(7)}  ${seconds.padStart(7)}  ${note}`
  const rows = results.map(({ name, state, seconds, note = '' }) => row(name, state, `${seconds.toFixed(1)} s`, note))
  const count = (wanted) => results.filter(({ state }) => state === wanted).length
  const sum = `${count('passed')} passed, ${count('FAILED')} failed, ${count('skipped')} skipped`
  return [row('check', 'result', 'time', ''), ...rows, sum].map((line) => line.trimEnd()).join('\n')
}
