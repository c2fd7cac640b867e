import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { readIndexText } from './index-text.ts'

const version = (chart: string, number: number, indent = '  ') =>
  [
    `${indent}- apiVersion: v2`,
    `${indent}  description: |`,
    `${indent}    A chart`,
    '',
    `${indent}    - with a list: in its description`,
    `${indent}  digest: ${'ab'.repeat(32)}`,
    `${indent}  # a comment`,
    `${indent}  urls:`,
    `${indent}  - https://charts.example.com/${chart}-1.${number}.0.tgz`,
    `${indent}  version: 1.${number}.0`,
  ].join('\n')

function written(charts: number, versions: number, indent = '  '): string {
  const parts = ['apiVersion: v1', 'entries: # all of them', '  # the first']
  for (let chart = 0; chart < charts; chart++) {
    parts.push(`  chart-${chart}:`)
    for (let number = 0; number < versions; number++) parts.push(version(`chart-${chart}`, number, indent))
  }
  return `${parts.join('\n')}\ngenerated: "2024-01-01T00:00:00Z"\n`
}

/** Read in one go, by the same reader of YAML as all else. */
function whole(text: string) {
  const { entries } = load(text) as { entries: Record<string, { version: string; urls: string[] }[]> }
  return Object.entries(entries).map(([chart, items]) => [chart, items.map(({ version, urls }) => [version, urls])])
}

async function inPieces(text: string) {
  const index = await readIndexText(text)
  return [...index].map(([chart, versions]) => [chart, [...versions].map(([name, { urls }]) => [name, urls])])
}

test.each([
  ['many charts', written(400, 20)],
  ['many versions of one, further in', written(2, 4_000, '    ')],
  ['few', written(1, 1)],
  ['lines as Windows ends them', written(30, 30).replaceAll('\n', '\r\n')],
  ['one that has nothing', 'entries:\n  empty: []\n  full:\n  - {version: 1.0.0, urls: [a.tgz]}\n'],
  ['what stands in one line', 'entries: {demo: [{version: 1.0.0, urls: [demo.tgz]}]}'],
  ['JSON', JSON.stringify(load(written(3, 3)))],
  ['what refers to another chart', 'entries:\n  a: &a\n  - {version: 1.0.0, urls: [a.tgz]}\n  b: *a\n'],
])('%s: what is read in pieces is what is read in one go', async (_, text) => {
  expect(await inPieces(text)).toEqual(whole(text))
})

test('a digest is kept, and what has no addresses has none', async () => {
  const index = await readIndexText(`entries:\n  demo:\n${version('demo', 1)}\n  - version: 2.0.0\n  -\n`)
  expect(index.get('demo')?.get('1.1.0')?.digest).toBe('ab'.repeat(32))
  expect(index.get('demo')?.get('2.0.0')).toEqual({ urls: [] })
})

test.each([
  ['<html>', 'it has no entries'],
  ['', 'the input is empty'],
  ['entries: [', 'unexpected end'],
  [`entries: {demo: []} # ${'x'.repeat(9_000_000)}`, 'have it written anew'],
])('%#: what is no index is told', async (text, message) => {
  await expect(readIndexText(text)).rejects.toThrow(message)
})

const manyAliases = (of: string, count: number) => Array(count).fill(`*${of}`).join(', ')

test.each([
  [
    'addresses',
    `entries:\n  a:\n  - {version: 1.0.0, urls: [&a "${'x'.repeat(900_000)}", ${manyAliases('a', 2000)}]}\n`,
  ],
  ['a long address', `entries:\n  a:\n  - {version: 1.0.0, urls: ["${'x'.repeat(900_000)}"]}\n`],
  [
    'charts',
    `entries:\n  a: &a [${'{version: 1.0.0, urls: []},'.repeat(20_000)}]\n${Array.from({ length: 900 }, (_, at) => `  c${at}: *a\n`).join('')}`,
  ],
])('%s that stand for far more than the text is long are refused', async (_, text) => {
  await expect(readIndexText(text)).rejects.toThrow(/aliases|more than/)
})

test('a version that is no text is left out, and not written out', async () => {
  const levels = [...'bcdefghi'].map((name, at) => `${name}: &${name} [${manyAliases([...'abcdefgh'][at] ?? '', 10)}]`)
  const text = `x:\n  a: &a [1,1,1,1,1,1,1,1,1,1]\n  ${levels.join('\n  ')}\nentries: {demo: [{version: *i, urls: *i}, {version: 1.0.0}]}\n`
  expect([...((await readIndexText(text)).get('demo') ?? [])]).toEqual([['1.0.0', { urls: [] }]])
})

test('others have their turn while a large index is read', async () => {
  const charts = Math.ceil(25_000_000 / (written(1, 200).length - 60))
  const text = written(charts, 200)
  expect(text.length).toBeGreaterThan(20_000_000)
  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  const index = await readIndexText(text)
  clearInterval(beat)
  expect(index.size).toBe(charts)
  // In one go it takes some two seconds.
  expect(longest).toBeLessThan(500)
})
