/** How projects read. Pure. */
import type { AppProject, AppProjectSpec, GroupKind } from '../../model/index.ts'
import type { Listing } from '../output.ts'

const kindText = ({ group, kind, name }: GroupKind) => [group, kind, name].filter(Boolean).join('/')

const destinationText = ({ server, name, namespace = '' }: NonNullable<AppProjectSpec['destinations']>[number]) =>
  `${server ?? name ?? ''},${namespace}`

/** One, or how many. */
function several(texts: string[] | undefined, word: string): string {
  const [first = '<none>', ...others] = texts ?? []
  return others.length === 0 ? first : `${others.length + 1} ${word}`
}

export function projectListing(rows: AppProject[]): Listing<AppProject> {
  return {
    rows,
    document: rows,
    name: ({ metadata }) => metadata.name,
    columns: [
      { title: 'NAME', cell: ({ metadata }) => metadata.name },
      { title: 'DESCRIPTION', cell: ({ spec }) => spec.description ?? '' },
      { title: 'DESTINATIONS', cell: ({ spec }) => several(spec.destinations?.map(destinationText), 'destinations') },
      { title: 'SOURCES', cell: ({ spec }) => several(spec.sourceRepos, 'repositories') },
      {
        title: 'CLUSTER KINDS',
        cell: ({ spec }) => several(spec.clusterResourceWhitelist?.map(kindText), 'kinds'),
      },
      { title: 'SIGNATURES', cell: ({ spec }) => (spec.signatureKeys?.length ? 'required' : ''), wide: true },
      { title: 'ORPHANED', cell: ({ spec }) => orphanedText(spec), wide: true },
      {
        title: 'SERVICE ACCOUNTS',
        cell: ({ spec }) => String(spec.destinationServiceAccounts?.length ?? 0),
        wide: true,
      },
    ],
  }
}

function orphanedText({ orphanedResources }: AppProjectSpec): string {
  if (!orphanedResources) return 'not looked for'
  return orphanedResources.warn === false ? 'looked for' : 'warned of'
}

export function describeProject({ metadata, spec }: AppProject): string {
  const fields: [string, string[]][] = [
    ['Name', [metadata.name]],
    ['Description', [spec.description ?? '']],
    ['Destinations', spec.destinations?.map(destinationText) ?? []],
    ['Repositories', spec.sourceRepos ?? []],
    ['Source namespaces', spec.sourceNamespaces ?? []],
    ['Allowed cluster kinds', spec.clusterResourceWhitelist?.map(kindText) ?? []],
    ['Denied cluster kinds', spec.clusterResourceBlacklist?.map(kindText) ?? []],
    ['Allowed kinds', spec.namespaceResourceWhitelist?.map(kindText) ?? []],
    ['Denied kinds', spec.namespaceResourceBlacklist?.map(kindText) ?? []],
    ['Signature keys', spec.signatureKeys?.map(({ keyID }) => keyID) ?? []],
    ['Orphaned resources', [orphanedText(spec)]],
    ['Sync windows', [String(spec.syncWindows?.length ?? 0)]],
    ['Roles', spec.roles?.map(({ name }) => name) ?? []],
  ]
  const width = Math.max(...fields.map(([title]) => title.length)) + 2
  return fields
    .flatMap(([title, values]) =>
      (values.length > 0 ? values : ['<none>']).map((value, index) =>
        `${(index === 0 ? `${title}:` : '').padEnd(width)}${value}`.trimEnd(),
      ),
    )
    .map((line) => `${line}\n`)
    .join('')
}
