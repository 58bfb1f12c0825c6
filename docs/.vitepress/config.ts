import { existsSync, readdirSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const pages = (folder: string) =>
  readdirSync(new URL(`../${folder}`, import.meta.url))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => ({ text: file.replace('.md', ''), link: `/${folder}/${file.replace('.md', '')}` }))

// The API is written by TypeDoc just before the site is built: one folder a package.
const api = new URL('../api/@dsp/', import.meta.url)
const apiPages = existsSync(api)
  ? readdirSync(api)
      .sort()
      .map((name) => ({ text: `@dsp/${name.replace('.md', '')}`, link: `/api/@dsp/${name.replace('.md', '')}/` }))
  : []

export default defineConfig({
  title: '@dsp',
  description: 'Speech and music features that equal the reference, in TypeScript on one Rust core',
  cleanUrls: true,
  srcExclude: ['package.json'],
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/guide/getting-started' },
      { text: 'Packages', link: '/packages/fft' },
      { text: 'API', link: '/api/' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Glossary', link: '/glossary' },
    ],
    sidebar: {
      '/api/': [{ text: 'API', items: apiPages }],
      '/': [
        { text: 'Guide', items: pages('guide') },
        { text: 'Packages', items: pages('packages') },
        {
          text: 'Reference',
          items: [
            { text: 'Benchmarks', link: '/benchmarks' },
            { text: 'Glossary', link: '/glossary' },
          ],
        },
      ],
    },
  },
})
