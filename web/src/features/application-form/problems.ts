/** What is wrong with a draft as far as one can tell without asking the server; and where what the server says belongs. Pure. */
import { type Draft, listAt, type Path, sourcePaths, textAt, valueAt } from './draft.ts'

export type ProblemKind =
  | 'required'
  | 'name'
  | 'url'
  | 'oneOfPathAndChart'
  | 'chartRevision'
  | 'destination'
  | 'kind'
  | 'pointer'
  | 'ignoredNothing'
  | 'parameterName'
  | 'number'
  | 'duration'
  | 'label'

/** By path, as `pathKey` writes it. */
export type Problems = ReadonlyMap<string, ProblemKind>

export const pathKey = (path: Path): string => path.join('.')

const dnsName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
const goDuration = /^\d+$|^(\d+(\.\d+)?(ms|s|m|h))+$/

export function problemsOf(draft: Draft): Problems {
  const problems = new Map<string, ProblemKind>()
  const add = (path: Path, kind: ProblemKind) => problems.set(pathKey(path), kind)
  const text = (path: Path) => textAt(draft, path).trim()

  const name = text(['metadata', 'name'])
  if (name === '') add(['metadata', 'name'], 'required')
  else if (!dnsName.test(name) || name.length > 253) add(['metadata', 'name'], 'name')
  if (text(['spec', 'project']) === '') add(['spec', 'project'], 'required')
  if (!valueAt(draft, ['spec', 'sourceHydrator'])) {
    for (const source of sourcePaths(draft)) sourceProblems(draft, source, add)
  }
  const hasCluster = text(['spec', 'destination', 'name']) !== '' || text(['spec', 'destination', 'server']) !== ''
  if (!hasCluster) add(['spec', 'destination', 'name'], 'destination')
  for (const [index, rule] of listAt<Record<string, unknown>>(draft, ['spec', 'ignoreDifferences']).entries()) {
    const at: Path = ['spec', 'ignoreDifferences', index]
    if (!rule?.kind) add([...at, 'kind'], 'kind')
    const pointers = listAt<string>(rule, ['jsonPointers'])
    if (pointers.some((pointer) => pointer !== '' && !pointer.startsWith('/'))) add([...at, 'jsonPointers'], 'pointer')
    const says = ['jsonPointers', 'jqPathExpressions', 'managedFieldsManagers'].some(
      (one) => listAt(rule, [one]).length > 0,
    )
    if (!says) add([...at, 'jqPathExpressions'], 'ignoredNothing')
  }
  const retry: Path = ['spec', 'syncPolicy', 'retry']
  for (const [path, isRight] of [
    [[...retry, 'limit'], /^-?\d+$/],
    [[...retry, 'backoff', 'factor'], /^\d+$/],
    [[...retry, 'backoff', 'duration'], goDuration],
    [[...retry, 'backoff', 'maxDuration'], goDuration],
  ] as [Path, RegExp][]) {
    const given = text(path)
    if (given !== '' && !isRight.test(given)) add(path, isRight === goDuration ? 'duration' : 'number')
  }
  return problems
}

function sourceProblems(draft: Draft, source: Path, add: (path: Path, kind: ProblemKind) => void): void {
  const text = (field: string) => textAt(draft, [...source, field]).trim()
  const repoURL = text('repoURL')
  if (repoURL === '') add([...source, 'repoURL'], 'required')
  else if (/\s/.test(repoURL)) add([...source, 'repoURL'], 'url')
  const isChart = valueAt(draft, [...source, 'chart']) !== undefined
  if (isChart && text('chart') === '') add([...source, 'chart'], 'required')
  if (isChart && text('path') !== '') add([...source, 'path'], 'oneOfPathAndChart')
  if (isChart && text('targetRevision') === '') add([...source, 'targetRevision'], 'chartRevision')
  for (const [index, parameter] of listAt<{ name?: string }>(draft, [...source, 'helm', 'parameters']).entries()) {
    if (!parameter?.name) add([...source, 'helm', 'parameters', index, 'name'], 'parameterName')
  }
}

/** Which field the server speaks of, as far as its words tell: the first that fits. */
const wordsOf: [words: RegExp, field: (source: Path) => Path][] = [
  [
    /already exists|existing application|is not yours to use|\bname\b.*(invalid|must)|metadata\.name/i,
    () => ['metadata', 'name'],
  ],
  [/namespace '[^']*' is not permitted/i, () => ['metadata', 'namespace']],
  [/destination|cluster|server '/i, () => ['spec', 'destination', 'name']],
  [/\bproject\b/i, () => ['spec', 'project']],
  [/\bpath\b/i, (source) => [...source, 'path']],
  [/\bchart\b/i, (source) => [...source, 'chart']],
  [/revision|branch|\btag\b|\bref\b/i, (source) => [...source, 'targetRevision']],
  [
    /repository|repoURL|authentication|could not (be )?read|unable to (connect|resolve)/i,
    (source) => [...source, 'repoURL'],
  ],
  [/ignoreDifferences/i, () => ['spec', 'ignoreDifferences']],
]

/** undefined: of none in particular. */
export function fieldOf(message: string, draft: Draft): Path | undefined {
  const [source = ['spec', 'source']] = sourcePaths(draft)
  const said = message.replace(/^application spec for \S+ is invalid:\s*/i, '')
  return wordsOf.find(([words]) => words.test(said))?.[1](source)
}
