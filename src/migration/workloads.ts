/** Controllers of Argo CD that would go on working on the same objects. Pure. */
import type { KubeObject } from '../model/index.ts'
import type { Finding } from './finding.ts'

/** By the label `app.kubernetes.io/name`, which people keep when they rename the rest. */
const controllers: Record<string, string> = {
  'argocd-application-controller': 'syncs the same applications',
  'argocd-applicationset-controller': 'makes the same applications',
  'argocd-notifications-controller': 'sends the same notifications',
  'argocd-image-updater': 'writes the same images',
}

export function workloadFindings(objects: KubeObject[], namespace: string): Finding[] {
  return objects.flatMap(({ kind, metadata: { name, labels = {} }, spec }) => {
    if (kind !== 'Deployment' && kind !== 'StatefulSet') return []
    const does = controllers[labels['app.kubernetes.io/name'] ?? name] ?? controllers[name]
    const { replicas = 1 } = (spec ?? {}) as { replicas?: number }
    if (does === undefined || replicas === 0) return []
    const command = `kubectl -n ${namespace} scale ${kind.toLowerCase()}/${name} --replicas=0`
    return [{ level: 'stop', about: `${kind} ${name}`, message: `it ${does}: before Tiphys starts, ${command}` }]
  })
}
