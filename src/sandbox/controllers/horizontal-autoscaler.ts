/** HorizontalPodAutoscaler: keeps its target within bounds and tells how it fares. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import { timestamp } from './clock.ts'
import type { ControllerContext } from './context.ts'
import { keyOf, splitKey, startInformer } from './informer.ts'
import { conditionOf } from './pod-state.ts'
import { onResize, type Scalable, scaleTarget, setReplicas } from './scale-target.ts'
import type { Condition } from './workload.ts'

const autoscalers = { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' }
const component = 'horizontal-pod-autoscaler'

interface Metric {
  type: string
  resource?: { name: string; target: { type: string; averageUtilization?: number; averageValue?: string } }
}

interface Autoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { kind: string; name: string; apiVersion?: string }
    minReplicas?: number
    maxReplicas: number
    metrics?: Metric[]
  }
  status?: { conditions?: Condition[]; [field: string]: unknown }
}

type Judgement = [type: string, status: string, reason: string, message: string]

function conditionsOf(old: Condition[] = [], judgements: Judgement[], now: string): Condition[] {
  return judgements.map(([type, status, reason, message]) => {
    const before = conditionOf(old, type)
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
    return { type, status, lastTransitionTime, reason, message }
  })
}

const noMetrics =
  'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)'

function metricFault({ spec }: Autoscaler): string {
  const name = spec.metrics?.[0]?.resource?.name ?? 'cpu'
  return `failed to get ${name} utilization: unable to get metrics for resource ${name}: ${noMetrics}`
}

/** A metric that stands exactly at its target: nothing measures an emulated pod. */
function current({ type, resource }: Metric): object {
  if (!resource) return { type }
  const { averageUtilization, averageValue } = resource.target
  const now = { ...(averageUtilization !== undefined && { averageUtilization }), averageValue: averageValue ?? '0' }
  return { type, resource: { name: resource.name, current: now } }
}

function limitJudgement(wanted: number, { spec }: Autoscaler): Judgement {
  const tooFew = wanted < (spec.minReplicas ?? 1)
  if (tooFew)
    return [
      'ScalingLimited',
      'True',
      'TooFewReplicas',
      'the desired replica count is less than the minimum replica count',
    ]
  if (wanted > spec.maxReplicas) {
    return [
      'ScalingLimited',
      'True',
      'TooManyReplicas',
      'the desired replica count is more than the maximum replica count',
    ]
  }
  return ['ScalingLimited', 'False', 'DesiredWithinRange', 'the desired count is within the acceptable range']
}

/** The status where a metrics API answers. */
function measured(autoscaler: Autoscaler, target: Scalable, now: string): Autoscaler['status'] {
  const { spec, status, metadata } = autoscaler
  const replicas = target.spec.replicas ?? 1
  const desired = Math.min(Math.max(replicas, spec.minReplicas ?? 1), spec.maxReplicas)
  const [metric] = spec.metrics ?? []
  const subject = `${metric?.resource?.name ?? 'cpu'} resource utilization (percentage of request)`
  const judgements: Judgement[] = [
    ['AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size'],
    [
      'ScalingActive',
      'True',
      'ValidMetricFound',
      `the HPA was able to successfully calculate a replica count from ${subject}`,
    ],
    limitJudgement(replicas, autoscaler),
  ]
  return {
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
    ...(desired !== replicas
      ? { lastScaleTime: now }
      : status?.lastScaleTime
        ? { lastScaleTime: status.lastScaleTime }
        : {}),
    currentReplicas: target.status?.replicas ?? 0,
    desiredReplicas: desired,
    currentMetrics: (spec.metrics ?? []).map(current),
    conditions: conditionsOf(status?.conditions, judgements, now),
  }
}

/** The status where nobody serves metrics. */
function unmeasured(autoscaler: Autoscaler, target: Scalable, now: string): Autoscaler['status'] {
  const fault = metricFault(autoscaler)
  const judgements: Judgement[] = [
    ['AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale"],
    ['ScalingActive', 'False', 'FailedGetResourceMetric', `the HPA was unable to compute the replica count: ${fault}`],
  ]
  return {
    currentReplicas: target.status?.replicas ?? 0,
    desiredReplicas: 0,
    currentMetrics: (autoscaler.spec.metrics ?? []).map(() => ({ type: '' })),
    conditions: conditionsOf(autoscaler.status?.conditions, judgements, now),
  }
}

function untargeted({ spec, status }: Autoscaler, now: string): Autoscaler['status'] {
  const { kind, name } = spec.scaleTargetRef
  const text = `the HPA controller was unable to get the target's current scale: ${kind} "${name}" not found`
  const conditions = conditionsOf(status?.conditions, [['AbleToScale', 'False', 'FailedGetScale', text]], now)
  return { currentReplicas: 0, desiredReplicas: 0, conditions }
}

/** `hasMetrics` false: as in a cluster without a metrics server. */
export function startAutoscalers(context: ControllerContext, hasMetrics: boolean): () => void {
  const { client, clock, events } = context
  const known = startInformer<Autoscaler>(client, autoscalers)
  const keysByTarget = new Map<string, Set<string>>()

  function tellFault(autoscaler: Autoscaler): void {
    const fault = metricFault(autoscaler)
    const count = autoscaler.spec.metrics?.length ?? 1
    const name = autoscaler.spec.metrics?.[0]?.resource?.name ?? 'cpu'
    events.record(component, autoscaler, { type: 'Warning', reason: 'FailedGetResourceMetric', message: fault })
    events.record(component, autoscaler, {
      type: 'Warning',
      reason: 'FailedComputeMetricsReplicas',
      message: `invalid metrics (${count} invalid out of ${count}), first error is: failed to get ${name} resource metric value: ${fault}`,
    })
  }

  function resize(autoscaler: Autoscaler, target: Scalable): void {
    const { minReplicas = 1, maxReplicas } = autoscaler.spec
    const replicas = target.spec.replicas ?? 1
    const wanted = Math.min(Math.max(replicas, minReplicas), maxReplicas)
    // A target of size 0 was switched off on purpose
    if (wanted === replicas || replicas === 0) return
    setReplicas(context, target, wanted)
    const reason =
      replicas < minReplicas
        ? 'Current number of replicas below Spec.MinReplicas'
        : 'Current number of replicas above Spec.MaxReplicas'
    events.record(component, autoscaler, {
      reason: 'SuccessfulRescale',
      message: `New size: ${wanted}; reason: ${reason}`,
    })
  }

  const queue = context.queues.queue((key) => {
    const autoscaler = known.get(...splitKey(key))
    if (!autoscaler || autoscaler.metadata.deletionTimestamp) return
    const now = timestamp(clock.now())
    const target = scaleTarget(context, autoscaler.metadata.namespace ?? '', autoscaler.spec.scaleTargetRef)
    const judge = hasMetrics ? measured : unmeasured
    const status = target ? judge(autoscaler, target, now) : untargeted(autoscaler, now)
    if (!deepEqual(status, autoscaler.status ?? {})) {
      client.updateStatus(autoscalers, { ...autoscaler, status })
      if (target && !hasMetrics) tellFault(autoscaler)
    }
    if (target) resize(autoscaler, target)
  })

  function targetKey({ metadata, spec }: Autoscaler): string {
    return `${spec.scaleTargetRef.kind}/${metadata.namespace}/${spec.scaleTargetRef.name}`
  }
  known.onChange((now, old) => {
    if (old) keysByTarget.get(targetKey(old))?.delete(keyOf(old))
    if (!now) return
    keysByTarget.set(targetKey(now), (keysByTarget.get(targetKey(now)) ?? new Set()).add(keyOf(now)))
    queue.add(keyOf(now))
  })
  onResize(context, (target) => {
    for (const key of keysByTarget.get(`${target.kind}/${keyOf(target)}`) ?? []) queue.add(key)
  })
  return known.stop
}
