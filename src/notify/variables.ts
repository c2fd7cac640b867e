/** What templates and expressions can name besides the application: time, strings, repository, sync. */
import {
  type Dict,
  GoDuration,
  GoTime,
  isDict,
  parseTime,
  templateFunction,
  type Value,
  withIntegers,
} from '../template/index.ts'

/** Something that has to be fetched before what asked for it can be evaluated. */
export class MissingFact extends Error {
  override readonly name = 'MissingFact'
  readonly revision: string

  constructor(revision: string) {
    super(`the commit ${revision} is not known yet`)
    this.revision = revision
  }
}

export interface CommitMetadata {
  message: string
  author: string
  date: Date
  tags: string[]
}

/** By revision; what could not be had is an Error. */
export type Commits = Map<string, CommitMetadata | Error>

export interface VariableInputs {
  application: object
  project: object | undefined
  context: Dict
  secrets: Dict
  commits: Commits
  now: Date
}

const rfc3339 = '2006-01-02T15:04:05Z07:00'
const span = (nanoseconds: number): GoDuration => new GoDuration(BigInt(nanoseconds))

const layouts = {
  Layout: "01/02 03:04:05PM '06 -0700",
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339: rfc3339,
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
  Kitchen: '3:04PM',
  Stamp: 'Jan _2 15:04:05',
  StampMilli: 'Jan _2 15:04:05.000',
  StampMicro: 'Jan _2 15:04:05.000000',
  StampNano: 'Jan _2 15:04:05.000000000',
}

export function variablesOf(inputs: VariableInputs): Dict {
  const app = withIntegers(inputs.application) as Dict
  return {
    app,
    appProject: withIntegers(inputs.project ?? {}),
    context: inputs.context,
    secrets: inputs.secrets,
    time: timeOf(inputs.now),
    strings: {
      ReplaceAll: templateFunction(['string', 'string', 'string'], (text: string, from: string, to: string) =>
        text.replaceAll(from, () => to),
      ),
      ToUpper: templateFunction(['string'], (text: string) => text.toUpperCase()),
      ToLower: templateFunction(['string'], (text: string) => text.toLowerCase()),
    },
    repo: repositoryOf(inputs.commits),
    sync: { GetInfoItem: templateFunction(['any', 'string'], infoItem) },
  }
}

function timeOf(now: Date): Dict {
  return {
    Parse: templateFunction(['string'], (text: string) => parseTime(rfc3339, text)),
    Now: templateFunction([], () => GoTime.at(now.getTime())),
    Nanosecond: span(1),
    Microsecond: span(1e3),
    Millisecond: span(1e6),
    Second: span(1e9),
    Minute: span(6e10),
    Hour: span(3.6e12),
    ...layouts,
  }
}

function repositoryOf(commits: Commits): Dict {
  return {
    RepoURLToHTTPS: templateFunction(['string'], toHttps),
    FullNameByRepoURL: templateFunction(['string'], fullName),
    QueryEscape: templateFunction(['string'], (text: string) => encodeURIComponent(text).replaceAll('%20', '+')),
    GetCommitMetadata: templateFunction(['string'], (revision: string) => {
      const known = commits.get(revision)
      if (!known) throw new MissingFact(revision)
      if (known instanceof Error) throw new Error(`the commit ${revision} cannot be read: ${known.message}`)
      const { message, author, date, tags } = known
      return { Message: message, Author: author, Date: GoTime.at(date.getTime()), Tags: tags }
    }),
  }
}

/** Host and path of an address, also of `git@host:path`. */
function partsOf(address: string): { host: string; path: string } {
  const scp = /^(?:[^@/]+@)?([^/:]+):(?!\/\/)(.*)$/.exec(address)
  if (scp) return { host: scp[1] ?? '', path: `/${scp[2]}` }
  const match = /^[a-z+]+:\/\/(?:[^@/]*@)?([^/]+)(\/.*)?$/i.exec(address)
  return { host: match?.[1] ?? '', path: match?.[2] ?? address }
}

function toHttps(address: string): string {
  const { host, path } = partsOf(address)
  return `https://${host}${path}`
}

/** `owner/repository`. */
export function fullName(address: string): string {
  const path = partsOf(address).path.replace(/\.git$/, '')
  const segments = path.split('/').filter((segment) => segment !== '')
  return segments.length >= 2 ? segments.slice(0, 2).join('/') : path
}

/** The value of an item that was given with a sync. */
function infoItem(app: Value, name: string): string {
  const operations = [['operation'], ['status', 'operationState', 'operation']].map((path) =>
    path.reduce((value: Value, key) => (isDict(value) ? value[key] : undefined), app),
  )
  for (const operation of operations) {
    const items = isDict(operation) && Array.isArray(operation.info) ? operation.info : []
    const item = items.find((one) => isDict(one) && one.name === name)
    if (isDict(item)) return String(item.value ?? '')
  }
  return ''
}
