import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')

/** Which folder of src/ may import which others besides itself. ARCHITECTURE.md says why. */
const mayImport: Record<string, string[]> = {
  pattern: [],
  model: ['pattern'],
  trace: ['model'],
  kube: ['model', 'trace'],
  live: ['model', 'kube', 'process'],
  clusters: ['model', 'trace', 'kube', 'live'],
  process: [],
  source: ['model', 'process', 'trace'],
  manifest: ['model', 'pattern', 'process'],
  diff: ['model'],
  lua: [],
  health: ['model', 'lua'],
  action: ['model', 'kube', 'lua'],
  sync: ['model', 'trace', 'kube'],
  project: ['model'],
  operation: ['model'],
  access: ['model', 'pattern'],
  webhook: ['model'],
  template: ['model', 'pattern'],
  notify: ['model', 'pattern', 'process', 'trace', 'template'],
  generate: ['model', 'pattern', 'process', 'trace', 'template'],
  image: ['model', 'pattern', 'trace', 'source', 'template'],
  reconcile: [
    'model',
    'process',
    'trace',
    'source',
    'manifest',
    'live',
    'clusters',
    'diff',
    'sync',
    'health',
    'project',
  ],
  contract: ['model'],
  install: ['model'],
  migration: ['model'],
  replica: ['model', 'kube'],
  'shared-cache': ['model'],
  standalone: ['model', 'kube', 'sandbox'],
  api: [
    'model',
    'process',
    'trace',
    'contract',
    'access',
    'webhook',
    'kube',
    'live',
    'clusters',
    'project',
    'operation',
    'diff',
    'health',
    'action',
    'manifest',
    'reconcile',
    'notify',
    'generate',
    'image',
  ],
  cli: [
    'model',
    'clusters',
    'access',
    'contract',
    'kube',
    'source',
    'manifest',
    'diff',
    'sync',
    'lua',
    'health',
    'action',
    'project',
    'operation',
    'install',
    'migration',
    'serve',
    'notify',
  ],
  sandbox: [],
  serve: [
    'model',
    'process',
    'trace',
    'access',
    'api',
    'clusters',
    'diff',
    'kube',
    'live',
    'manifest',
    'health',
    'project',
    'reconcile',
    'source',
    'notify',
    'generate',
    'replica',
    'standalone',
    'image',
    'shared-cache',
  ],
  demo: ['model', 'process', 'kube', 'reconcile', 'sandbox', 'serve', 'cli'],
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('fixtures/'))
    .map((file) => join(folder, file))
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const pattern = /(?:from\s+|import\s+|import\(\s*|new URL\(\s*)['"](\.[^'"]+)['"]/g
  return [...text.matchAll(pattern)].map((match) => resolve(dirname(file), match[1] ?? ''))
}

function strayImports(folder: string): string[] {
  const allowed = [folder, ...(mayImport[folder] ?? [])].map((name) => `${join(src, name)}/`)
  return filesBelow(join(src, folder)).flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith(`${src}/`) && !allowed.some((prefix) => target.startsWith(prefix)))
      .map((target) => `${relative(root, file)} imports ${relative(root, target)}`),
  )
}

const folders = readdirSync(src, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

test('every folder of src has a rule about what it may import', () => {
  expect(folders.filter((folder) => !(folder in mayImport))).toEqual([])
})

for (const folder of folders) {
  test(`src/${folder} imports only ${['itself', ...(mayImport[folder] ?? [])].join(', ')}`, () => {
    expect(strayImports(folder)).toEqual([])
  })
}

const web = join(root, 'web/src')

/** Which folder of web/src/ may import which others; a feature knows no other feature. */
const webMayImport: Record<string, string[]> = {
  lib: [],
  ui: ['lib'],
  features: ['ui', 'lib'],
  app: ['features', 'ui', 'lib'],
}

/** The calls, and the words that need none. */
const speakContract = new Set(['lib/api.ts', 'lib/standing.ts'])

function pageFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
    .map((file) => join(folder, file))
}

test.for(Object.entries(webMayImport))('web/src/%s imports only itself and %s', ([folder, others]) => {
  const stray = pageFiles(join(web, folder)).flatMap((file) => {
    const home = folder === 'features' ? relative(web, file).split('/').slice(0, 2).join('/') : folder
    const allowed = [home, ...others].map((name) => `${join(web, name)}/`)
    return (
      importsOf(file)
        .filter((target) => !allowed.some((prefix) => target.startsWith(prefix)))
        // The contract is what the page and the server share, and only these speak it.
        .filter((target) => !(speakContract.has(relative(web, file)) && target.startsWith(`${join(src, 'contract')}/`)))
        .map((target) => `${relative(root, file)} imports ${relative(root, target)}`)
    )
  })
  expect(stray).toEqual([])
})

test('nothing imports the composition root', () => {
  const importers = filesBelow(src).filter((file) => importsOf(file).includes(join(src, 'main.ts')))
  expect(importers.map((file) => relative(root, file))).toEqual([])
})

test("OpenTelemetry's SDK is loaded where traces are collected, and nowhere else", () => {
  const users = filesBelow(src).filter((file) => /from '@(opentelemetry|grpc)\//.test(readFileSync(file, 'utf8')))
  expect(users.map((file) => relative(src, file)).sort()).toEqual(['trace/collector-link.ts', 'trace/open-tracing.ts'])
  const opening = filesBelow(src).filter((file) =>
    /^(import|export) (?!type).*open-tracing/m.test(readFileSync(file, 'utf8')),
  )
  expect(opening.map((file) => relative(src, file))).toEqual([])
})

test('no file is named utils, helpers, common, misc or shared', () => {
  const homeless = filesBelow(src).filter((file) =>
    /(^|\/)(utils?|helpers?|common|misc|shared)(\.ts|\/)/.test(relative(src, file)),
  )
  expect(homeless.map((file) => relative(root, file))).toEqual([])
})
