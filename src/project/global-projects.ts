/** Global projects: what `globalProjects` of argocd-cm adds to the projects that it selects. Pure. */
import type { AppProject, AppProjectSpec } from '../model/index.ts'
import { type LabelSelector, selects } from './label-selector.ts'
import type { ProjectInForce } from './permission.ts'

export interface GlobalProjectRule {
  labelSelector: LabelSelector
  projectName: string
}

/** Lists of both count; every other field is the project's own, as in Argo CD. */
const merged = [
  'sourceRepos',
  'destinations',
  'clusterResourceWhitelist',
  'clusterResourceBlacklist',
  'namespaceResourceWhitelist',
  'namespaceResourceBlacklist',
  'syncWindows',
  'destinationServiceAccounts',
] as const satisfies (keyof AppProjectSpec)[]

export function projectInForce(
  project: AppProject,
  { rules, find }: { rules: GlobalProjectRule[]; find(name: string): AppProject | undefined },
): ProjectInForce {
  const { name } = project.metadata
  const globals = globalProjectNames(project, rules).flatMap((projectName) => find(projectName) ?? [])
  const known = remembered.get(project)
  if (known && sameItems(known.globals, globals)) return known.inForce
  const inForce = { name, spec: globals.reduce((spec, global) => merge(spec, global.spec), project.spec) }
  remembered.set(project, { globals, inForce })
  return inForce
}

/** The names of the projects whose rules count for this one too. */
export function globalProjectNames(
  { metadata: { name, labels = {} } }: AppProject,
  rules: GlobalProjectRule[],
): string[] {
  return rules
    .filter(({ projectName, labelSelector }) => projectName !== name && selects(labelSelector, labels))
    .map(({ projectName }) => projectName)
}

/** The same as long as nothing changes, so that what follows from it can be remembered under it. */
const remembered = new WeakMap<AppProject, { globals: AppProject[]; inForce: ProjectInForce }>()

function sameItems<Item>(one: Item[], other: Item[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at])
}

/** A list that neither has stays absent: for namespaced kinds that means all. */
function merge(spec: AppProjectSpec, global: AppProjectSpec): AppProjectSpec {
  const lists = merged
    .filter((field) => global[field] !== undefined)
    .map((field) => [field, [...(spec[field] ?? []), ...(global[field] ?? [])]])
  return { ...spec, ...Object.fromEntries(lists) }
}

/** Throws an Error that says what is wrong. */
export function readGlobalProjects(value: unknown): GlobalProjectRule[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Error('globalProjects is no list of labelSelector and projectName')
  return value.map((entry: unknown) => {
    const { labelSelector, projectName } = (entry ?? {}) as Partial<GlobalProjectRule>
    if (typeof projectName !== 'string' || typeof labelSelector !== 'object' || labelSelector === null) {
      throw new Error('an entry of globalProjects needs a labelSelector and a projectName')
    }
    return { labelSelector, projectName }
  })
}
