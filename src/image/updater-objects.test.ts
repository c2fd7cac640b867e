import { expect, test } from 'vitest'
import type { Application, ImageUpdaterObject, ImageUpdaterSpec } from '../model/index.ts'
import type { Finding } from './finding.ts'
import { assignmentOf } from './updater-objects.ts'
import { updaterStatus } from './updater-status.ts'

function application(name: string, annotations: Record<string, string> = {}, labels: Record<string, string> = {}) {
  return { metadata: { name, namespace: 'argocd', annotations, labels }, spec: {} } as unknown as Application
}

function updater(spec: Partial<ImageUpdaterSpec>, name = 'all', namespace = 'argocd'): ImageUpdaterObject {
  return {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name, namespace, generation: 3 },
    spec: { applicationRefs: [], ...spec },
  }
}

const byLabels = ({ matchLabels = {} }: { matchLabels?: Record<string, string> }, labels: Record<string, string>) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value)

const assigned = (one: Application, ...updaters: ImageUpdaterObject[]) => assignmentOf(one, updaters, byLabels)
const images = (alias: string) => [{ alias, imageName: 'acme/web:^1' }]

test('of the references that fit, a name comes before labels, and these before patterns', () => {
  const all = updater({
    applicationRefs: [
      { namePattern: '*', images: images('any') },
      { namePattern: 'shop-*', images: images('pattern') },
      { namePattern: '*', labelSelectors: { matchLabels: { tier: 'web' } }, images: images('labels') },
      { namePattern: 'shop-eu', images: images('name') },
    ],
  })
  const aliasOf = (one: Application) => assigned(one, all)?.rules.images[0]?.alias
  expect(aliasOf(application('shop-eu', {}, { tier: 'web' }))).toBe('name')
  expect(aliasOf(application('shop-us', {}, { tier: 'web' }))).toBe('labels')
  expect(aliasOf(application('shop-us'))).toBe('pattern')
  expect(aliasOf(application('mail'))).toBe('any')
})

test('settings of an image come before those of its reference, and these before the general ones', () => {
  const all = updater({
    commonUpdateSettings: { updateStrategy: 'digest', allowTags: 'regexp:^1', pullSecret: 'pullsecret:argocd/all' },
    writeBackConfig: { method: 'git', gitConfig: { branch: 'main', writeBackTarget: 'kustomization' } },
    applicationRefs: [
      {
        namePattern: 'shop',
        commonUpdateSettings: { updateStrategy: 'alphabetical', ignoreTags: ['*-rc'] },
        writeBackConfig: { gitConfig: { branch: 'main:bot' } },
        images: [
          {
            alias: 'web',
            imageName: 'acme/web:^1',
            commonUpdateSettings: { updateStrategy: 'semver', platforms: ['linux/arm64'], forceUpdate: true },
            manifestTargets: { helm: { name: 'a', tag: 'b' } },
          },
          { alias: 'api', imageName: 'acme/api', manifestTargets: { kustomize: { name: 'placeholder' } } },
        ],
      },
    ],
  })
  const { rules } = assigned(application('shop'), all) ?? {}
  expect(rules?.problems).toEqual([])
  expect(rules?.images).toMatchObject([
    { strategy: 'semver', platforms: ['linux/arm64'], forceUpdate: true, helm: { name: 'a', tag: 'b' } },
    { strategy: 'alphabetical', kustomizeName: 'placeholder', pullSecret: 'pullsecret:argocd/all' },
  ])
  expect(rules?.images[1]?.admits('1.0')).toBe(true)
  expect(rules?.images[1]?.admits('1.0-rc')).toBe(false)
  expect(rules?.writeBack).toMatchObject({
    method: 'git',
    branch: 'main',
    pushBranch: 'bot',
    target: { kind: 'kustomization' },
  })
})

test('annotations count where the object says so, or where there is no object', () => {
  const annotated = application('shop', { 'argocd-image-updater.argoproj.io/image-list': 'mine=acme/web' })
  const other = updater({ applicationRefs: [{ namePattern: 'mail', images: images('x') }] })
  const its = updater({ applicationRefs: [{ namePattern: 'shop', images: images('theirs') }] })
  const follows = updater({ applicationRefs: [{ namePattern: 'shop', useAnnotations: true }] })
  expect(assigned(annotated, other)).toMatchObject({ rules: { images: [{ alias: 'mine' }] } })
  expect(assigned(annotated, other)?.updater).toBeUndefined()
  expect(assigned(annotated, its)?.rules.images[0]?.alias).toBe('theirs')
  expect(assigned(annotated, follows)).toMatchObject({ updater: follows, rules: { images: [{ alias: 'mine' }] } })
  expect(assigned(application('shop'), follows)).toBeUndefined()
  expect(assigned(application('shop'), updater(its.spec, 'all', 'elsewhere'))).toBeUndefined()
})

test.each<[Partial<ImageUpdaterSpec>, string]>([
  [
    { imagesVerification: { cosignKey: { secretName: 'a', key: 'b' } } },
    'image web: signatures of images are not verified',
  ],
  [{ writeBackConfig: { method: 'git', gitConfig: { pullRequest: { github: {} } } } }, 'pull requests are not opened'],
  [{ commonUpdateSettings: { updateStrategy: 'newest' } }, 'image web: update-strategy is "newest"'],
])('%j: nothing is updated, and it is said why', (spec, message) => {
  const all = updater({ applicationRefs: [{ namePattern: '*', images: images('web') }], ...spec })
  const rules = assigned(application('shop'), all)?.rules
  expect(rules?.images).toEqual([])
  expect(rules?.problems.join()).toContain(message)
})

test('verification that is turned off for an image does not keep it back', () => {
  const [image] = images('web')
  if (!image) throw new Error('no image')
  const all = updater({
    imagesVerification: { enabled: true },
    applicationRefs: [{ namePattern: '*', images: [{ ...image, imagesVerification: { enabled: false } }] }],
  })
  expect(assigned(application('shop'), all)?.rules.images).toHaveLength(1)
})

test('a status counts, tells what was written, and is written again only when something is new', () => {
  const object = updater({ applicationRefs: [{ namePattern: '*', images: images('web') }] })
  const [rule] = assigned(application('shop'), object)?.rules.images ?? []
  if (!rule) throw new Error('no rule')
  const update = { rule, version: { tag: '1.2' }, from: '1.1' }
  const finding: Finding = {
    alias: 'web',
    image: 'acme/web',
    strategy: 'semver',
    constraint: '^1',
    running: [],
    state: 'current',
  }
  const reports = [1, 2].map((at) => ({ at, images: [finding], problems: [] as string[] }))
  const at = (text: string) => new Date(`2024-01-01T${text}Z`)
  const first = updaterStatus(object, { reports, updates: [update, update], now: at('10:00:00') })
  expect(first).toEqual({
    observedGeneration: 3,
    applicationsMatched: 2,
    imagesManaged: 2,
    lastCheckedAt: '2024-01-01T10:00:00Z',
    lastUpdatedAt: '2024-01-01T10:00:00Z',
    recentUpdates: [
      {
        alias: 'web',
        image: 'acme/web',
        newVersion: '1.2',
        applicationsUpdated: 2,
        updatedAt: '2024-01-01T10:00:00Z',
        message: 'from 1.1 to 1.2',
      },
    ],
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Checked',
        message: 'all images were looked at',
        observedGeneration: 3,
        lastTransitionTime: '2024-01-01T10:00:00Z',
      },
    ],
  })
  const after = { ...object, status: first ?? {} }
  expect(updaterStatus(after, { reports, updates: [], now: at('10:02:00') })).toBeUndefined()
  const later = updaterStatus(after, { reports, updates: [], now: at('10:12:00') })
  expect(later).toMatchObject({ lastCheckedAt: '2024-01-01T10:12:00Z', lastUpdatedAt: '2024-01-01T10:00:00Z' })
  expect(later?.recentUpdates).toEqual(first?.recentUpdates)
  const failed = reports.map((report) => ({ ...report, problems: ['the registry is away, again in 5 s'] }))
  const bad = updaterStatus(after, { reports: failed, updates: [], now: at('10:02:00') })
  expect(bad?.conditions?.[0]).toMatchObject({ status: 'False', lastTransitionTime: '2024-01-01T10:02:00Z' })
})
