/** Flux: suspended, or the Ready condition while it is not reconciling. */
import type { Health, KubeObject } from '../../model/index.ts'
import { conditionOf, conditionText, fieldsAt } from '../status-fields.ts'
import {
  at,
  healthy,
  inTurn,
  kinds,
  outdatedCondition,
  progressing,
  type Rule,
  type RuleTable,
  rule,
  saying,
  suspended,
  told,
} from './rule.ts'

interface Flux {
  /** Conditions of which one has to be True besides Ready. */
  besides?: string[]
  /** The status of Ready while it works; Unknown in most kinds. */
  working?: 'Unknown' | 'False'
  /** Reasons of Reconciling that mean work; any when absent. */
  reasons?: string[]
}

const paused = inTurn(suspended(told(at('spec.suspend', true), saying('it is suspended'))))
const open = rule()

/** What is neither ready nor at work is Degraded. */
function flux({ besides = [], working = 'Unknown', reasons }: Flux = {}): Rule {
  function state(object: KubeObject): Health | undefined {
    if (fieldsAt(object, 'status').conditions === undefined) return undefined
    const ready = conditionOf(object, 'Ready')
    const reconciling = conditionOf(object, 'Reconciling')
    const message = ready ? conditionText(ready) : ''
    const works = reconciling?.status === 'True' && (reasons?.includes(reconciling.reason) ?? true)
    if (works && ready?.status === working) return { status: 'Progressing', message }
    const complete = besides.length === 0 || besides.some((type) => conditionOf(object, type)?.status === 'True')
    if (ready?.status === 'True' && complete) return { status: 'Healthy' }
    return { status: 'Degraded', message }
  }
  return (object) => paused(object) ?? late(object) ?? state(object) ?? open(object)
}

// The status as a whole is of the last success; the condition is of the last attempt.
const late = inTurn(progressing(outdatedCondition('Ready')))
const source = flux({ besides: ['ArtifactInStorage'] })
const registry = inTurn(healthy(at('spec.type', 'oci')))

export const fluxKinds: RuleTable = {
  'kustomize.toolkit.fluxcd.io/Kustomization': flux(),
  'helm.toolkit.fluxcd.io/HelmRelease': flux({ besides: ['Released', 'TestSuccess'] }),
  ...kinds('source.toolkit.fluxcd.io', 'GitRepository OCIRepository HelmChart Bucket', source),
  'source.toolkit.fluxcd.io/ExternalArtifact': flux(),
  // A registry has nothing to fetch, and so no status.
  'source.toolkit.fluxcd.io/HelmRepository': (object) =>
    paused(object) ?? (registry(object) ? { status: 'Healthy' } : source(object)),
  'image.toolkit.fluxcd.io/ImageRepository': flux({ working: 'False', reasons: ['NewGeneration', 'Scanning'] }),
  'image.toolkit.fluxcd.io/ImagePolicy': flux({
    working: 'False',
    reasons: ['NewGeneration', 'AccessingRepository', 'ApplyingPolicy'],
  }),
  'image.toolkit.fluxcd.io/ImageUpdateAutomation': flux(),
  'notification.toolkit.fluxcd.io/Receiver': flux(),
  'fluxcd.controlplane.io/FluxInstance': flux(),
  'fluxcd.controlplane.io/FluxReport': flux(),
  'fluxcd.controlplane.io/ResourceSet': flux(),
  'fluxcd.controlplane.io/ResourceSetInputProvider': flux(),
  'infra.contrib.fluxcd.io/Terraform': flux(),
}
