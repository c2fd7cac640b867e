import { expect, test } from 'vitest'
import { comparable, type RecordedEvent, recording, sortEvents, toldOf } from './testing/recording.ts'
import { stage } from './testing/stage.ts'
import type { Deployment, Pod, ReplicaSet } from './workload.ts'

const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }
const replicaSets = { group: 'apps', version: 'v1', resource: 'replicasets' }
const revision = 'deployment.kubernetes.io/revision'

interface Transition {
  phase: string
  deployment: object
  replicaSets: { revision: string }[]
  pods: object[]
}
const recorded = recording<{ transitions: Transition[]; events: RecordedEvent[] }>('deployment-transitions')
const volatile = ['lastTransitionTime', 'lastUpdateTime', 'terminatingReplicas']

function template(image: string) {
  return { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } }
}

function webDeployment(spec: Partial<Deployment['spec']> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'demo' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: template('i'),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 4,
      ...spec,
    },
  }
}

type Stage = ReturnType<typeof stage>

function imageOf({ spec }: Deployment | ReplicaSet): string | undefined {
  return spec.template.spec.containers[0]?.image
}

function deploymentOf({ one }: Stage) {
  const deployment = one(deployments, 'web') as Deployment
  const { generation, annotations = {} } = deployment.metadata
  const { replicas } = deployment.spec
  return {
    generation,
    revision: annotations[revision],
    replicas,
    image: imageOf(deployment),
    status: deployment.status,
  }
}

function setsOf({ cluster }: Stage) {
  const sets = (cluster.list(replicaSets) as ReplicaSet[]).map((set) => ({
    revision: set.metadata.annotations?.[revision],
    image: imageOf(set),
    desired: set.spec.replicas,
    generation: set.metadata.generation,
    status: set.status,
  }))
  return sets.sort((a, b) => Number(a.revision) - Number(b.revision))
}

function podsOf({ pods }: Stage) {
  const seen = pods()
    .filter((pod) => !pod.metadata.deletionTimestamp)
    .map(({ spec, status }: Pod) => ({
      image: spec.containers[0]?.image,
      nodeName: spec.nodeName,
      phase: status?.phase,
      ready: status?.conditions?.find(({ type }) => type === 'Ready')?.status,
    }))
  return seen.sort(byImageAndPhase)
}

function byImageAndPhase(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

function bindNext({ pods, bind }: Stage): void {
  const pod = pods().find(({ spec }) => !spec.nodeName)
  if (pod) bind(pod)
}

function reportBound({ pods, report }: Stage): void {
  const pod = pods().find(({ spec, status }) => spec.nodeName && status?.phase === 'Pending')
  if (pod) report(pod, 'Running')
}

function bindAndReport(play: Stage): void {
  bindNext(play)
  reportBound(play)
}

const actions: Record<string, (play: Stage) => void> = {
  created: ({ cluster, settle }) => {
    cluster.create(deployments, webDeployment())
    settle()
  },
  'deadline exceeded': ({ settle }) => settle(6000),
  'one bound': bindNext,
  'one ready': reportBound,
  'all ready': bindAndReport,
  'rollout begun': ({ patch }) => patch(deployments, 'web', { template: template('i:2') }),
  'first new pod ready': bindAndReport,
  'second new pod ready': bindAndReport,
  'bad rollout begun': ({ patch }) => patch(deployments, 'web', { template: template('i:missing') }),
  'bad rollout past its deadline': ({ settle }) => settle(6000),
  'rolled back': ({ patch }) => patch(deployments, 'web', { template: template('i:2') }),
  paused: ({ patch }) => patch(deployments, 'web', { paused: true }),
  resumed: ({ patch }) => patch(deployments, 'web', { paused: false }),
  'scaled to 1': ({ patch }) => patch(deployments, 'web', { replicas: 1 }),
  'scaled to 0': ({ patch }) => patch(deployments, 'web', { replicas: 0 }),
}

test('a deployment goes through every recorded transition as under the real controllers', () => {
  const play = stage()
  for (const { phase, ...state } of recorded.transitions) {
    actions[phase]?.(play)
    const expected = {
      deployment: state.deployment,
      replicaSets: state.replicaSets.sort((a, b) => Number(a.revision) - Number(b.revision)),
      pods: state.pods.sort(byImageAndPhase),
    }
    const now = { deployment: deploymentOf(play), replicaSets: setsOf(play), pods: podsOf(play) }
    expect(comparable(now, volatile), phase).toEqual(comparable(expected, volatile))
    for (const pod of play.pods().filter(({ metadata }) => metadata.deletionTimestamp)) play.remove(pod)
  }
  const told = toldOf(play.events()).filter(({ kind }) => kind === 'Deployment')
  expect(told).toEqual(sortEvents(recorded.events))
  play.stop()
})
