// How a changelog tells a change: its text, without the commit's hash, and new versions of ours in one line.
module.exports = {
  async getReleaseLine({ summary }) {
    const [first, ...rest] = summary.trim().split('\n')
    return [`- ${first}`, ...rest.map((line) => `  ${line}`.trimEnd())].join('\n')
  },
  async getDependencyReleaseLine(_changesets, updated) {
    if (updated.length === 0) return ''
    return `- Needs ${updated.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`).join(', ')}.`
  },
}
