import { existsSync, readdirSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import { playgroundAliases } from './wasm.js'

/** Every page in the order of the sidebar: its file, its title there, and the folder whose README it shows. */
const PAGES: Record<string, [page: string, title: string, folder?: string][]> = {
  Guide: [
    ['guide/getting-started', 'Getting started'],
    ['guide/from-librosa', 'Coming from librosa'],
    ['guide/bundlers', 'Bundlers and runtimes'],
    ['guide/formats', 'File formats'],
    ['guide/browser', 'In the browser'],
    ['guide/npu-design', 'Designs for an NPU'],
    ['guide/fixed-point', 'Fixed-point mel features'],
    ['packages/index', 'All packages'],
  ],
  Speech: [
    ['packages/mel-kaldi', 'Kaldi features', 'packages/mel-kaldi'],
    ['packages/asr', 'Speech to text', 'apps/asr'],
    ['packages/npu-host', 'AMD NPU: devices and files', 'packages/npu-host'],
    ['packages/whisper-npu', 'Whisper', 'apps/whisper-npu'],
    ['guide/whisper-front-ends', "Whisper's front ends"],
    ['guide/doctor', 'Why are my features different?'],
    ['packages/doctor', 'The doctor', 'packages/doctor'],
    ['guide/posted-case', 'A worked case: 6.13 in the log'],
    ['guide/front-ends-compared', 'Front ends compared'],
    ['guide/speaker-verification', 'Who is speaking?'],
    ['packages/speaker-verification', 'Speaker verification', 'apps/speaker-verification'],
    ['packages/sincnet', 'SincNet and speaker embeddings', 'packages/sincnet'],
  ],
  Music: [
    ['packages/hpss', 'Harmonic–percussive separation', 'packages/hpss'],
    ['packages/yin', 'Pitch: YIN and pYIN', 'packages/yin'],
    ['packages/chroma', 'Chroma and constant-Q', 'packages/chroma'],
  ],
  'Speech and music': [
    ['packages/features', 'Features by name', 'packages/features'],
    ['packages/mel', 'Mel spectrograms and Whisper', 'packages/mel'],
    ['packages/mel-q15', 'Fixed-point mel', 'packages/mel-q15'],
    ['packages/fft', 'FFT and STFT', 'packages/fft'],
    ['packages/audio', 'Audio files and resampling', 'packages/audio'],
  ],
  'Python and the shell': [
    ['packages/python', 'Python module', 'native/python'],
    ['packages/cli', 'Command line', 'apps/cli'],
  ],
  Foundations: [
    ['packages/tensor', 'Tensors and files', 'packages/tensor'],
    ['packages/signal', 'Signals and call forms', 'packages/signal'],
    ['packages/onnx', 'ONNX Runtime sessions', 'packages/onnx'],
    ['packages/native', 'Native core', 'native/node'],
  ],
  Reference: [
    ['benchmarks', 'Benchmarks'],
    ['glossary', 'Glossary'],
  ],
}

const docs = new URL('../', import.meta.url)
const listed = Object.values(PAGES).flat()
for (const folder of ['guide', 'packages']) {
  for (const file of readdirSync(new URL(folder, docs))) {
    const page = `${folder}/${file.replace('.md', '')}`
    if (!listed.some(([name]) => name === page)) throw new Error(`give docs/${page}.md a title in .vitepress/config.ts`)
  }
}

const sidebar = Object.entries(PAGES).map(([text, pages]) => ({
  text,
  items: pages.map(([page, title]) => ({ text: title, link: `/${page.replace(/index$/, '')}` })),
}))

/** READMEs link to folders and pages of the repository, the site to its own pages. */
const siteLinks = new Map(listed.flatMap(([page, , folder]) => (folder ? [[folder, `/${page}`]] : [])))
function siteLink(url: string): string {
  const path = url.replace(/^(\.\.\/)+/, '')
  return siteLinks.get(path) ?? (path.startsWith('docs/') ? path.replace('docs', '') : url)
}

// TypeDoc writes the API just before the site is built: one folder per package.
const api = new URL('api/@dsp/', docs)
const apiPages = existsSync(api)
  ? readdirSync(api)
      .sort()
      .map((name) => ({ text: `@dsp/${name}`, link: `/api/@dsp/${name}/` }))
  : []

/** One page alone, for its tests: the others take a minute. */
const only = process.env.DSP_DOCS_ONLY

export default defineConfig({
  title: '@dsp',
  description: 'Speech and music features that equal the reference, in TypeScript on one Rust core',
  cleanUrls: true,
  srcExclude: only ? ['guide/**', 'packages/**', 'api/**', `!(${only})`] : ['package.json'],
  ignoreDeadLinks: only !== undefined,
  markdown: {
    config: (md) => {
      const { normalizeLink } = md
      md.normalizeLink = (url) => normalizeLink(siteLink(url))
    },
  },
  vite: {
    resolve: { alias: playgroundAliases() },
    // The worker loads the rest of itself, and the core waits for its module at the top level.
    worker: { format: 'es' },
    // Small files stay files: a data: URL is one more thing for a Content-Security-Policy to allow.
    build: { target: 'es2022', assetsInlineLimit: 0 },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/getting-started' },
      { text: 'Packages', link: '/packages/' },
      { text: 'Playground', link: '/playground' },
      { text: 'API', link: '/api/' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Glossary', link: '/glossary' },
    ],
    sidebar: { '/api/': [{ text: 'API', items: apiPages }], '/': sidebar },
  },
})
