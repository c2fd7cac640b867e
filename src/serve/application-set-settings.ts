/** What argocd-cmd-params-cm says of ApplicationSets. */
import { type PolicyName, policyNamed, policyNames, type SetSettings } from '../generate/index.ts'

export interface ApplicationSetSettings extends SetSettings {
  /** Files are found as doublestar does, not as git does. */
  newFileGlobbing: boolean
  /** Whether Git hosts are asked, and which besides the public ones. */
  hosts: { isEnabled: boolean; allowed: string[] }
  /** Secrets of tokens need a label that says so. */
  strictTokens: boolean
}

const prefix = 'applicationsetcontroller'
const defaultResources = 5000

export function applicationSetSettings(
  parameters: Record<string, string>,
  warn: (message: string) => void,
): ApplicationSetSettings {
  const text = (key: string) => (parameters[`${prefix}.${key}`] ?? '').trim()
  const isTrue = (key: string) => text(key) === 'true'
  const listOf = (key: string) =>
    text(key)
      .split(',')
      .flatMap((entry) => entry.trim() || [])
  const policy = policyOf(text('policy'), warn)
  return {
    policy,
    // A policy of the installation is meant for all, unless it says otherwise.
    allowsOverride: text('policy') === '' || isTrue('enable.policy.override'),
    preserved: {
      annotations: listOf('global.preserved.annotations'),
      labels: listOf('global.preserved.labels'),
    },
    mostResources: mostResources(text('status.max.resources.count'), warn),
    progressiveSyncs: isTrue('enable.progressive.syncs'),
    hosts: { isEnabled: text('enable.scm.providers') !== 'false', allowed: listOf('allowed.scm.providers') },
    strictTokens: isTrue('enable.tokenref.strict.mode'),
    newFileGlobbing: isTrue('enable.new.git.file.globbing'),
  }
}

function policyOf(text: string, warn: (message: string) => void): PolicyName {
  if (text === '') return 'sync'
  const known = policyNamed(text)
  if (known) return known
  warn(`${prefix}.policy is ${JSON.stringify(text)}, which is none of ${policyNames.join(', ')}: create-only counts`)
  return 'create-only'
}

function mostResources(text: string, warn: (message: string) => void): number {
  if (text === '') return defaultResources
  if (/^\d+$/.test(text)) return Number(text) || Number.POSITIVE_INFINITY
  warn(
    `${prefix}.status.max.resources.count is ${JSON.stringify(text)}, which is no number: ${defaultResources} counts`,
  )
  return defaultResources
}
