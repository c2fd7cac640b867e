/** HorizontalPodAutoscaler, of autoscaling/v1 and v2. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidFor, invalidValue, notSupported, positive, required } from '../fault.ts'
import { child, type Fields, fallback, fields, isAbsent, isFields, list, number, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { pathSegment } from '../name-rules.ts'
import { canonicalQuantity, QuantityError } from '../quantity.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, specOf, statusOf } from '../table.ts'

const usualMetrics = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
]

const usualUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}
const usualDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

function defaultBehavior(spec: Fields): void {
  if (!isFields(spec.behavior)) return
  for (const [name, usual] of Object.entries({ scaleUp: usualUp, scaleDown: usualDown })) {
    const rules = child(spec.behavior, name)
    for (const [field, value] of Object.entries(usual)) fallback(rules, field, structuredClone(value))
  }
}

const sourceNames = ['resource', 'containerResource', 'pods', 'object', 'external']

function settleTarget(target: Fields): void {
  for (const name of ['value', 'averageValue']) {
    const amount = target[name]
    if (typeof amount !== 'string' && typeof amount !== 'number') continue
    try {
      target[name] = canonicalQuantity(amount)
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error
    }
  }
}

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  fallback(spec, 'minReplicas', 1)
  if (list(spec.metrics).length === 0) spec.metrics = structuredClone(usualMetrics)
  for (const metric of list(spec.metrics)) {
    for (const name of sourceNames) {
      const { target } = fields(metric[name])
      if (isFields(target)) settleTarget(target)
    }
  }
  defaultBehavior(spec)
  if (!isFields(object.status)) return
  fallback(object.status, 'desiredReplicas', 0)
  fallback(object.status, 'currentMetrics', null)
}

function setOldDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  fallback(spec, 'minReplicas', 1)
  const other = object.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics']
  if (other === undefined) fallback(spec, 'targetCPUUtilizationPercentage', 80)
  if (!isFields(object.status)) return
  fallback(object.status, 'currentReplicas', 0)
  fallback(object.status, 'desiredReplicas', 0)
}

function referenceFaults(reference: Fields, field: string): FieldFault[] {
  return ['kind', 'name'].flatMap((name) => {
    const value = text(reference[name])
    return value === '' ? [required(`${field}.${name}`)] : invalidFor(`${field}.${name}`, value, pathSegment(value))
  })
}

const metricTypes: Record<string, string> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}
const targetTypes = ['Utilization', 'Value', 'AverageValue']

function targetFaults(target: Fields, field: string): FieldFault[] {
  const type = text(target.type)
  const faults: FieldFault[] = []
  if (type === '') faults.push(required(`${field}.type`, 'must specify a metric target type'))
  else if (!targetTypes.includes(type)) {
    faults.push(invalidValue(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue'))
  }
  return [...faults, ...positive(`${field}.averageUtilization`, target.averageUtilization)]
}

function metricFaults(metric: Fields, field: string): FieldFault[] {
  const type = text(metric.type)
  if (type === '') return [required(`${field}.type`, 'must specify a metric source type')]
  const name = metricTypes[type]
  if (name === undefined) return [notSupported(`${field}.type`, type, Object.keys(metricTypes))]
  const source = metric[name]
  if (!isFields(source)) {
    return [required(`${field}.${name}`, `must populate information for the given metric source`)]
  }
  const faults = sourceNames
    .filter((other) => other !== name && isFields(metric[other]))
    .map((other) => forbidden(`${field}.${other}`, 'must populate the given metric source only'))
  if (name === 'resource' || name === 'containerResource') {
    if (text(source.name) === '') faults.push(required(`${field}.${name}.name`, 'must specify a resource name'))
  }
  return [...faults, ...targetFaults(fields(source.target), `${field}.${name}.target`)]
}

function policiesFaults(rules: unknown, field: string): FieldFault[] {
  if (!isFields(rules)) return []
  const faults: FieldFault[] = []
  const policies = list(rules.policies)
  if (policies.length === 0) faults.push(required(`${field}.policies`, 'must specify at least one Policy'))
  for (const [index, policy] of policies.entries()) {
    const at = `${field}.policies[${index}]`
    if (!['Percent', 'Pods'].includes(text(policy.type))) {
      faults.push(notSupported(`${at}.type`, text(policy.type), ['Percent', 'Pods']))
    }
    faults.push(...positive(`${at}.value`, policy.value), ...positive(`${at}.periodSeconds`, policy.periodSeconds))
    if ((number(policy.periodSeconds) ?? 0) > 1800) {
      faults.push(invalidValue(`${at}.periodSeconds`, policy.periodSeconds, 'must be less than or equal to 1800'))
    }
  }
  return faults
}

function boundsFaults(spec: Fields): FieldFault[] {
  const faults: FieldFault[] = []
  const [least, most] = [number(spec.minReplicas), number(spec.maxReplicas) ?? 0]
  if (least !== undefined && least < 1) {
    faults.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'))
  }
  if (most < 1) faults.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'))
  if (least !== undefined && most < least) {
    faults.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'))
  }
  return [...faults, ...referenceFaults(fields(spec.scaleTargetRef), 'spec.scaleTargetRef')]
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const behavior = fields(spec.behavior)
  return [
    ...boundsFaults(spec),
    ...list(spec.metrics).flatMap((metric, index) => metricFaults(metric, `spec.metrics[${index}]`)),
    ...policiesFaults(behavior.scaleUp, 'spec.behavior.scaleUp'),
    ...policiesFaults(behavior.scaleDown, 'spec.behavior.scaleDown'),
    ...positive('spec.targetCPUUtilizationPercentage', spec.targetCPUUtilizationPercentage),
  ]
}

function amountCell(value: Fields): string {
  return String(value.value ?? value.averageValue ?? '<unknown>')
}

/** `cpu: 12%/80%` for a share of what is requested, plain amounts for the rest. */
function metricCell(metric: Fields, current: Fields): string {
  const name = metricTypes[text(metric.type)] ?? ''
  const source = fields(metric[name])
  const [target, now] = [fields(source.target), fields(fields(current[name]).current)]
  const label = name === 'resource' || name === 'containerResource' ? `${text(source.name)}: ` : ''
  const average = isAbsent(target.averageValue) ? '' : ' (avg)'
  if (!isAbsent(target.averageUtilization)) {
    const used = isAbsent(now.averageUtilization) ? '<unknown>' : `${now.averageUtilization}%`
    return `${label}${used}/${target.averageUtilization}%`
  }
  const used = average === '' ? amountCell(now) : String(now.averageValue ?? '<unknown>')
  return `${label}${used}/${amountCell(target)}${average}`
}

function targetsCell(object: KubeObject): string {
  const metrics = list(specOf(object).metrics)
  const current = list(statusOf(object).currentMetrics)
  if (metrics.length === 0) return oldTargetCell(object)
  const told = metrics.slice(0, 2).map((metric, index) => metricCell(metric, current[index] ?? {}))
  const more = metrics.length > 2 ? ` + ${metrics.length - 2} more...` : ''
  return told.join(', ') + more
}

function oldTargetCell(object: KubeObject): string {
  const target = specOf(object).targetCPUUtilizationPercentage
  const now = statusOf(object).currentCPUUtilizationPercentage
  return isAbsent(target) ? '<none>' : `cpu: ${isAbsent(now) ? '<unknown>' : `${now}%`}/${target}%`
}

function referenceCell(object: KubeObject): string {
  const { kind, name } = fields(specOf(object).scaleTargetRef)
  return `${text(kind)}/${text(name)}`
}

const shared: Kind = {
  ...validating(validate),
  columns: columns(
    column('Reference', referenceCell),
    column('Targets', targetsCell),
    column('MinPods', (object) => String(number(specOf(object).minReplicas) ?? '<unset>')),
    column('MaxPods', (object) => String(number(specOf(object).maxReplicas) ?? 0)),
    column('Replicas', (object) => String(number(statusOf(object).currentReplicas) ?? 0)),
  ),
}

export const autoscaler: Kind = {
  ...shared,
  ...withStatus({ initial: () => ({ desiredReplicas: 0, currentMetrics: null }), uncounted: true }),
  setDefaults,
}

export const oldAutoscaler: Kind = {
  ...shared,
  ...withStatus({ initial: () => ({ currentReplicas: 0, desiredReplicas: 0 }), uncounted: true }),
  setDefaults: setOldDefaults,
}
