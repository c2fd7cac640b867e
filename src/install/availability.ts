/** What keeps an installation going while nodes and versions change. Pure. */
import type { KubeObject } from '../model/index.ts'
import { ownLabels, program, selector } from './labels.ts'

/** A new one is there before an old one goes. */
export const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }

/** Another is started elsewhere when its node has not answered for so long; without that it would be five minutes. */
export const nodeLost = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 30,
}))

/** Not all in one place, as far as there are several. */
export const spread = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway',
  labelSelector: { matchLabels: selector },
}))

/** Nodes are drained one replica at a time. */
export function disruptionBudget(): KubeObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: program, labels: ownLabels },
    spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
  }
}
