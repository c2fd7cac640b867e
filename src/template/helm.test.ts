import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTools } from '../manifest/tools.ts'
import { run } from '../process/run.ts'
import { data, snippets } from './fixtures/snippets.ts'
import { compileTemplate } from './index.ts'

let directory: string
let printed: Map<string, string>

/** All snippets as templates of one chart, rendered by the real helm; their outputs as base64, line by line. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tiphys-template-'))
  const helm = await findTools({ cacheDir: join(tmpdir(), 'tiphys-test-tools') }).helm()
  await mkdir(join(directory, 'templates'))
  await writeFile(join(directory, 'Chart.yaml'), 'apiVersion: v2\nname: snippets\nversion: 1.0.0\n')
  await writeFile(join(directory, 'values.yaml'), JSON.stringify({ data }))
  const texts: string[] = []
  const outputs: string[] = []
  for (const [index, snippet] of snippets.entries()) {
    const [body = '', ...defined] = snippet.split('\n===\n')
    texts.push(`{{ define "snippet${index}" }}${body}{{ end }}`, ...defined)
    outputs.push(`s${index}: "{{ include "snippet${index}" .Values.data | b64enc }}"`)
  }
  await writeFile(join(directory, 'templates/_snippets.tpl'), texts.join('\n'))
  await writeFile(join(directory, 'templates/outputs.yaml'), outputs.join('\n'))
  const [program = '', ...first] = helm.command
  const { stdout } = await run(program, {
    args: [...first, 'template', 'name', directory],
    env: { HOME: directory, PATH: '' },
    timeLimitMs: 60_000,
    outputLimit: 4 * 1024 * 1024,
  })
  const lines = stdout.toString('utf8').matchAll(/^s(\d+): "(.*)"$/gm)
  printed = new Map(
    [...lines].map(([, index = '', text = '']) => [index, Buffer.from(text, 'base64').toString('utf8')]),
  )
}, 60_000)

afterAll(() => rm(directory, { recursive: true, force: true }))

test.for(snippets.map((snippet, index) => ({ snippet, index })))(
  'helm prints the same for $snippet',
  ({ snippet, index }) => {
    const [body = '', ...defined] = snippet.split('\n===\n')
    const template = compileTemplate(
      `${defined.join('')}{{ define "snippet" }}${body}{{ end }}{{ template "snippet" . }}`,
      {
        missingKey: 'zero',
      },
    )
    const expected = printed.get(String(index))
    expect(expected).toBeDefined()
    expect(template.render(data)).toBe(expected)
  },
)
