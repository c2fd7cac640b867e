/** What a project permits, as its rules and those of its global projects add up. Pure. */
import type { ProjectSpec } from './ask-projects.ts'

type GroupKind = { group?: string; kind?: string; name?: string | undefined }

export type Extent = 'all' | 'none' | 'some'

export interface Permits {
  sources: { extent: Extent; allowed: string[]; denied: string[] }
  destinations: { extent: Extent; allowed: string[]; denied: string[] }
  clusterKinds: { extent: Extent; allowed: string[]; denied: string[] }
  namespacedKinds: { extent: Extent; allowed: string[]; denied: string[] }
}

/** Lists of global projects are added to the project's own. */
export function permits(spec: ProjectSpec, globals: ProjectSpec[] = []): Permits {
  const all = [spec, ...globals]
  const join = <Item>(pick: (one: ProjectSpec) => Item[] | undefined) => all.flatMap((one) => pick(one) ?? [])
  const sources = unique(join(({ sourceRepos }) => sourceRepos))
  const destinations = unique(join(({ destinations: list }) => list).map(destinationText))
  const namespacedAllowed = unique(join(({ namespaceResourceWhitelist }) => namespaceResourceWhitelist).map(kindText))
  return {
    sources: extent(sources.filter(isAllowed), sources.filter(isDenied).map(bare), (one) => one === '*'),
    destinations: extent(
      destinations.filter(isAllowed),
      destinations.filter(isDenied).map((one) => one.replaceAll('!', '')),
      (one) => one === '* / *',
    ),
    clusterKinds: extent(
      unique(join(({ clusterResourceWhitelist }) => clusterResourceWhitelist).map(kindText)),
      unique(join(({ clusterResourceBlacklist }) => clusterResourceBlacklist).map(kindText)),
      (one) => one === '*',
    ),
    // Without a list, all of them are.
    namespacedKinds: extent(
      namespacedAllowed.length > 0 ? namespacedAllowed : ['*'],
      unique(join(({ namespaceResourceBlacklist }) => namespaceResourceBlacklist).map(kindText)),
      (one) => one === '*',
    ),
  }
}

function extent(allowed: string[], denied: string[], isAll: (one: string) => boolean) {
  const of: Extent = allowed.length === 0 ? 'none' : allowed.some(isAll) ? 'all' : 'some'
  return { extent: of, allowed: of === 'all' ? [] : allowed, denied }
}

function isDenied(text: string): boolean {
  return text.startsWith('!') || text.includes('/ !')
}

function isAllowed(text: string): boolean {
  return !isDenied(text)
}

function bare(text: string): string {
  return text.slice(1)
}

/** `cluster / namespace`. */
export function destinationText({
  server,
  name,
  namespace,
}: {
  server?: string | undefined
  name?: string | undefined
  namespace?: string | undefined
}): string {
  return `${name || server || '—'} / ${namespace || '—'}`
}

/** `apps/Deployment`, `ConfigMap`, `*`. */
export function kindText({ group = '', kind = '', name }: GroupKind): string {
  const text = group === '*' && kind === '*' ? '*' : group ? `${group}/${kind}` : kind
  return name ? `${text} ${name}` : text
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)]
}
