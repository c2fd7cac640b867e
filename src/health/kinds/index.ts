/** The rules for kinds that are not Kubernetes' own. */
import { groupOf, type KubeObject } from '../../model/index.ts'
import { argo } from './argo.ts'
import { certificates } from './certificates.ts'
import { clusters } from './clusters.ts'
import { databases } from './databases.ts'
import { fluxKinds } from './flux.ts'
import { infrastructureCode } from './infrastructure-code.ts'
import { messaging } from './messaging.ts'
import { networking } from './networking.ts'
import { observability } from './observability.ts'
import { policies } from './policies.ts'
import type { Rule, RuleTable } from './rule.ts'
import { secrets } from './secrets.ts'
import { serverless } from './serverless.ts'
import { storage } from './storage.ts'
import { workloadKinds } from './workloads.ts'

export const ruleTable: RuleTable = {
  ...argo,
  ...certificates,
  ...clusters,
  ...databases,
  ...fluxKinds,
  ...infrastructureCode,
  ...messaging,
  ...networking,
  ...observability,
  ...policies,
  ...secrets,
  ...serverless,
  ...storage,
  ...workloadKinds,
}

const groupRules: [RegExp, Rule][] = Object.entries(ruleTable)
  .filter(([key]) => key.includes('*'))
  .map(([key, found]) => [new RegExp(`^${key.replaceAll('.', '\\.').replaceAll('*', '.*')}$`), found])

const remembered = new Map<string, Rule | undefined>()

/** The rule for a kind by its name, else that for its group; undefined when there is none. */
export function ruleFor({ apiVersion, kind }: KubeObject): Rule | undefined {
  const key = `${groupOf(apiVersion)}/${kind}`
  const known = ruleTable[key] ?? remembered.get(key)
  if (known || remembered.has(key)) return known
  const found = groupRules.find(([pattern]) => pattern.test(key))?.[1]
  remembered.set(key, found)
  return found
}
