import { expect, test } from 'vitest'
import type { ApplicationSpec } from '../../model/index.ts'
import { withFlags } from './flags.ts'

const spec: ApplicationSpec = {
  project: 'default',
  destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
  source: {
    repoURL: 'https://git.example.com/shop.git',
    path: 'web',
    helm: { parameters: [{ name: 'a', value: '1' }] },
  },
  syncPolicy: { syncOptions: ['CreateNamespace=true'] },
}

test('without a flag nothing changes', () => {
  expect(withFlags(spec, {})).toEqual(spec)
})

test('a destination by name takes the place of one by server', () => {
  expect(withFlags(spec, { destName: 'in-cluster' }).destination).toEqual({ name: 'in-cluster', namespace: 'shop' })
})

test('a Helm parameter replaces the one of its name', () => {
  const { source } = withFlags(spec, { helmSet: ['a=2', 'b=x=y'], helmSetString: ['c=true'] })
  expect(source?.helm?.parameters).toEqual([
    { name: 'a', value: '2' },
    { name: 'b', value: 'x=y' },
    { name: 'c', value: 'true', forceString: true },
  ])
})

test('an image override replaces the one of its image, whatever the tag', () => {
  const once = withFlags(spec, { kustomizeImage: ['registry.example.com:5000/web:1.0', 'old=new:1'] })
  const { source } = withFlags(once, { kustomizeImage: ['registry.example.com:5000/web:2.0'] })
  expect(source?.kustomize?.images).toEqual(['old=new:1', 'registry.example.com:5000/web:2.0'])
})

test('automated sync is switched on and off, and its details need it', () => {
  const on = withFlags(spec, { syncPolicy: 'automated', autoPrune: true, selfHeal: true })
  expect(on.syncPolicy?.automated).toEqual({ enabled: true, prune: true, selfHeal: true })
  expect(withFlags(on, { syncPolicy: 'none' }).syncPolicy).toEqual({ syncOptions: ['CreateNamespace=true'] })
  expect(() => withFlags(spec, { selfHeal: true })).toThrow(/--sync-policy automated/)
})

test('a sync option replaces the one of its name, and "!" removes it', () => {
  expect(withFlags(spec, { syncOption: ['CreateNamespace=false'] }).syncPolicy?.syncOptions).toEqual([
    'CreateNamespace=false',
  ])
  expect(withFlags(spec, { syncOption: ['!CreateNamespace=true'] }).syncPolicy?.syncOptions).toEqual([])
})
