/** The objects that settings are written into, without any: what is in them already stays. Pure. */
import type { KubeObject } from '../model/index.ts'
import { settingsLabels } from './labels.ts'

const maps = [
  'argocd-cm',
  'argocd-cmd-params-cm',
  'argocd-gpg-keys-cm',
  'argocd-notifications-cm',
  'argocd-rbac-cm',
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
]
const secrets = ['argocd-notifications-secret', 'argocd-secret']

export function settingsObjects(): KubeObject[] {
  return [
    ...maps.map((name) => settingsObject('ConfigMap', name)),
    ...secrets.map((name) => ({ ...settingsObject('Secret', name), type: 'Opaque' })),
  ]
}

function settingsObject(kind: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, labels: settingsLabels(name) } }
}
