/** Flux: suspended, or the Ready condition while it is not reconciling. */
import type { Health, KubeObject } from '../../model/index.ts'
import { conditionOf, conditionText } from '../status-fields.ts'
import { at, healthy, inTurn, kinds, type Rule, type RuleTable, rule, saying, suspended, told } from './rule.ts'

interface Flux {
  /** Conditions of which one has to be True besides Ready. */
  besides?: string[]
  /** The status of Ready while it works; Unknown in most kinds. */
  working?: 'Unknown' | 'False'
  /** Reasons of Reconciling that mean work; any when absent. */
  reasons?: string[]
}

/** What is neither ready nor at work is Degraded, as Flux itself sees it. */
function flux({ besides = [], working = 'Unknown', reasons }: Flux = {}): Rule {
  const state = (object: KubeObject): Health | undefined => {
    const ready = conditionOf(object, 'Ready')
    const reconciling = conditionOf(object, 'Reconciling')
    if (!ready && !reconciling && (object.status as { conditions?: unknown } | undefined)?.conditions === undefined)
      return undefined
    const message = ready ? conditionText(ready) : ''
    const works = reconciling?.status === 'True' && (reasons?.includes(reconciling.reason) ?? true)
    if (works && ready?.status === working) return { status: 'Progressing', message }
    const complete = besides.length === 0 || besides.some((type) => conditionOf(object, type)?.status === 'True')
    if (ready?.status === 'True' && complete) return { status: 'Healthy' }
    return { status: 'Degraded', message }
  }
  const pausedRule = inTurn(suspended(told(at('spec.suspend', true), saying('it is suspended'))))
  const waitingRule = rule()
  return (object) => pausedRule(object) ?? state(object) ?? waitingRule(object)
}

const source = flux({ besides: ['ArtifactInStorage'] })

const oci = inTurn(healthy(at('spec.type', 'oci')))
const paused = inTurn(suspended(told(at('spec.suspend', true), saying('it is suspended'))))

export const fluxKinds: RuleTable = {
  'kustomize.toolkit.fluxcd.io/Kustomization': flux(),
  'helm.toolkit.fluxcd.io/HelmRelease': flux({ besides: ['Released', 'TestSuccess'] }),
  ...kinds('source.toolkit.fluxcd.io', 'GitRepository OCIRepository HelmChart Bucket ExternalArtifact', source),
  // A registry has nothing to fetch, and so no status.
  'source.toolkit.fluxcd.io/HelmRepository': (object) =>
    paused(object) ?? (oci(object) ? { status: 'Healthy' } : source(object)),
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
