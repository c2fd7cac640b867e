import { expect, test } from 'vitest'
import type { AppProjectSpec } from '../model/index.ts'
import { type OrphanInput, orphanedResources, orphanFindings } from './orphaned.ts'

function input(orphaned: AppProjectSpec['orphanedResources'], ...texts: string[]): OrphanInput {
  const topLevel = texts.map((text) => {
    const [group = '', kind = '', name = '', instance] = text.split('/')
    return { key: { group, kind, namespace: 'shop', name }, instance }
  })
  const spec: AppProjectSpec = { ...(orphaned && { orphanedResources: orphaned }) }
  return {
    project: { name: 'team', spec },
    namespace: 'shop',
    topLevel,
    permits: () => true,
    exists: (instance) => instance === 'alive',
  }
}

const names = (given: OrphanInput) => orphanedResources(given).map(({ kind, name }) => `${kind} ${name}`)

test('what no living application tracks is orphaned, but not what Kubernetes makes itself', () => {
  const given = input(
    {},
    '/ConfigMap/left',
    '/ConfigMap/kept/alive',
    'apps/Deployment/old/dead',
    '/ConfigMap/kube-root-ca.crt',
    '/ServiceAccount/default',
  )
  expect(names(given)).toEqual(['ConfigMap left', 'Deployment old'])
})

test('without orphanedResources in the project nothing is', () => {
  expect(names(input(undefined, '/ConfigMap/left'))).toEqual([])
})

test('the project can leave out groups, kinds and names by globs', () => {
  const all = ['/ConfigMap/left', '/Secret/sh.helm.release.v1.a', 'apps/Deployment/old', 'apps/StatefulSet/db']
  expect(
    names(
      input(
        {
          ignore: [
            { kind: 'Secret', name: 'sh.helm.*' },
            { group: 'apps', kind: 'Stateful*' },
          ],
        },
        ...all,
      ),
    ),
  ).toEqual(['ConfigMap left', 'Deployment old'])
  expect(names(input({ ignore: [{ group: 'apps' }] }, ...all))).toEqual([
    'ConfigMap left',
    'Secret sh.helm.release.v1.a',
  ])
})

test('what the project does not permit is not its business', () => {
  const given = input({}, '/ConfigMap/left', 'apps/Deployment/old')
  expect(names({ ...given, permits: ({ group }) => group !== 'apps' })).toEqual(['ConfigMap left'])
})

test('the warning names the first of them, unless warn is false', () => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `/ConfigMap/${name}`)
  const warned = input({}, ...many)
  const [finding] = orphanFindings(orphanedResources(warned), warned)
  expect(finding?.message).toMatch(/^7 orphaned resources in namespace shop: ConfigMap a, .*ConfigMap e and 2 more: /)
  const silent = input({ warn: false }, ...many)
  expect(orphanFindings(orphanedResources(silent), silent)).toEqual([])
})
