/** The status of an ApplicationSet: conditions under Argo CD's names, and its applications. Pure. */
import { deepEqual } from 'fast-equals'
import type { Application, ApplicationSet } from '../model/index.ts'

export type SetStatus = NonNullable<ApplicationSet['status']>
export type SetCondition = NonNullable<SetStatus['conditions']>[number]

/** What came of a look, in words. */
export interface Findings {
  generatorFaults: string[]
  templateFaults: string[]
  validationFaults: string[]
  /** Writes that failed. */
  writeFaults: string[]
  /** Why applications that are no longer generated are still there. */
  deletion: string | undefined
  /** Applications whose spec was not yet as wanted. */
  changed: ReadonlySet<string>
}

export const noFindings: Findings = {
  generatorFaults: [],
  templateFaults: [],
  validationFaults: [],
  writeFaults: [],
  deletion: undefined,
  changed: new Set(),
}

const upToDate = 'All applications have been generated successfully'
const longestMessage = 2000
const mostFaults = 3

export function conditionsOf(
  findings: Findings,
  { before = [], more = [], now }: { before?: SetCondition[]; more?: SetCondition[]; now: string },
): SetCondition[] {
  const { generatorFaults, templateFaults, validationFaults, writeFaults, deletion } = findings
  const unknown = [...generatorFaults, ...templateFaults]
  const all = [...unknown, ...validationFaults, ...writeFaults, ...(deletion ? [deletion] : [])]
  const message = summary(all)
  const reason = reasonOf(findings)
  const isFine = all.length === 0
  const conditions: SetCondition[] = [
    isFine
      ? { type: 'ErrorOccurred', status: 'False', reason: 'ApplicationSetUpToDate', message: upToDate }
      : { type: 'ErrorOccurred', status: 'True', reason, message },
    unknown.length === 0
      ? {
          type: 'ParametersGenerated',
          status: 'True',
          reason: 'ParametersGenerated',
          message: 'Successfully generated parameters for all Applications',
        }
      : { type: 'ParametersGenerated', status: 'False', reason: 'ErrorOccurred', message: summary(unknown) },
    isFine
      ? { type: 'ResourcesUpToDate', status: 'True', reason: 'ApplicationSetUpToDate', message: upToDate }
      : { type: 'ResourcesUpToDate', status: 'False', reason: 'ErrorOccurred', message },
    ...more,
  ]
  return conditions.map((condition) => {
    const old = before.find(({ type }) => type === condition.type)
    const { lastTransitionTime = now, ...same } = old ?? {}
    return { ...condition, lastTransitionTime: deepEqual(same, condition) ? lastTransitionTime : now }
  })
}

function reasonOf({ generatorFaults, templateFaults, validationFaults, writeFaults }: Findings): string {
  if (generatorFaults.length > 0) return 'ApplicationParamsGenerationError'
  if (templateFaults.length > 0) return 'RenderTemplateParamsError'
  if (validationFaults.length > 0) return 'ApplicationValidationError'
  if (writeFaults.length > 0) return 'UpdateApplicationError'
  return 'DeletionNeedsApproval'
}

function summary(faults: string[]): string {
  const rest = faults.length - mostFaults
  const text = faults.slice(0, mostFaults).join('; ') + (rest > 0 ? `; and ${rest} more` : '')
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text
}

/** The applications by name; no more than `most`, so that the set does not outgrow its store. */
export function resourcesOf(
  applications: Iterable<Application>,
  most: number,
): Pick<SetStatus, 'resources' | 'resourcesCount'> {
  const sorted = [...applications].sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
  const resources = sorted.slice(0, most).map(({ metadata, status }) => ({
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    namespace: metadata.namespace,
    name: metadata.name,
    ...(status?.sync?.status && { status: status.sync.status }),
    ...(status?.health?.status && { health: { status: status.health.status } }),
  }))
  return { resources, resourcesCount: sorted.length }
}

export function healthOf(conditions: SetCondition[]): SetStatus['health'] {
  const isTrue = (type: string) => conditions.find((one) => one.type === type)?.status === 'True'
  const error = conditions.find(({ type, status }) => type === 'ErrorOccurred' && status === 'True')
  if (error) return { status: 'Degraded', message: error.message }
  return { status: isTrue('RolloutProgressing') ? 'Progressing' : 'Healthy' }
}
