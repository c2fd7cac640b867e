/** DaemonSet. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidValue, nonNegative, notSupported, required } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isFields, number, text } from '../fields.ts'
import { atMostAll, countOrPercent, isNothing } from '../int-or-percent.ts'
import type { Kind } from '../kind.ts'
import { formatLabels, formatSelector, isEmptySelector, validateSelector } from '../label-selector.ts'
import { defaultTemplate } from '../pod/defaults.ts'
import { validateRunningTemplate } from '../pod/pod-spec.ts'
import { podWarnings } from '../pod/warnings.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, orNone, specOf, statusOf, templateColumns } from '../table.ts'
import { mismatchFaults, selectorChangeFaults } from './template-selector.ts'

/** The version of the template, kept as an annotation since it left the spec. */
const templateGeneration = 'deprecated.daemonset.template.generation'

const counts = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  defaultTemplate(spec)
  fallback(spec, 'revisionHistoryLimit', 10)
  const strategy = child(spec, 'updateStrategy')
  fallbackText(strategy, 'type', 'RollingUpdate')
  if (strategy.type === 'RollingUpdate') {
    const rolling = child(strategy, 'rollingUpdate')
    fallback(rolling, 'maxUnavailable', 1)
    fallback(rolling, 'maxSurge', 0)
  }
  if (object.metadata.annotations?.[templateGeneration] === undefined) annotate(object, 0)
  if (isFields(object.status)) for (const [name, none] of Object.entries(counts)) fallback(object.status, name, none)
}

function annotate(object: KubeObject, generation: number): void {
  object.metadata.annotations = { ...object.metadata.annotations, [templateGeneration]: String(generation) }
}

function generationOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[templateGeneration] ?? 0) || 0
}

function strategyFaults(strategy: Fields, field: string): FieldFault[] {
  const type = text(strategy.type)
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') return [notSupported(`${field}.type`, type, ['OnDelete', 'RollingUpdate'])]
  if (!isFields(strategy.rollingUpdate)) return [required(`${field}.rollingUpdate`)]
  const { maxUnavailable, maxSurge } = strategy.rollingUpdate
  const at = `${field}.rollingUpdate`
  const faults = [
    ...countOrPercent(maxUnavailable, `${at}.maxUnavailable`),
    ...atMostAll(maxUnavailable, `${at}.maxUnavailable`),
    ...countOrPercent(maxSurge, `${at}.maxSurge`),
    ...atMostAll(maxSurge, `${at}.maxSurge`),
  ]
  const [noneDown, noneUp] = [isNothing(maxUnavailable), isNothing(maxSurge)]
  if (noneDown && noneUp) faults.push(required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  if (!noneDown && !noneUp) {
    faults.push(invalidValue(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  }
  return faults
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults = validateSelector(spec.selector, 'spec.selector')
  faults.push(...mismatchFaults(spec))
  if (isFields(spec.selector) && isEmptySelector(spec.selector)) {
    faults.push(invalidValue('spec.selector', spec.selector, 'empty selector is invalid for daemonset'))
  }
  return [
    ...faults,
    ...validateRunningTemplate(spec.template, 'spec.template'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...strategyFaults(fields(spec.updateStrategy), 'spec.updateStrategy'),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ]
}

function count(name: string) {
  return (object: KubeObject) => number(statusOf(object)[name]) ?? 0
}

const shared = withStatus({ initial: () => ({ ...counts }) })

export const daemonSet: Kind = {
  ...shared,
  ...validating(validate, selectorChangeFaults),
  setDefaults,
  prepareForCreate(object) {
    shared.prepareForCreate?.(object)
    annotate(object, Math.max(generationOf(object), 1))
  },
  prepareForUpdate(object, old) {
    shared.prepareForUpdate?.(object, old)
    const changed = !deepEqual(specOf(object).template, specOf(old).template)
    annotate(object, generationOf(old) + (changed ? 1 : 0))
  },
  warnings: (object) => podWarnings(specOf(object).template, 'spec.template'),
  columns: columns(
    column('Desired', count('desiredNumberScheduled'), { type: 'integer' }),
    column('Current', count('currentNumberScheduled'), { type: 'integer' }),
    column('Ready', count('numberReady'), { type: 'integer' }),
    column('Up-to-date', count('updatedNumberScheduled'), { type: 'integer' }),
    column('Available', count('numberAvailable'), { type: 'integer' }),
    column('Node Selector', (object) =>
      orNone(formatLabels(fields(fields(specOf(object).template).spec).nodeSelector)),
    ),
    ...templateColumns((object) => specOf(object).template),
    column('Selector', (object) => formatSelector(specOf(object).selector), { wide: true }),
  ),
}
