import { expect, test } from 'vitest'
import type { Application, ApplicationSource } from '../model/index.ts'
import { withVersions } from './parameters.ts'
import { readRules } from './read-rules.ts'
import type { ImageSettings } from './rules.ts'
import { runningImages } from './running.ts'
import { updatableSource } from './updatable-source.ts'

const digest = `sha256:${'d'.repeat(64)}`
const source: ApplicationSource = { repoURL: 'https://h/x', path: 'web' }

function rule(settings: Partial<ImageSettings> = {}) {
  const { images } = readRules([{ alias: 'web', image: 'acme/web', ...settings }], {})
  if (!images[0]) throw new Error('no rule')
  return images[0]
}

function changed(before: ApplicationSource, type: 'Helm' | 'Kustomize', settings: Partial<ImageSettings> = {}) {
  return withVersions(before, type, [{ rule: rule(settings), version: { tag: '1.2' } }])
}

test('Helm gets name and tag as texts, where they stand or at the end', () => {
  expect(changed(source, 'Helm')?.helm?.parameters).toEqual([
    { name: 'image.name', value: 'acme/web', forceString: true },
    { name: 'image.tag', value: '1.2', forceString: true },
  ])
  const before = {
    ...source,
    helm: {
      parameters: [
        { name: 'tag', value: '1.1' },
        { name: 'other', value: 'x' },
      ],
    },
  }
  expect(changed(before, 'Helm', { helm: { name: 'repo', tag: 'tag' } })?.helm?.parameters).toEqual([
    { name: 'tag', value: '1.2', forceString: true },
    { name: 'other', value: 'x' },
    { name: 'repo', value: 'acme/web', forceString: true },
  ])
})

test('Helm gets the whole reference in one parameter where it is asked for', () => {
  const [parameter] =
    withVersions(source, 'Helm', [
      { rule: rule({ helm: { spec: 'image', tag: 'ignored' } }), version: { tag: 'main', digest } },
    ])?.helm?.parameters ?? []
  expect(parameter).toEqual({ name: 'image', value: `acme/web:main@${digest}`, forceString: true })
})

test.each<[string[], Partial<ImageSettings>, string[]]>([
  [[], {}, ['acme/web:1.2']],
  [['acme/web:1.1', 'other:1'], {}, ['acme/web:1.2', 'other:1']],
  [['web=acme/web:1.1'], {}, ['web=acme/web:1.2']],
  [['docker.io/acme/web:1.1'], {}, ['acme/web:1.2']],
  [[], { kustomizeName: 'placeholder' }, ['placeholder=acme/web:1.2']],
  [['placeholder:1'], { kustomizeName: 'placeholder' }, ['placeholder=acme/web:1.2']],
  [['one=acme/web:1', 'two=acme/web:1'], { kustomizeName: 'two' }, ['one=acme/web:1', 'two=acme/web:1.2']],
])('the images of Kustomize %j become, with %j, %j', (before, settings, expected) => {
  expect(changed({ ...source, kustomize: { images: before } }, 'Kustomize', settings)?.kustomize?.images).toEqual(
    expected,
  )
})

test('where nothing changes the source is the same object', () => {
  for (const type of ['Helm', 'Kustomize'] as const) {
    const once = changed(source, type)
    expect(once && changed(once, type)).toBe(once)
  }
})

test('a directory has no place for images', () => {
  expect(withVersions(source, 'Directory', [{ rule: rule(), version: { tag: '1' } }])).toBeUndefined()
})

const application = (spec: Partial<Application['spec']>, status: Application['status'] = {}): Application => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop' },
  spec: { project: 'default', destination: {}, ...spec },
  status,
})

test('of several sources the first that is Helm or Kustomize is written to, or that of the repository', () => {
  const sources = ['a', 'b', 'c'].map((name) => ({ repoURL: `https://h/${name}`, path: '.' }))
  const several = application({ sources }, { sourceTypes: ['Directory', 'Helm', 'Kustomize'] })
  expect(updatableSource(several)).toMatchObject({ index: 1, type: 'Helm' })
  expect(updatableSource(several, 'https://h/c')).toMatchObject({ index: 2, type: 'Kustomize' })
  expect(updatableSource(application({ source }, { sourceType: 'Helm' }))).toMatchObject({
    index: undefined,
    type: 'Helm',
  })
  expect(updatableSource(application({ source: { ...source, kustomize: { images: ['a'] } } }))?.type).toBe('Kustomize')
})

test('what runs is told by the image, whatever its spelling', () => {
  const images = ['docker.io/acme/web:1', 'acme/web:2', 'acme/webber:3', 'ghcr.io/acme/web:4', 'placeholder:0']
  const running = (settings: Partial<ImageSettings>) =>
    runningImages(application({}, { summary: { images } }), rule(settings)).map(({ tag }) => tag)
  expect(running({})).toEqual(['1', '2'])
  expect(running({ image: 'acme/none', kustomizeName: 'placeholder' })).toEqual(['0'])
})
