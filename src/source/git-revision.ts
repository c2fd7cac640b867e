/** From what a repository advertises to the commit that a targetRevision means. Pure. */
import { StageError } from '../model/index.ts'
import { highest, parseConstraint } from '../model/version-constraint.ts'

export interface RefListing {
  /** Ref name → commit id, annotated tags peeled. */
  refs: Map<string, string>
}

/** Reads the output of `git ls-remote`. */
export function parseListing(output: string): RefListing {
  const refs = new Map<string, string>()
  for (const line of output.split('\n')) {
    const [oid, name] = line.split('\t')
    if (!oid || !name || !/^[0-9a-f]{40,64}$/.test(oid)) continue
    if (name.endsWith('^{}')) refs.set(name.slice(0, -3), oid)
    else if (!refs.has(name)) refs.set(name, oid)
  }
  return { refs }
}

export type Target =
  | { kind: 'commit'; oid: string }
  /** The beginning of a commit id that no advertised ref has; only the history can complete it. */
  | { kind: 'abbreviation'; text: string }
  | { kind: 'unknown' }

export interface TargetQuery {
  targetRevision: string
  tagPrefix?: string
}

/** In Argo CD's order: full id, version constraint over tags, ref by name, abbreviated id. */
export function resolveTarget({ refs }: RefListing, { targetRevision, tagPrefix = '' }: TargetQuery): Target {
  const wanted = targetRevision === '' ? 'HEAD' : targetRevision
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(wanted)) return { kind: 'commit', oid: wanted }
  const oid = byConstraint(refs, wanted, tagPrefix) ?? byName(refs, wanted) ?? headFallback(refs, wanted)
  if (oid) return { kind: 'commit', oid }
  if (!/^[0-9a-f]{7,63}$/.test(wanted)) return { kind: 'unknown' }
  const advertised = new Set([...refs.values()].filter((id) => id.startsWith(wanted)))
  const [only] = advertised
  return advertised.size === 1 && only ? { kind: 'commit', oid: only } : { kind: 'abbreviation', text: wanted }
}

function byConstraint(refs: Map<string, string>, wanted: string, tagPrefix: string): string | undefined {
  const text = tagPrefix && wanted.startsWith(tagPrefix) ? wanted.slice(tagPrefix.length) : wanted
  const constraint = parseConstraint(text)
  if (!constraint) return undefined
  const start = `refs/tags/${tagPrefix}`
  const names = [...refs.keys()].filter((name) => name.startsWith(start)).map((name) => name.slice(start.length))
  const best = highest(names, constraint)
  return best === undefined ? undefined : refs.get(start + best)
}

function byName(refs: Map<string, string>, wanted: string): string | undefined {
  return (
    refs.get(wanted) ??
    refs.get(`refs/heads/${wanted}`) ??
    refs.get(`refs/tags/${wanted}`) ??
    refs.get(`refs/${wanted}`)
  )
}

/** An empty HEAD (it points to a branch that was never made) is common in repositories made by hand. */
function headFallback(refs: Map<string, string>, wanted: string): string | undefined {
  return wanted === 'HEAD' ? (refs.get('refs/heads/main') ?? refs.get('refs/heads/master')) : undefined
}

/** What to say when nothing matches: the wanted name, and names that exist. */
export function unknownTarget({ refs }: RefListing, url: string, wanted: string): StageError {
  if (refs.size === 0) {
    return new StageError(
      'source',
      `${url} has no branches: push one, or check that repoURL is the address of a Git repository`,
      { retry: true },
    )
  }
  const branches = [...refs.keys()].filter((name) => name.startsWith('refs/heads/')).map((name) => name.slice(11))
  const some = branches.slice(0, 5).join(', ')
  const what = parseConstraint(wanted) ? 'no tag satisfies the version constraint' : 'there is no branch, tag or commit'
  const hint = some ? `; its branches are ${some}${branches.length > 5 ? ', …' : ''}` : ''
  return new StageError('source', `${what} ${wanted} in ${url}: check targetRevision${hint}`, { retry: false })
}
