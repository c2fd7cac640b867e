/** How an application stands, in one sentence. Pure: what it is made of is drawn elsewhere. */
import { count, type Language } from '../../../lib/language.ts'
import type { ResourceAddress } from '../../../lib/paths.ts'
import { shortRevision } from '../data/facts.ts'
import type { RevisionMetadata } from '../data/revision-metadata.ts'
import type { CausePart, RevisionFact, Standing } from './standing.ts'

export type Fragment =
  | { is: 'text' | 'name' | 'code' | 'quote'; text: string }
  | { is: 'revision'; text: string; fact: RevisionFact }
  | { is: 'place'; text: string }
  | { is: 'health'; text: string; status: string }
  | { is: 'drifted'; text: string }
  | { is: 'resource'; text: string; address: ResourceAddress }
  | { is: 'time'; at: string }

export interface SentenceOptions {
  language: Language
  /** By revision. */
  commits: ReadonlyMap<string, Pick<RevisionMetadata, 'author' | 'message' | 'date'>>
}

const text = (words: string): Fragment => ({ is: 'text', text: words })

export function sentenceOf(standing: Standing, options: SentenceOptions): Fragment[] {
  const words = wording[options.language]
  const { name, place, deployed } = standing
  const where: Fragment = { is: 'place', text: [place.cluster, place.namespace].filter(Boolean).join('/') }
  const subject: Fragment = { is: 'name', text: name }
  const start =
    deployed.length === 0
      ? [subject, text(words.isToRun), where]
      : [subject, text(words.runs), ...deployedFragments(deployed, options), text(words.on), where]
  return [...start, text(words.colon), ...verdictFragments(standing, options), text('.')]
}

function deployedFragments(deployed: RevisionFact[], options: SentenceOptions): Fragment[] {
  return deployed.flatMap((fact, index) => [...(index > 0 ? [text(', ')] : []), ...revisionFragments(fact, options)])
}

/** Such as `3fa2c1 (main, Ana, 2 h ago)`. */
function revisionFragments(fact: RevisionFact, { commits }: SentenceOptions, quotes = false): Fragment[] {
  const { revision, target, chart } = fact
  const commit = commits.get(revision)
  const shown: Fragment = { is: 'revision', text: [chart, shortRevision(revision)].filter(Boolean).join(' '), fact }
  const details: Fragment[][] = []
  if (target && target !== revision && !chart) details.push([text(target)])
  if (commit) {
    details.push([text(authorName(commit.author)), ...(quotes ? quoted(commit.message) : [])])
    details.push([{ is: 'time', at: commit.date }])
  }
  if (details.length === 0) return [shown]
  return [shown, text(' ('), ...details.flatMap((one, index) => (index > 0 ? [text(', '), ...one] : one)), text(')')]
}

const longestQuote = 60

function quoted(message: string): Fragment[] {
  const [title = ''] = message.trim().split('\n')
  const shown = title.length > longestQuote ? `${title.slice(0, longestQuote - 1)}…` : title
  return shown ? [text(' '), { is: 'quote', text: shown }] : []
}

/** `Ana Ruiz <ana@example.com>` is Ana Ruiz. */
export function authorName(author: string): string {
  return author.replace(/\s*<[^>]*>\s*$/, '') || author
}

function verdictFragments(standing: Standing, options: SentenceOptions): Fragment[] {
  const words = wording[options.language]
  const { verdict, changes, next, drift } = standing
  if (verdict === 'deleting') return [text(words.deleting)]
  if (verdict === 'unknown') return [text(words.unknown)]
  const health = healthFragments(standing, options.language)
  if (verdict === 'declared') return [text(words.declared), text(isWell(standing) ? ', ' : words.but), ...health]
  if (verdict === 'new') return [text(words.nothingYet(changes))]
  if (verdict === 'syncing') {
    return [
      text(words.syncing),
      ...(next ? [text(words.to), ...revisionFragments(next, options, true)] : []),
      text('; '),
      ...health,
    ]
  }
  const sync: Fragment[] =
    verdict === 'behind' && next
      ? [...revisionFragments(next, options, true), text(words.isNotThere), text(words.changes(changes))]
      : [{ is: 'drifted', text: words.drifted(changes) }, ...driftFragments(drift, words)]
  return [...sync, text('; '), ...health]
}

function driftFragments(drift: Standing['drift'], words: Words): Fragment[] {
  if (!drift) return []
  const { path, desired, live, by, at } = drift
  return [
    text(words.colon),
    { is: 'code', text: path },
    text(` ${desired} → ${live}`),
    ...(by ? [text(words.by(by))] : []),
    ...(at ? [text(', '), { is: 'time', at } as const] : []),
  ]
}

function isWell({ health }: Standing): boolean {
  return health === 'Healthy'
}

function healthFragments({ health, cause }: Standing, language: Language): Fragment[] {
  const words = wording[language]
  const shown: Fragment = { is: 'health', text: words.health[health] ?? health, status: health }
  if (health === 'Healthy' || cause.length === 0) return [shown]
  return [shown, text(words.colon), ...cause.map(causeFragment)]
}

function causeFragment({ text: words, address }: CausePart): Fragment {
  return address ? { is: 'resource', text: words, address } : text(words)
}

type Words = (typeof wording)['en']

const wording = {
  en: {
    runs: ' runs ',
    isToRun: ' is to run on ',
    on: ' on ',
    colon: ': ',
    deleting: 'it is being deleted',
    unknown: 'nobody can say whether it is as declared',
    declared: 'as declared',
    but: ', but ',
    nothingYet: (changes: number) =>
      `nothing has been deployed yet, ${count('en', changes, 'object', 'objects')} to make`,
    syncing: 'a sync is under way',
    to: ' to ',
    isNotThere: ' is not there yet, ',
    changes: (changes: number) => count('en', changes, 'change', 'changes'),
    drifted: (changes: number) => `${count('en', changes, 'object', 'objects')} drifted`,
    by: (who: string) => ` by ${who}`,
    health: {
      Healthy: 'healthy',
      Progressing: 'still progressing',
      Degraded: 'degraded',
      Suspended: 'suspended',
      Missing: 'missing',
      Unknown: 'of unknown health',
    } as Record<string, string>,
  },
  fr: {
    runs: ' est en ',
    isToRun: ' doit tourner sur ',
    on: ' sur ',
    colon: ' : ',
    deleting: 'elle est en cours de suppression',
    unknown: 'personne ne peut dire si elle est conforme',
    declared: 'conforme',
    but: ', mais ',
    nothingYet: (changes: number) => `rien n’est encore déployé, ${count('fr', changes, 'objet', 'objets')} à créer`,
    syncing: 'synchronisation en cours',
    to: ' vers ',
    isNotThere: ' n’y est pas encore, ',
    changes: (changes: number) => count('fr', changes, 'changement', 'changements'),
    drifted: (changes: number) => `${count('fr', changes, 'objet', 'objets')} en écart`,
    by: (who: string) => ` par ${who}`,
    health: {
      Healthy: 'en bonne santé',
      Progressing: 'encore en progression',
      Degraded: 'dégradée',
      Suspended: 'suspendue',
      Missing: 'absente',
      Unknown: 'de santé inconnue',
    } as Record<string, string>,
  },
}
