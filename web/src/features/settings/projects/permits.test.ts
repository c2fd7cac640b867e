import { expect, test } from 'vitest'
import { permits } from './permits.ts'

test('an empty project permits no sources, no destinations and no kinds of the cluster', () => {
  expect(permits({})).toEqual({
    sources: { extent: 'none', allowed: [], denied: [] },
    destinations: { extent: 'none', allowed: [], denied: [] },
    clusterKinds: { extent: 'none', allowed: [], denied: [] },
    namespacedKinds: { extent: 'all', allowed: [], denied: [] },
  })
})

test('all but what is denied, in what is written and in lists', () => {
  const spec = {
    sourceRepos: ['*', '!https://git.example.com/secret'],
    destinations: [
      { server: '*', namespace: '*' },
      { server: '*', namespace: '!kube-system' },
    ],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    clusterResourceBlacklist: [{ group: '', kind: 'Namespace', name: 'kube-*' }],
    namespaceResourceBlacklist: [{ group: '', kind: 'ResourceQuota' }],
  }
  expect(permits(spec)).toEqual({
    sources: { extent: 'all', allowed: [], denied: ['https://git.example.com/secret'] },
    destinations: { extent: 'all', allowed: [], denied: ['* / kube-system'] },
    clusterKinds: { extent: 'all', allowed: [], denied: ['Namespace kube-*'] },
    namespacedKinds: { extent: 'all', allowed: [], denied: ['ResourceQuota'] },
  })
})

test('what global projects say is added', () => {
  const global = {
    sourceRepos: ['https://git.example.com/base'],
    namespaceResourceWhitelist: [{ group: 'apps', kind: 'Deployment' }],
  }
  expect(
    permits(
      {
        sourceRepos: ['https://git.example.com/base', 'https://b'],
        destinations: [{ name: 'prod', namespace: 'shop' }],
      },
      [global],
    ),
  ).toMatchObject({
    sources: { extent: 'some', allowed: ['https://git.example.com/base', 'https://b'] },
    destinations: { extent: 'some', allowed: ['prod / shop'] },
    namespacedKinds: { extent: 'some', allowed: ['apps/Deployment'] },
  })
})
