import { expect, test } from 'vitest'
import type { Application, ApplicationSpec } from '../../model/index.ts'
import { readRules } from '../read-rules.ts'
import type { WriteBackSettings } from '../rules.ts'
import { branchName, commitMessage } from './commit-text.ts'
import { gitPlace } from './git-place.ts'

const { images } = readRules(
  [
    { alias: 'web', image: 'nginx' },
    { alias: 'api', image: 'ghcr.io/acme/api' },
  ],
  {},
)
const updates = images.map((rule, index) => ({ rule, version: { tag: `1.${index}` }, from: '1' }))

function place(spec: Partial<ApplicationSpec>, settings: WriteBackSettings, sourceTypes = ['Helm', 'Helm']) {
  const { writeBack, problems } = readRules([], { method: 'git', ...settings })
  if (writeBack.method !== 'git') throw new Error(problems.join())
  const application = {
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: { project: 'default', destination: {}, ...spec },
    status: { sourceTypes, sourceType: sourceTypes[0] },
  } as Application
  const { repoURL, branch, files } = gitPlace(application, { writeBack, versions: updates, instance: 'apps_shop' })
  return [repoURL, branch, files[0]]
}

const source = { repoURL: 'https://h/deploy', path: 'apps/shop', targetRevision: 'main' }
const chart = { repoURL: 'https://h/charts', chart: 'shop', targetRevision: '^1' }
const values = { repoURL: 'https://h/values', targetRevision: 'prod', ref: 'values' }

test.each<[Partial<ApplicationSpec>, WriteBackSettings, (string | undefined)[]]>([
  [{ source }, {}, ['https://h/deploy', 'main', 'apps/shop/.argocd-source-apps_shop.yaml']],
  [{ source }, { branch: 'next:bot' }, ['https://h/deploy', 'next', 'apps/shop/.argocd-source-apps_shop.yaml']],
  [{ source }, { target: 'kustomization' }, ['https://h/deploy', 'main', 'apps/shop/kustomization.yaml']],
  [{ source }, { target: 'kustomization:../base' }, ['https://h/deploy', 'main', 'apps/base/kustomization.yaml']],
  [{ source }, { target: 'helmvalues' }, ['https://h/deploy', 'main', 'apps/shop/values.yaml']],
  [{ source }, { target: 'helmvalues:/env/prod.yaml' }, ['https://h/deploy', 'main', 'env/prod.yaml']],
  [{ source }, { repository: 'https://h/other', target: 'helmvalues:x.yaml' }, ['https://h/other', '', 'x.yaml']],
  [{ sources: [chart, values] }, { target: 'helmvalues:prod.yaml' }, ['https://h/values', 'prod', 'prod.yaml']],
])('of %j with %j the place is %j', (spec, settings, expected) => {
  expect(place(spec, settings)).toEqual(expected)
})

test.each<[Partial<ApplicationSpec>, WriteBackSettings, string]>([
  [{ source }, { target: 'helmvalues:../../../x' }, 'leads out of the repository'],
  [{ source }, { target: 'kustomization:../../../x' }, 'leads out of the repository'],
  [{ source: chart }, {}, 'name one in git-repository'],
  [{}, {}, 'has no source'],
])('%j with %j has no place', (spec, settings, message) => {
  expect(() => place(spec, settings)).toThrow(message)
})

test('a commit says what it changes, once, as argocd-image-updater does', () => {
  expect(commitMessage('', ['shop', 'mail'], [...updates, ...updates])).toBe(
    "build: automatic update of shop, mail\n\nupdates image nginx tag '1' to '1.0'\nupdates image acme/api tag '1' to '1.1'\n",
  )
  expect(commitMessage('chore: {{ .AppName }} ({{ len .AppChanges }})', ['shop'], updates)).toBe('chore: shop (2)')
  expect(() => commitMessage('{{ .', ['shop'], updates)).toThrow('git.commit-message-template')
})

test('a branch is named by a template, for one set of changes always the same', () => {
  const at = { namespace: 'argocd', name: 'shop' }
  expect(branchName('{{ .AppName }}{{ range .Images }}-{{ .Alias }}-{{ .NewTag }}{{ end }}', at, updates)).toBe(
    'shop-web-1.0-api-1.1',
  )
  const hashed = branchName('{{ .SHA256 }}', at, updates)
  expect(hashed).toMatch(/^[0-9a-f]{64}$/)
  expect(branchName('{{ .SHA256 }}', at, updates)).toBe(hashed)
  expect(branchName('{{ .SHA256 }}', at, updates.slice(1))).not.toBe(hashed)
  expect(branchName(`{{ .AppName }}${'x'.repeat(300)}`, at, updates)).toHaveLength(255)
  expect(() => branchName(' ', at, updates)).toThrow('gives no name')
})
