import { expect, test } from 'vitest'
import { versionLabelPatch } from './version-label.ts'

const asking = { 'argocd.argoproj.io/auto-label-cluster-info': 'true' }
const version = 'argocd.argoproj.io/kubernetes-version'

test('a Secret that asks for it is told the version, without the words of a provider', () => {
  const patch = { metadata: { labels: { [version]: 'v1.33.4' } } }
  expect(versionLabelPatch({ labels: asking }, 'v1.33.4')).toEqual(patch)
  expect(versionLabelPatch({ labels: { ...asking, [version]: 'v1.32.0' } }, 'v1.33.4+k3s1')).toEqual(patch)
  expect(versionLabelPatch({ labels: asking }, 'v1.33.4-eks-5d4a308')).toEqual(patch)
})

test('nothing is written where nobody asks, where it is right, and where the version is not known', () => {
  expect(versionLabelPatch({ labels: {} }, 'v1.33.4')).toBeUndefined()
  expect(versionLabelPatch({ labels: { ...asking, [version]: 'v1.33.4' } }, 'v1.33.4')).toBeUndefined()
  expect(versionLabelPatch({ labels: asking }, undefined)).toBeUndefined()
})
