import { expect, test } from 'vitest'
import { type Application, annotation, type SourceType } from '../model/index.ts'
import { rulesFromAnnotations } from './annotations.ts'
import { applicationImages } from './application-images.ts'
import type { Finding } from './finding.ts'
import type { ImageReport } from './image-reports.ts'
import type { Assignment } from './updater-objects.ts'

const prefix = 'argocd-image-updater.argoproj.io/'

function shop({ sourceType = 'Kustomize', ...annotations }: Record<string, string> & { sourceType?: string } = {}) {
  return {
    metadata: { name: 'shop', namespace: 'argocd', annotations },
    spec: { project: 'default', source: { repoURL: 'https://h/deploy', path: 'shop', targetRevision: 'main' } },
    status: { sourceType: sourceType as SourceType, summary: { images: ['acme/web:1.0', 'nginx:1.27'] } },
  } as unknown as Application
}

function assigned(application: Application, more: Partial<Assignment> = {}): Assignment {
  const rules = rulesFromAnnotations(application)
  if (!rules) throw new Error('nothing asks for updates')
  return { rules, isAnnotated: true, ...more }
}

const watched = { [`${prefix}image-list`]: 'web=acme/web:^1' }
const finding: Finding = {
  alias: 'web',
  image: 'acme/web',
  strategy: 'semver',
  constraint: '^1',
  running: ['1.0'],
  newest: '1.1',
  state: 'outdated',
}
const report = (more: Partial<ImageReport> = {}): ImageReport => ({ at: 0, images: [finding], problems: [], ...more })

function look(application: Application, more: Partial<Parameters<typeof applicationImages>[0]> = {}) {
  const assignment = assigned(application)
  return applicationImages({ application, instance: 'shop', assignment, report: undefined, ...more })
}

test('an application that nothing is asked for is told of with what it runs', () => {
  const application = shop()
  expect(applicationImages({ application, instance: 'shop', assignment: undefined, report: undefined })).toEqual({
    items: [
      { image: 'acme/web', running: ['1.0'] },
      { image: 'nginx', running: ['1.27'] },
    ],
    problems: [],
  })
})

test('without a question to a registry the last round tells; who was asked just now comes before it', () => {
  expect(look(shop(watched), { report: report() })).toMatchObject({
    items: [{ image: 'acme/web', newest: '1.1', state: 'outdated' }, { image: 'nginx' }],
    rules: { in: 'annotations' },
    writtenTo: { in: 'spec' },
    lookedAt: '1970-01-01T00:00:00.000Z',
    problems: [],
  })
  const asked = { at: 60_000, findings: [{ ...finding, newest: '1.2' }] }
  expect(look(shop(watched), { report: report(), asked })).toMatchObject({
    items: [{ newest: '1.2' }, { image: 'nginx' }],
    lookedAt: '1970-01-01T00:01:00.000Z',
  })
  const unknown = look(shop(watched))
  expect(unknown.lookedAt).toBeUndefined()
  expect(unknown.items[0]).not.toHaveProperty('state')
})

test('where the rules stand is told, and where they write to', () => {
  const updater = { metadata: { name: 'all' } } as NonNullable<Assignment['updater']>
  const application = shop(watched)
  expect(look(application, { assignment: assigned(application, { updater }) }).rules).toEqual({
    in: 'annotations',
    updater: 'all',
  })
  expect(look(application, { assignment: assigned(application, { updater, isAnnotated: false }) }).rules).toEqual({
    in: 'ImageUpdater',
    updater: 'all',
  })
  const git = { ...watched, [`${prefix}write-back-method`]: 'git' }
  expect(look(shop(git)).writtenTo).toEqual({
    in: 'git',
    repoURL: 'https://h/deploy',
    branch: 'main',
    file: 'shop/.argocd-source-shop.yaml',
  })
  const branch = { ...git, [`${prefix}git-branch`]: 'main:images-{{ .SHA256 }}' }
  expect(look(shop(branch)).writtenTo).toMatchObject({ branch: 'images-{{ .SHA256 }}' })
})

test('what keeps versions from being written is told, each once', () => {
  expect(look(shop({ ...watched, [annotation.pin]: '{"id":1}' })).leftAlone).toBe('pin')
  expect(look(shop({ ...watched, [annotation.skipReconcile]: 'true' })).leftAlone).toBe('skip-reconcile')
  const plain = look(shop({ ...watched, sourceType: 'Directory' }), {
    report: report({
      writeProblem: 'no source of the application is Helm or Kustomize, and only there a version can be written',
    }),
  })
  expect(plain.writtenTo).toBeUndefined()
  expect(plain.problems).toEqual([expect.stringMatching(/^no source of the application is Helm or Kustomize/)])
  const refused = look(shop(watched), { report: report({ writeProblem: 'its host refuses the credentials' }) })
  expect(refused.problems).toEqual(['its host refuses the credentials'])
  const unreadable = look(shop({ [`${prefix}image-list`]: 'web=acme/web:nonsense' }))
  expect(unreadable).toMatchObject({ items: [{ image: 'acme/web', running: ['1.0'] }, {}], rules: {} })
  expect(unreadable.problems).toEqual([expect.stringContaining('is no range of versions')])
})

test('what was committed and does not run yet is not outdated any more', () => {
  const update = { alias: 'web', image: 'acme/web', from: '1.0', to: '1.1', at: '2026-03-01T10:00:00Z' }
  const recorded = (to: string) => ({ ...watched, [annotation.imageUpdates]: JSON.stringify([{ ...update, to }]) })
  expect(look(shop(recorded('1.1')), { report: report() }).items[0]?.state).toBe('written')
  expect(look(shop(recorded('1.0')), { report: report() }).items[0]?.state).toBe('outdated')
})

test('the last update stands with its image, for as long as something asks for it', () => {
  const update = { from: '0.9', to: '1.0', at: '2026-03-01T10:00:00Z' }
  const record = JSON.stringify([
    { alias: 'web', image: 'acme/web', ...update },
    { alias: 'nginx', image: 'nginx', ...update },
  ])
  const { items } = look(shop({ ...watched, [annotation.imageUpdates]: record }))
  expect(items.map(({ image, updated }) => [image, updated])).toEqual([
    ['acme/web', update],
    ['nginx', undefined],
  ])
})
