/** Deployment. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidValue, nonNegative, notSupported, required } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isAbsent, isFields, number, text } from '../fields.ts'
import { atMostAll, countOrPercent, isNothing } from '../int-or-percent.ts'
import type { Kind } from '../kind.ts'
import { formatSelector } from '../label-selector.ts'
import { defaultTemplate } from '../pod/defaults.ts'
import { validateRunningTemplate } from '../pod/pod-spec.ts'
import { podWarnings } from '../pod/warnings.ts'
import { contentChanged, takeContentAndLabels, validating, withStatus } from '../subresource-status.ts'
import { column, columns, specOf, statusOf, templateColumns } from '../table.ts'
import { mismatchFaults, selectorChangeFaults, selectorFaults } from './template-selector.ts'

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  defaultTemplate(spec)
  fallback(spec, 'replicas', 1)
  fallback(spec, 'revisionHistoryLimit', 10)
  fallback(spec, 'progressDeadlineSeconds', 600)
  const strategy = child(spec, 'strategy')
  fallbackText(strategy, 'type', 'RollingUpdate')
  if (strategy.type !== 'RollingUpdate') return
  const rolling = child(strategy, 'rollingUpdate')
  fallback(rolling, 'maxUnavailable', '25%')
  fallback(rolling, 'maxSurge', '25%')
}

function strategyFaults(strategy: Fields, field: string): FieldFault[] {
  const rolling = strategy.rollingUpdate
  if (strategy.type === 'Recreate') {
    const detail = "may not be specified when strategy `type` is 'Recreate'"
    return isFields(rolling) ? [forbidden(`${field}.rollingUpdate`, detail)] : []
  }
  if (strategy.type !== 'RollingUpdate') {
    return [notSupported(`${field}.type`, text(strategy.type), ['Recreate', 'RollingUpdate'])]
  }
  if (!isFields(rolling)) return [required(`${field}.rollingUpdate`, 'this should be defaulted and never be nil')]
  const at = `${field}.rollingUpdate`
  const faults = [
    ...countOrPercent(rolling.maxUnavailable, `${at}.maxUnavailable`),
    ...countOrPercent(rolling.maxSurge, `${at}.maxSurge`),
  ]
  if (faults.length === 0 && isNothing(rolling.maxUnavailable) && isNothing(rolling.maxSurge)) {
    faults.push(invalidValue(`${at}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  }
  return [...faults, ...atMostAll(rolling.maxUnavailable, `${at}.maxUnavailable`)]
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults = [
    ...nonNegative('spec.replicas', spec.replicas),
    ...selectorFaults(spec, 'deployment'),
    ...mismatchFaults(spec),
    ...validateRunningTemplate(spec.template, 'spec.template'),
    ...strategyFaults(fields(spec.strategy), 'spec.strategy'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ]
  const deadline = spec.progressDeadlineSeconds
  if (!isAbsent(deadline)) {
    faults.push(...nonNegative('spec.progressDeadlineSeconds', deadline))
    if ((number(deadline) ?? 0) <= (number(spec.minReadySeconds) ?? 0)) {
      faults.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
    }
  }
  return faults
}

/** Annotations count too, since they are passed on to the replica sets. */
function generationGrows(object: KubeObject, old: KubeObject): boolean {
  return contentChanged(object, old) || !deepEqual(object.metadata.annotations ?? {}, old.metadata.annotations ?? {})
}

function count(value: unknown): number {
  return number(value) ?? 0
}

const about = {
  updated: 'Total number of non-terminating pods targeted by this deployment that have the desired template spec.',
  available:
    'Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment.',
  selector:
    "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment. It must match the pod template's labels.",
}

export const deployment: Kind = {
  ...withStatus(),
  prepareForStatusUpdate: takeContentAndLabels,
  ...validating(validate, selectorChangeFaults),
  setDefaults,
  generationGrows,
  warnings: (object) => podWarnings(specOf(object).template, 'spec.template'),
  columns: columns(
    column('Ready', (object) => `${count(statusOf(object).readyReplicas)}/${count(specOf(object).replicas)}`, {
      description: 'Number of the pod with ready state',
    }),
    column('Up-to-date', (object) => count(statusOf(object).updatedReplicas), { description: about.updated }),
    column('Available', (object) => count(statusOf(object).availableReplicas), { description: about.available }),
    ...templateColumns((object) => specOf(object).template),
    column('Selector', (object) => formatSelector(specOf(object).selector), {
      wide: true,
      description: about.selector,
    }),
  ),
}
