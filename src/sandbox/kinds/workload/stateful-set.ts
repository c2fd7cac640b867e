/** StatefulSet. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidValue, nonNegative, notSupported, required } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isFields, list, number, text } from '../fields.ts'
import { countOrPercent } from '../int-or-percent.ts'
import type { Kind } from '../kind.ts'
import { labelName } from '../name-rules.ts'
import { defaultTemplate } from '../pod/defaults.ts'
import { validateRunningTemplate } from '../pod/pod-spec.ts'
import { podWarnings } from '../pod/warnings.ts'
import { settleResources } from '../resource-list.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, specOf, statusOf, templateColumns } from '../table.ts'
import { mismatchFaults, selectorFaults } from './template-selector.ts'

function defaultClaim(claim: Fields): void {
  claim.kind = 'PersistentVolumeClaim'
  claim.apiVersion = 'v1'
  child(claim, 'metadata')
  const spec = child(claim, 'spec')
  fallback(spec, 'volumeMode', 'Filesystem')
  settleResources(child(spec, 'resources'), 'limits', 'requests')
  fallbackText(child(claim, 'status'), 'phase', 'Pending')
}

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  defaultTemplate(spec)
  fallback(spec, 'replicas', 1)
  fallback(spec, 'revisionHistoryLimit', 10)
  fallbackText(spec, 'podManagementPolicy', 'OrderedReady')
  const strategy = child(spec, 'updateStrategy')
  fallbackText(strategy, 'type', 'RollingUpdate')
  if (strategy.type === 'RollingUpdate') fallback(child(strategy, 'rollingUpdate'), 'partition', 0)
  const retention = child(spec, 'persistentVolumeClaimRetentionPolicy')
  fallbackText(retention, 'whenDeleted', 'Retain')
  fallbackText(retention, 'whenScaled', 'Retain')
  for (const claim of list(spec.volumeClaimTemplates)) defaultClaim(claim)
  if (!isFields(object.status)) return
  fallback(object.status, 'replicas', 0)
  fallback(object.status, 'availableReplicas', 0)
}

function strategyFaults(strategy: Fields, field: string): FieldFault[] {
  const rolling = fields(strategy.rollingUpdate)
  switch (text(strategy.type)) {
    case '':
      return [required(`${field}.type`)]
    case 'OnDelete': {
      const detail = "only allowed for updateStrategy 'RollingUpdate'"
      return isFields(strategy.rollingUpdate)
        ? [invalidValue(`${field}.rollingUpdate`, strategy.rollingUpdate, detail)]
        : []
    }
    case 'RollingUpdate':
      return [
        ...nonNegative(`${field}.rollingUpdate.partition`, rolling.partition),
        ...countOrPercent(rolling.maxUnavailable, `${field}.rollingUpdate.maxUnavailable`),
      ]
    default:
      return [invalidValue(field, strategy, "must be 'RollingUpdate' or 'OnDelete'")]
  }
}

function managementFaults(policy: unknown): FieldFault[] {
  const field = 'spec.podManagementPolicy'
  if (text(policy) === '') return [required(field)]
  return ['OrderedReady', 'Parallel'].includes(text(policy))
    ? []
    : [invalidValue(field, policy, "must be 'OrderedReady' or 'Parallel'")]
}

function retentionFaults(policy: unknown, field: string): FieldFault[] {
  return ['whenDeleted', 'whenScaled'].flatMap((name) => {
    const value = text(fields(policy)[name])
    return ['Retain', 'Delete'].includes(value) ? [] : [notSupported(`${field}.${name}`, value, ['Retain', 'Delete'])]
  })
}

/** The claims of the templates are volumes of the pods, so mounts of them are known. */
function templateWithClaims(spec: Fields): Fields {
  const template = structuredClone(fields(spec.template))
  const claims = list(spec.volumeClaimTemplates).map((claim) => text(fields(claim.metadata).name))
  const body = child(template, 'spec')
  const own = list(body.volumes)
  const named = new Set(own.map(({ name }) => text(name)))
  const added = claims.filter((name) => !named.has(name)).map((name) => ({ name, emptyDir: {} }))
  if (added.length > 0) body.volumes = [...own, ...added]
  return template
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  return [
    ...managementFaults(spec.podManagementPolicy),
    ...strategyFaults(fields(spec.updateStrategy), 'spec.updateStrategy'),
    ...retentionFaults(spec.persistentVolumeClaimRetentionPolicy, 'spec.persistentVolumeClaimRetentionPolicy'),
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.ordinals.start', fields(spec.ordinals).start),
    ...selectorFaults(spec, 'statefulset'),
    ...mismatchFaults(spec),
    ...validateRunningTemplate(templateWithClaims(spec), 'spec.template'),
  ]
}

const mayChange = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

function fixedPart(object: KubeObject): Fields {
  return Object.fromEntries(Object.entries(specOf(object)).filter(([name]) => !mayChange.includes(name)))
}

function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  if (deepEqual(fixedPart(object), fixedPart(old))) return []
  const quoted = mayChange.map((name) => `'${name}'`)
  const named = `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
  return [forbidden('spec', `updates to statefulset spec for fields other than ${named} are forbidden`)]
}

function count(value: unknown): number {
  return number(value) ?? 0
}

export const statefulSet: Kind = {
  ...withStatus({ initial: () => ({ replicas: 0, availableReplicas: 0 }) }),
  ...validating(validate, changeFaults),
  nameRule: labelName,
  setDefaults,
  warnings: (object) => podWarnings(specOf(object).template, 'spec.template'),
  columns: columns(
    column('Ready', (object) => `${count(statusOf(object).readyReplicas)}/${count(specOf(object).replicas)}`),
    ...templateColumns((object) => specOf(object).template),
  ),
}
