import { expect, test } from 'vitest'
import { rulesFromAnnotations } from './annotations.ts'

function read(annotations: Record<string, string>) {
  const prefixed = Object.entries(annotations).map(([key, value]) => [`argocd-image-updater.argoproj.io/${key}`, value])
  return rulesFromAnnotations({ metadata: { name: 'shop', annotations: Object.fromEntries(prefixed) } })
}

test('an application without a list of images asks for nothing', () => {
  expect(read({})).toBeUndefined()
  expect(read({ 'update-strategy': 'digest' })).toBeUndefined()
  expect(read({ 'image-list': ' ' })).toBeUndefined()
})

test('images have an alias and a constraint, or neither', () => {
  const { images, problems } = read({ 'image-list': 'web=ghcr.io/acme/web:^1.2, acme/api' }) ?? { images: [] }
  expect(problems).toEqual([])
  expect(images.map(({ alias, constraint, strategy, image }) => [alias, image.name, constraint, strategy])).toEqual([
    ['web', 'ghcr.io/acme/web', '^1.2', 'semver'],
    ['acme/api', 'acme/api', '', 'semver'],
  ])
})

test('a constraint may hold an equals sign, which ends no alias', () => {
  expect(read({ 'image-list': 'acme/web:>=1.2' })?.images[0]).toMatchObject({ alias: 'acme/web', constraint: '>=1.2' })
  expect(read({ 'image-list': 'web=acme/web:>=1.2' })?.images[0]).toMatchObject({ alias: 'web', constraint: '>=1.2' })
})

test('what is said for an image comes before what is said for the application', () => {
  const rules = read({
    'image-list': 'web=acme/web,api=acme/api:main',
    'update-strategy': 'newest-build',
    'api.update-strategy': 'digest',
    'allow-tags': 'regexp:^v',
    'api.allow-tags': 'any',
    'ignore-tags': '*-rc, v9',
    'force-update': 'true',
    'web.force-update': 'false',
    'pull-secret': 'pullsecret:argocd/all',
    'web.pull-secret': 'secret:argocd/own#creds',
    'web.platforms': 'linux/amd64, linux/arm64/v8',
    'web.helm.image-name': 'web.image.repository',
    'web.helm.image-tag': 'web.image.tag',
    'api.helm.image-spec': 'api.image',
    'api.kustomize.image-name': 'placeholder',
  })
  expect(rules?.problems).toEqual([])
  expect(rules?.images).toMatchObject([
    {
      strategy: 'newest-build',
      forceUpdate: false,
      pullSecret: 'secret:argocd/own#creds',
      platforms: ['linux/amd64', 'linux/arm64/v8'],
      helm: { name: 'web.image.repository', tag: 'web.image.tag' },
    },
    {
      strategy: 'digest',
      forceUpdate: true,
      pullSecret: 'pullsecret:argocd/all',
      helm: { spec: 'api.image' },
      kustomizeName: 'placeholder',
    },
  ])
  const [web, api] = rules?.images ?? []
  expect(['v1', 'v9', 'v1-rc', 'main'].map((tag) => [web?.admits(tag), api?.admits(tag)])).toEqual([
    [true, true],
    [false, false],
    [false, false],
    [false, true],
  ])
})

test.each([
  ['latest', 'newest-build'],
  ['name', 'alphabetical'],
  ['alphabetical', 'alphabetical'],
])('the strategy %s is %s', (written, meant) => {
  expect(read({ 'image-list': 'a/b', 'update-strategy': written })?.images[0]?.strategy).toBe(meant)
})

test.each([
  [{ 'image-list': 'a=../x' }, 'image a: "../x" is no name of an image'],
  [{ 'image-list': 'a=a/b', 'update-strategy': 'newest' }, 'image a: update-strategy is "newest": write semver'],
  [{ 'image-list': 'a=a/b', 'a.update-strategy': 'digest' }, 'image a: the strategy digest follows one tag'],
  [{ 'image-list': 'a=a/b:stable' }, 'image a: "stable" is no range of versions'],
  [{ 'image-list': 'a=a/b', 'a.allow-tags': '^v1' }, 'image a: allow-tags is "^v1": write regexp:PATTERN or any'],
  [{ 'image-list': 'a=a/b', 'a.allow-tags': 'regexp:(' }, 'image a: allow-tags cannot be read'],
  [{ 'image-list': 'a=a/b', platforms: 'amd64' }, 'image a: platforms has "amd64"'],
  [{ 'image-list': 'a=a/b', 'write-back-method': 'svn' }, 'write-back-method is "svn"'],
  [{ 'image-list': 'a=a/b', 'write-back-method': 'git', 'write-back-target': 'x' }, 'write-back-target is "x"'],
])('%j: no image is updated, and it is said why', (annotations, message) => {
  const rules = read(annotations as Record<string, string>)
  expect(rules?.images).toEqual([])
  expect(rules?.problems.join()).toContain(message)
})

test('one image that cannot be read leaves the others', () => {
  const rules = read({ 'image-list': 'a=a/b:nonsense,c=c/d' })
  expect(rules?.images.map(({ alias }) => alias)).toEqual(['c'])
})

test.each([
  [{}, { method: 'argocd' }],
  [{ 'write-back-method': 'argocd' }, { method: 'argocd' }],
  [{ 'write-back-method': 'git' }, { method: 'git', secret: '', target: { kind: 'overrides' }, branch: '' }],
  [{ 'write-back-method': 'git:repocreds' }, { method: 'git', secret: '' }],
  [{ 'write-back-method': 'git:secret:ns/name' }, { method: 'git', secret: 'ns/name' }],
  [
    { 'write-back-method': 'git', 'write-back-target': 'kustomization' },
    { target: { kind: 'kustomization', path: '' } },
  ],
  [
    { 'write-back-method': 'git', 'write-back-target': 'kustomization:../base' },
    { target: { kind: 'kustomization', path: '../base' } },
  ],
  [
    { 'write-back-method': 'git', 'write-back-target': 'helmvalues' },
    { target: { kind: 'helmvalues', path: 'values.yaml' } },
  ],
  [
    { 'write-back-method': 'git', 'write-back-target': 'helmvalues:/env/prod.yaml' },
    { target: { kind: 'helmvalues', path: '/env/prod.yaml' } },
  ],
  [
    { 'write-back-method': 'git', 'git-branch': 'main:images-{{ .SHA256 }}', 'git-repository': 'https://h/x' },
    { branch: 'main', pushBranch: 'images-{{ .SHA256 }}', repository: 'https://h/x' },
  ],
  [
    { 'write-back-method': 'git', 'git-branch': ':bot' },
    { branch: '', pushBranch: 'bot' },
  ],
])('%j says where updates are written', (annotations, expected) => {
  const rules = read({ 'image-list': 'a/b', ...annotations } as Record<string, string>)
  expect(rules?.problems).toEqual([])
  expect(rules?.writeBack).toMatchObject(expected)
})
