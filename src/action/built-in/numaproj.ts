/** Numaflow and Numaplane: pause and unpause, promotion by force, loss of data. */
import type { KubeObject } from '../../model/index.ts'
import { type ActionDefinition, type ActionTable, edit, mapAt, put, set, valueAt } from './definition.ts'

const icon = (name: string) => `fa-solid fa-fw fa-${name}`

interface Pausable {
  /** Where the pipeline's own object is, in the object that the action is on. */
  root: string[]
  /** False for one that another object steers. */
  mayPause(object: KubeObject): boolean
  /** What unpausing sets besides the phase. */
  resumed(draft: KubeObject, fast: boolean): void
  /** Where the ways to go on are told. */
  strategies: string[]
}

const lifecycle = (root: string[]) => [...root, 'spec', 'lifecycle']

function setPhase(phase: string, root: string[], more?: (draft: KubeObject) => void): ActionDefinition['run'] {
  return (object) =>
    edit(object, (draft) => {
      put(draft, phase, ...lifecycle(root), 'desiredPhase')
      more?.(draft)
    })
}

function pausing({ root, mayPause, resumed, strategies }: Pausable): ActionDefinition[] {
  const isPaused = (object: KubeObject) => valueAt(object, ...lifecycle(root), 'desiredPhase') === 'Paused'
  const allowed = (object: KubeObject) =>
    valueAt(object, ...strategies, 'numaflow.numaproj.io/allowed-resume-strategies')
  const canResume = (object: KubeObject) => mayPause(object) && isPaused(object)
  return [
    {
      name: 'pause',
      iconClass: icon('pause'),
      isDisabled: (object) => !mayPause(object) || isPaused(object),
      run: setPhase('Paused', root),
    },
    {
      name: 'unpause-gradual',
      displayName: 'Unpause (gradual)',
      iconClass: icon('play'),
      isDisabled: (object) => !canResume(object) || allowed(object) === 'fast',
      run: setPhase('Running', root, (draft) => resumed(draft, false)),
    },
    {
      name: 'unpause-fast',
      displayName: 'Unpause (fast)',
      iconClass: icon('play'),
      isDisabled: (object) => !canResume(object) || !['fast', 'slow, fast'].includes(String(allowed(object))),
      run: setPhase('Running', root, (draft) => resumed(draft, true)),
    },
  ]
}

const label = (object: KubeObject, name: string) => object.metadata.labels?.[`numaplane.numaproj.io/${name}`]

const forcePromote: ActionDefinition = {
  name: 'force-promote',
  displayName: 'Force Promote',
  iconClass: icon('forward'),
  isDisabled: (object) =>
    !['in-progress', 'trial'].includes(label(object, 'upgrade-state') ?? '') ||
    label(object, 'force-promote') === 'true',
  run: set('true', 'metadata', 'labels', 'numaplane.numaproj.io/force-promote'),
}

const annotated = (name: string, value: string) =>
  set(value, 'metadata', 'annotations', `numaplane.numaproj.io/${name}`)

const isRecyclable = (object: KubeObject) => (label(object, 'upgrade-state') ?? '').startsWith('recyclable')

const remove: ActionDefinition = {
  name: 'delete',
  displayName: 'Delete',
  iconClass: icon('trash'),
  isDisabled: (object) => !isRecyclable(object),
  run: annotated('marked-for-deletion', 'true'),
}

const dataLoss: ActionDefinition[] = [
  {
    name: 'allow-data-loss',
    displayName: 'Allow (Possible) Data Loss',
    iconClass: icon('unlock'),
    isDisabled: (object) => valueAt(object, 'status', 'upgradeInProgress') !== 'PipelinePauseAndDrain',
    run: annotated('allow-data-loss', 'true'),
  },
  {
    name: 'disallow-data-loss',
    displayName: 'Disallow Data Loss',
    iconClass: icon('lock'),
    isDisabled: (object) => object.metadata.annotations?.['numaplane.numaproj.io/allow-data-loss'] !== 'true',
    run: annotated('allow-data-loss', 'false'),
  },
]

const isOwnedBy = (object: KubeObject, kind: string) =>
  object.metadata.ownerReferences?.some((owner) => owner.kind === kind) ?? false

const pipeline = pausing({
  root: [],
  mayPause: (object) =>
    !isOwnedBy(object, 'PipelineRollout') || label(object, 'upgrade-state') === 'recyclable-expired',
  resumed(draft, fast) {
    put(draft, fast ? 'fast' : 'slow', 'metadata', 'annotations', 'numaflow.numaproj.io/resume-strategy')
  },
  strategies: ['spec', 'metadata', 'annotations'],
})

const monoVertex = pausing({
  root: [],
  mayPause: (object) => !isOwnedBy(object, 'MonoVertexRollout'),
  resumed(draft, fast) {
    // Without a number it begins with one replica and grows.
    if (!fast) delete mapAt(draft, 'spec').replicas
  },
  strategies: ['spec', 'metadata', 'annotations'],
})

const rolloutOf = (name: string) =>
  pausing({
    root: ['spec', name],
    mayPause: () => true,
    resumed(draft, fast) {
      put(draft, fast, 'spec', 'strategy', 'pauseResume', 'fastResume')
    },
    strategies: ['spec', name, 'metadata', 'annotations'],
  })

export const numaproj: ActionTable = {
  'numaflow.numaproj.io/Pipeline': [...pipeline, forcePromote, remove],
  'numaflow.numaproj.io/MonoVertex': [...monoVertex, forcePromote],
  'numaflow.numaproj.io/InterStepBufferService': [forcePromote],
  'numaplane.numaproj.io/PipelineRollout': [...rolloutOf('pipeline'), ...dataLoss],
  'numaplane.numaproj.io/MonoVertexRollout': rolloutOf('monoVertex'),
}
