/** CronJob. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidValue, nonNegative, notSupported, required } from '../fault.ts'
import { child, fallback, fallbackText, fields, isAbsent, list, text } from '../fields.ts'
import { ageOf } from '../human-duration.ts'
import type { Kind } from '../kind.ts'
import { formatSelector } from '../label-selector.ts'
import { validateAnnotations, validateLabels } from '../metadata.ts'
import { subdomainName } from '../name-rules.ts'
import { defaultTemplate } from '../pod/defaults.ts'
import { podWarnings } from '../pod/warnings.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, orNone, specOf, statusOf, templateColumns } from '../table.ts'
import { scheduleFault } from './cron-schedule.ts'
import { validateJobSpec } from './job.ts'

/** A job's name is the cron job's, a dash and ten digits. */
const longestName = 52

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  fallbackText(spec, 'concurrencyPolicy', 'Allow')
  fallback(spec, 'suspend', false)
  fallback(spec, 'successfulJobsHistoryLimit', 3)
  fallback(spec, 'failedJobsHistoryLimit', 1)
  const template = child(spec, 'jobTemplate')
  child(template, 'metadata')
  defaultTemplate(child(template, 'spec'))
}

function scheduleFaults(schedule: string, zoned: boolean): FieldFault[] {
  if (schedule === '') return [required('spec.schedule')]
  const bare = schedule.replace(/^(CRON_TZ|TZ)=\S+\s*/, '')
  const fault = scheduleFault(bare)
  const faults = fault === undefined ? [] : [invalidValue('spec.schedule', schedule, fault)]
  if (bare !== schedule) {
    const detail = zoned
      ? 'cannot use both timeZone field and TZ or CRON_TZ in schedule'
      : 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
    faults.push(invalidValue('spec.schedule', schedule, detail))
  }
  return faults
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

function zoneFaults(zone: unknown): FieldFault[] {
  if (isAbsent(zone)) return []
  const field = 'spec.timeZone'
  if (text(zone) === '') return [invalidValue(field, '', 'timeZone must be nil or non-empty string')]
  if (text(zone).toLowerCase() === 'local') {
    return [
      invalidValue(field, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'),
    ]
  }
  return isZone(text(zone)) ? [] : [invalidValue(field, zone, `unknown time zone ${text(zone)}`)]
}

const policies = ['Allow', 'Forbid', 'Replace']

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const template = fields(spec.jobTemplate)
  const meta = fields(template.metadata)
  const faults = scheduleFaults(text(spec.schedule), !isAbsent(spec.timeZone))
  faults.push(
    ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...zoneFaults(spec.timeZone),
  )
  if (!policies.includes(text(spec.concurrencyPolicy))) {
    faults.push(notSupported('spec.concurrencyPolicy', text(spec.concurrencyPolicy), policies))
  }
  const field = 'spec.jobTemplate'
  faults.push(
    ...validateLabels(fields(meta.labels) as Record<string, string>, `${field}.labels`),
    ...validateAnnotations(fields(meta.annotations) as Record<string, string>, `${field}.annotations`),
    ...validateJobSpec(fields(template.spec), `${field}.spec`),
  )
  if (fields(template.spec).manualSelector === true) {
    faults.push(notSupported(`${field}.spec.manualSelector`, true, ['nil', 'false']))
  }
  return [
    ...faults,
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
  ]
}

function lastCell(object: KubeObject, now: Date): string {
  const { lastScheduleTime } = statusOf(object)
  return typeof lastScheduleTime === 'string' ? ageOf(lastScheduleTime, now) : '<none>'
}

function jobSpecOf(object: KubeObject): Record<string, unknown> {
  return fields(fields(specOf(object).jobTemplate).spec)
}

export const cronJob: Kind = {
  ...withStatus(),
  ...validating(validate),
  setDefaults,
  nameRule(name, generated) {
    const tooLong = name.length > longestName ? [`must be no more than ${longestName} characters`] : []
    return [...subdomainName(name, generated), ...tooLong]
  },
  warnings: (object) => podWarnings(jobSpecOf(object).template, 'spec.jobTemplate.spec.template'),
  columns: columns(
    column('Schedule', (object) => text(specOf(object).schedule)),
    column('Timezone', (object) => orNone(text(specOf(object).timeZone))),
    column('Suspend', (object) => specOf(object).suspend === true, { type: 'boolean' }),
    column('Active', (object) => list(statusOf(object).active).length, { type: 'integer' }),
    column('Last Schedule', lastCell),
    ...templateColumns((object) => jobSpecOf(object).template),
    column('Selector', (object) => orNone(formatSelector(jobSpecOf(object).selector)), { wide: true }),
  ),
}
