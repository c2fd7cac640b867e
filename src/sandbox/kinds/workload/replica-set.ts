/** ReplicaSet, and ReplicationController, its predecessor. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidValue, nonNegative, required } from '../fault.ts'
import { child, fallback, fields, isAbsent, isFields, number, text } from '../fields.ts'
import type { Kind, TableColumn } from '../kind.ts'
import { formatLabels, formatSelector, matchesSelector } from '../label-selector.ts'
import { defaultTemplate } from '../pod/defaults.ts'
import { validateRunningTemplate } from '../pod/pod-spec.ts'
import { podWarnings } from '../pod/warnings.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, specOf, statusOf, templateColumns } from '../table.ts'
import { mismatchFaults, selectorChangeFaults, selectorFaults, templateLabels } from './template-selector.ts'

function count(value: unknown): number {
  return number(value) ?? 0
}

function replicaColumns(selector: (object: KubeObject) => string): TableColumn[] {
  return columns(
    column('Desired', (object) => count(specOf(object).replicas), { type: 'integer' }),
    column('Current', (object) => count(statusOf(object).replicas), { type: 'integer' }),
    column('Ready', (object) => count(statusOf(object).readyReplicas), { type: 'integer' }),
    ...templateColumns((object) => specOf(object).template),
    column('Selector', selector, { wide: true }),
  )
}

function setReplicaSetDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  defaultTemplate(spec)
  fallback(spec, 'replicas', 1)
  if (isFields(object.status)) fallback(object.status, 'replicas', 0)
}

function validateReplicaSet(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  return [
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...selectorFaults(spec, 'deployment'),
    ...mismatchFaults(spec),
    ...validateRunningTemplate(spec.template, 'spec.template'),
  ]
}

export const replicaSet: Kind = {
  ...withStatus({ initial: () => ({ replicas: 0 }) }),
  ...validating(validateReplicaSet, selectorChangeFaults),
  setDefaults: setReplicaSetDefaults,
  warnings: (object) => podWarnings(specOf(object).template, 'spec.template'),
  columns: replicaColumns((object) => formatSelector(specOf(object).selector)),
}

/** Selector and labels are those of the template when they are not given. */
function setControllerDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  if (isFields(spec.template)) defaultTemplate(spec)
  fallback(spec, 'replicas', 1)
  const labels = templateLabels(spec)
  if (labels !== null) {
    if (Object.keys(fields(spec.selector)).length === 0) spec.selector = { ...labels }
    if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels }
  }
  if (isFields(object.status)) fallback(object.status, 'replicas', 0)
}

function validateController(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults = nonNegative('spec.minReadySeconds', spec.minReadySeconds)
  const selector = fields(spec.selector)
  if (Object.keys(selector).length === 0) faults.push(required('spec.selector'))
  if (isAbsent(spec.replicas)) faults.push(required('spec.replicas'))
  faults.push(...nonNegative('spec.replicas', spec.replicas))
  if (!isFields(spec.template)) return [...faults, required('spec.template')]
  const labels = templateLabels(spec)
  if (!matchesSelector({ matchLabels: selector }, labels ?? {})) {
    const detail = '`selector` does not match template `labels`'
    faults.push(invalidValue('spec.template.metadata.labels', labels, detail))
  }
  return [...faults, ...validateRunningTemplate(spec.template, 'spec.template')]
}

export const replicationController: Kind = {
  ...withStatus({ initial: () => ({ replicas: 0 }) }),
  ...validating(validateController),
  setDefaults: setControllerDefaults,
  warnings: (object) => podWarnings(specOf(object).template, 'spec.template'),
  selectableFields: (object) => ({ 'status.replicas': text(String(count(statusOf(object).replicas))) }),
  columns: replicaColumns((object) => formatLabels(specOf(object).selector)),
}
