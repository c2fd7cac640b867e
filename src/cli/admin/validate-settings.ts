/** What is wrong in the settings of an installation, by the readers that Tiphys itself reads them with. */
import { readAccounts } from '../../access/account/account.ts'
import { ssoWarnings } from '../../access/oidc/index.ts'
import { validatePolicy } from '../../access/rbac/validate.ts'
import { resourceActions } from '../../action/index.ts'
import { LuaError, LuaScript } from '../../lua/index.ts'
import { customizationsOf, messageOf } from '../../model/index.ts'
import { controllerSettings, liveSettings } from '../../serve/settings.ts'
import { type InstallationSettings, textsOf } from './settings-source.ts'

export interface GroupReport {
  group: string
  problems: string[]
  summary: string
}

type Validator = (installation: InstallationSettings) => Omit<GroupReport, 'group'>

const validators: Record<string, Validator> = {
  general: ({ settings, parameters }) => {
    const problems: string[] = []
    const warn = (message: string) => void problems.push(message)
    const { pollIntervalMs, tracking, diff, globalProjects } = controllerSettings(
      { settings, parameters, env: {} },
      warn,
    )
    const { exclusions, inclusions } = liveSettings((key) => settings[key], warn)
    const lists = `${exclusions?.length ?? 'the usual'} exclusions, ${inclusions?.length ?? 0} inclusions`
    const rules = `${diff.ignoreDifferences.length} rules for differences, ${globalProjects.length} global projects`
    return {
      problems,
      summary: `tracking by ${tracking.method}, a look every ${pollIntervalMs / 1000} s, ${lists}, ${rules}`,
    }
  },
  accounts: ({ settings, secret }) => {
    const { byName, problems } = readAccounts(settings, textsOf(secret('argocd-secret')))
    return { problems, summary: `accounts: ${[...byName.keys()].join(', ')}` }
  },
  rbac: ({ policy }) => {
    const problems = validatePolicy(policy ?? {}).map(
      ({ place, message, level }) => `${level}: ${place.source}, line ${place.number}: ${message}`,
    )
    return { problems, summary: policy ? 'the policy of argocd-rbac-cm' : 'no argocd-rbac-cm is given' }
  },
  sso: ({ settings, secret }) => {
    const isSet = Boolean(settings['oidc.config']?.trim())
    return { problems: ssoWarnings(settings, secret), summary: isSet ? 'oidc.config is set' : 'SSO is not set up' }
  },
  'resource-overrides': ({ settings }) => {
    const problems: string[] = []
    const warn = (message: string) => void problems.push(message)
    const scripts = customizationsOf('health', settings, warn)
    problems.push(...scripts.flatMap(({ key, text }) => syntaxProblem(key, text)))
    resourceActions(settings, { warn, now: () => new Date() })
    const others = (['actions', 'ignoreDifferences', 'ignoreResourceUpdates'] as const).map(
      (what) => `${customizationsOf(what, settings, () => {}).length} ${what}`,
    )
    return { problems: [...new Set(problems)], summary: `${scripts.length} health scripts, ${others.join(', ')}` }
  },
}

export const settingGroups = Object.keys(validators)

export function validateSettings(installation: InstallationSettings, groups: string[]): GroupReport[] {
  return groups.flatMap((group) => {
    const validate = validators[group]
    return validate ? [{ group, ...validate(installation) }] : []
  })
}

/** Compiled and not run: it may need an object to make sense. */
function syntaxProblem(key: string, text: string): string[] {
  try {
    new LuaScript(`local _ = function(obj)\n${text}\nend`, { now: () => new Date(0) }).run({})
    return []
  } catch (error) {
    const line = error instanceof LuaError && error.line ? `, line ${Math.max(error.line - 1, 1)}` : ''
    return [`${key}${line}: ${messageOf(error)}`]
  }
}
