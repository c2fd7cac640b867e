/** Job, and the rules a CronJob's template shares with it. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { immutable, invalidValue, nonNegative, notSupported, required } from '../fault.ts'
import {
  child,
  type Fields,
  fallback,
  fallbackText,
  fields,
  isAbsent,
  isFields,
  list,
  number,
  text,
} from '../fields.ts'
import { ageOf, humanDuration } from '../human-duration.ts'
import type { Kind } from '../kind.ts'
import { formatSelector, matchesSelector, validateSelector } from '../label-selector.ts'
import { defaultTemplate } from '../pod/defaults.ts'
import { validateTemplate } from '../pod/pod-spec.ts'
import { podWarnings } from '../pod/warnings.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, specOf, statusOf, templateColumns } from '../table.ts'
import { templateLabels } from './template-selector.ts'

const unlimited = 2147483647

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  defaultTemplate(spec)
  if (isAbsent(spec.completions) && isAbsent(spec.parallelism)) spec.completions = 1
  fallback(spec, 'parallelism', 1)
  fallback(spec, 'backoffLimit', isAbsent(spec.backoffLimitPerIndex) ? 6 : unlimited)
  fallbackText(spec, 'completionMode', 'NonIndexed')
  fallback(spec, 'suspend', false)
  fallback(spec, 'manualSelector', false)
  fallbackText(spec, 'podReplacementPolicy', isFields(spec.podFailurePolicy) ? 'Failed' : 'TerminatingOrFailed')
  for (const rule of list(fields(spec.podFailurePolicy).rules)) {
    for (const pattern of list(rule.onPodConditions)) fallbackText(pattern, 'status', 'True')
  }
}

/** The job's uid and name mark its pods, under the names of today and those of old. */
function selectOwnPods(object: KubeObject): void {
  const spec = child(object, 'spec')
  const { uid = '', name = '' } = object.metadata
  if (spec.manualSelector !== true) {
    const labels = child(child(child(spec, 'template'), 'metadata'), 'labels')
    Object.assign(labels, {
      'controller-uid': uid,
      'batch.kubernetes.io/controller-uid': uid,
      'job-name': name,
      'batch.kubernetes.io/job-name': name,
    })
    const selector = child(spec, 'selector')
    child(selector, 'matchLabels')['batch.kubernetes.io/controller-uid'] = uid
  }
  const labels = templateLabels(spec)
  if (labels !== null && Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels }
}

const amounts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished']
const modes = ['NonIndexed', 'Indexed']

function restartFaults(spec: Fields, field: string): FieldFault[] {
  const at = `${field}.template.spec.restartPolicy`
  const { restartPolicy } = fields(fields(spec.template).spec)
  if (restartPolicy === 'Always') return [required(at, 'valid values: "OnFailure", "Never"')]
  return restartPolicy === 'OnFailure' || restartPolicy === 'Never'
    ? []
    : [notSupported(at, text(restartPolicy), ['OnFailure', 'Never'])]
}

/** Everything but the selector; a CronJob's template has none. */
export function validateJobSpec(spec: Fields, field: string): FieldFault[] {
  const faults = amounts.flatMap((name) => nonNegative(`${field}.${name}`, spec[name]))
  if (!isAbsent(spec.completionMode)) {
    if (!modes.includes(text(spec.completionMode))) {
      faults.push(notSupported(`${field}.completionMode`, spec.completionMode, modes))
    } else if (spec.completionMode === 'Indexed' && isAbsent(spec.completions)) {
      faults.push(required(`${field}.completions`, 'when completion mode is Indexed'))
    }
  }
  if (!isAbsent(spec.backoffLimitPerIndex) && spec.completionMode !== 'Indexed') {
    const detail = 'requires indexed completion mode'
    faults.push(invalidValue(`${field}.backoffLimitPerIndex`, spec.backoffLimitPerIndex, detail))
  }
  const failures = fields(spec.podFailurePolicy)
  if (isFields(spec.podFailurePolicy) && fields(fields(spec.template).spec).restartPolicy !== 'Never') {
    const detail = 'only "Never" is supported when podFailurePolicy is specified'
    const restart = fields(fields(spec.template).spec).restartPolicy
    faults.push(invalidValue(`${field}.template.spec.restartPolicy`, restart, detail))
  }
  for (const [index, rule] of list(failures.rules).entries()) {
    const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
    if (!actions.includes(text(rule.action))) {
      faults.push(notSupported(`${field}.podFailurePolicy.rules[${index}].action`, text(rule.action), actions))
    }
  }
  return [...faults, ...validateTemplate(spec.template, `${field}.template`), ...restartFaults(spec, field)]
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults = isFields(spec.selector)
    ? validateSelector(spec.selector, 'spec.selector')
    : [required('spec.selector')]
  if (isFields(spec.selector) && !matchesSelector(spec.selector, templateLabels(spec) ?? {})) {
    const detail = '`selector` does not match template `labels`'
    faults.push(invalidValue('spec.template.metadata.labels', templateLabels(spec), detail))
  }
  return [...faults, ...validateJobSpec(spec, 'spec')]
}

const fixed = [
  'selector',
  'template',
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
]

/** Where a suspended job that has not started runs may still be decided. */
const placement = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates']

function comparable(object: KubeObject, name: string, free: boolean): unknown {
  const value = specOf(object)[name]
  if (name !== 'template' || !free) return value
  const copy = structuredClone(fields(value))
  for (const each of placement) delete child(copy, 'spec')[each]
  for (const each of ['labels', 'annotations']) delete child(copy, 'metadata')[each]
  return copy
}

function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const [spec, before] = [specOf(object), specOf(old)]
  const faults: FieldFault[] = []
  const elastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism
  if (spec.completions !== before.completions && !elastic) {
    faults.push(immutable('spec.completions', spec.completions ?? null))
  }
  const free = before.suspend === true && isAbsent(statusOf(old).startTime)
  for (const name of fixed) {
    if (!deepEqual(comparable(object, name, free), comparable(old, name, free))) {
      faults.push(immutable(`spec.${name}`, spec[name] ?? null))
    }
  }
  return faults
}

function statusCell(object: KubeObject): string {
  const conditions = list(statusOf(object).conditions)
  const holds = (type: string) => conditions.some((condition) => condition.type === type && condition.status === 'True')
  if (holds('Complete')) return 'Complete'
  if (holds('Failed')) return 'Failed'
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating'
  if (holds('Suspended')) return 'Suspended'
  if (holds('FailureTarget')) return 'FailureTarget'
  return holds('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}

function completionsCell(object: KubeObject): string {
  const { completions, parallelism } = specOf(object)
  const done = number(statusOf(object).succeeded) ?? 0
  if (!isAbsent(completions)) return `${done}/${completions}`
  const many = number(parallelism) ?? 0
  return many > 1 ? `${done}/1 of ${many}` : `${done}/1`
}

function durationCell(object: KubeObject, now: Date): string {
  const { startTime, completionTime } = statusOf(object)
  if (typeof startTime !== 'string') return ''
  if (typeof completionTime !== 'string') return ageOf(startTime, now)
  return humanDuration(Date.parse(completionTime) - Date.parse(startTime))
}

const shared = withStatus()

export const job: Kind = {
  ...shared,
  ...validating(validate, changeFaults),
  setDefaults,
  prepareForCreate(object) {
    shared.prepareForCreate?.(object)
    selectOwnPods(object)
  },
  warnings: (object) => podWarnings(specOf(object).template, 'spec.template'),
  defaultPropagation: {
    policy: 'Orphan',
    warning:
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  },
  selectableFields: (object) => ({ 'status.successful': String(number(statusOf(object).succeeded) ?? 0) }),
  columns: columns(
    column('Status', statusCell),
    column('Completions', completionsCell),
    column('Duration', durationCell),
    ...templateColumns((object) => specOf(object).template),
    column('Selector', (object) => formatSelector(specOf(object).selector), { wide: true }),
  ),
}
