/**
 * What Renovate finds in Applications and ApplicationSets as we write them. It takes 322 MB, so that it is installed only
 * where somebody asks for it: TIPHYS_TEST_RENOVATE=1, or the path of a folder that has it in its node_modules.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }

/** Of the last line of versions that run on Node 20. */
const wanted = `renovate@${packageFile.config.renovate}`
const asked = process.env.TIPHYS_TEST_RENOVATE
const fixtures = fileURLToPath(new URL('fixtures/renovate', import.meta.url))

if (!asked) console.warn(`SKIPPED: what ${wanted} finds: set TIPHYS_TEST_RENOVATE=1 to install it (322 MB) and look`)

interface Dependency {
  depName?: string
  currentValue?: string
  datasource?: string
  registryUrls?: string[]
}

type Extract = (content: string, file: string) => { deps: Dependency[] } | null

let folder = ''
let extract: Extract

beforeAll(() => {
  if (!asked) return
  const isInstalled = existsSync(join(asked, 'node_modules', 'renovate'))
  if (!isInstalled) {
    folder = mkdtempSync(join(tmpdir(), 'tiphys-renovate-'))
    execFileSync('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', wanted], {
      stdio: 'pipe',
    })
  }
  const path = join(isInstalled ? asked : folder, 'node_modules/renovate/dist/modules/manager/argocd/extract.js')
  extract = (createRequire(import.meta.url)(path) as { extractPackageFile: Extract }).extractPackageFile
}, 600_000)
afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const found = (file: string) => extract(readFileSync(join(fixtures, file), 'utf8'), file)?.deps ?? []

test.skipIf(!asked)(
  'sources from Git, Helm repositories and registries are found with their places and revisions',
  () => {
    expect(found('applications.yaml')).toEqual([
      { depName: 'https://git.example.com/team/shop.git', currentValue: 'v1.2.0', datasource: 'git-tags' },
      expect.objectContaining({
        depName: 'registry.example.com/team/shop',
        currentValue: '1.2.0',
        datasource: 'docker',
      }),
      {
        depName: 'redis',
        registryUrls: ['https://charts.example.com/stable'],
        currentValue: '^19',
        datasource: 'helm',
      },
      { depName: 'registry.example.com/charts/postgres', currentValue: '2.1.0', datasource: 'docker' },
      { depName: 'https://git.example.com/team/values.git', currentValue: '1.x', datasource: 'git-tags' },
    ])
  },
)

test.skipIf(!asked)('so are those of the template of an ApplicationSet', () => {
  expect(found('application-set.yaml')).toEqual([
    { depName: 'registry.example.com/charts/prometheus', currentValue: '25.0.0', datasource: 'docker' },
  ])
})

test.skipIf(!asked)('so are those of every example in the documentation', () => {
  const docs = fileURLToPath(new URL('../../docs', import.meta.url))
  const examples = readdirSync(docs)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) =>
      [...readFileSync(join(docs, name), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => ({
        name,
        text,
      })),
    )
    .filter(({ text }) => /^kind: Application(Set)?$/m.test(text) && /^ +repoURL: /m.test(text))
  expect(examples.length).toBeGreaterThan(0)
  for (const { name, text } of examples) {
    const deps = extract(text, name)?.deps ?? []
    const written = [...text.matchAll(/^ *(?:- )?repoURL: /gm)].length
    expect(deps.filter(({ datasource }) => datasource).length, `${name}:\n${text}`).toBeGreaterThanOrEqual(written)
  }
})
