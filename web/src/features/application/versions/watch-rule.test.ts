import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import {
  aliasesIn,
  annotateCommand,
  annotationLines,
  suggestions,
  unwatchedOf,
  updaterEntries,
  watchAnnotations,
} from './watch-rule.ts'

const prefix = 'argocd-image-updater.argoproj.io/'
const runs = (image: string, ...running: string[]) => ({ image, running })

test.each([
  ['1.27.3', 'nginx:^1.27', {}],
  ['v2', 'nginx:^2', {}],
  ['1.27-alpine', 'nginx:^1.27-0', { 'allow-tags': 'regexp:^v?[0-9.]+-alpine$' }],
  ['1.27.3-alpine3.20', 'nginx:^1.27-0', { 'allow-tags': 'regexp:^v?[0-9.]+-alpine3\\.20$' }],
  ['main', 'nginx:main', { 'update-strategy': 'digest' }],
  [`main@sha256:${'a'.repeat(64)}`, 'nginx:main', { 'update-strategy': 'digest' }],
  [`@sha256:${'a'.repeat(64)}`, 'nginx', {}],
])('what runs at %s is watched by %s', (version, image, settings) => {
  expect(suggestions([runs('nginx', version)])).toEqual([{ alias: 'nginx', image, settings }])
})

test('each image gets a name that no other has', () => {
  const images = [runs('ghcr.io/acme/web', '1.0.0'), runs('ghcr.io/other/web', '2.0.0')]
  expect(suggestions(images, ['web']).map(({ alias }) => alias)).toEqual(['web-2', 'web-3'])
})

test('an image that stands in the list already is not suggested again, also where its entry cannot be read', () => {
  const list = 'web=ghcr.io/acme/web:nonsense, api=acme/api'
  const images = ['ghcr.io/acme/web', 'acme/api', 'acme/web', 'nginx'].map((image) => runs(image, '1.0.0'))
  const items = [...images, { ...runs('redis', '7.0.0'), alias: 'redis' }]
  expect(unwatchedOf(items, list).map(({ image }) => image)).toEqual(['acme/web', 'nginx'])
  expect(aliasesIn(list)).toEqual(['web', 'api'])
  expect(unwatchedOf(items).map(({ image }) => image)).toHaveLength(4)
  expect(aliasesIn()).toEqual([])
})

test('the annotation keeps the list that stands there', () => {
  const wanted = suggestions([runs('ghcr.io/acme/web', '1.2.0'), runs('redis', 'main')])
  const annotations = watchAnnotations(wanted, 'api=acme/api:~3')
  expect(annotations).toEqual({
    [`${prefix}image-list`]: 'api=acme/api:~3, web=ghcr.io/acme/web:^1.2, redis=redis:main',
    [`${prefix}redis.update-strategy`]: 'digest',
  })
  expect(annotationLines(annotations).split('\n')[0]).toBe(
    `${prefix}image-list: api=acme/api:~3, web=ghcr.io/acme/web:^1.2, redis=redis:main`,
  )
  expect(load(annotationLines(annotations))).toEqual(annotations)
  const regexp = watchAnnotations(suggestions([runs('localhost:5000/nginx', '1.27-alpine')]))
  expect(load(annotationLines(regexp))).toEqual(regexp)
})

test('the command says the same to a cluster, and quotes what a shell would read', () => {
  const annotations = { [`${prefix}image-list`]: "web=acme/web:it's" }
  expect(annotateCommand({ name: 'shop', namespace: 'argocd' }, annotations)).toBe(
    `kubectl annotate --overwrite application shop -n argocd \\\n  ${prefix}image-list='web=acme/web:it'\\''s'`,
  )
})

test('an ImageUpdater has entries of its own form', () => {
  const wanted = suggestions([runs('acme/web', '1.2.0'), runs('nginx', '1.27-alpine'), runs('redis', 'main')])
  expect(load(updaterEntries(wanted))).toEqual([
    { alias: 'web', imageName: 'acme/web:^1.2' },
    {
      alias: 'nginx',
      imageName: 'nginx:^1.27-0',
      commonUpdateSettings: { allowTags: 'regexp:^v?[0-9.]+-alpine$' },
    },
    { alias: 'redis', imageName: 'redis:main', commonUpdateSettings: { updateStrategy: 'digest' } },
  ])
})
