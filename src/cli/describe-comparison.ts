/** A comparison in words: what would change, from what to what, and who made it so, when. */
import {
  annotation,
  describeKey,
  type FieldAuthor,
  type FieldDrift,
  type IgnoredBy,
  type ObjectComparison,
  type UndeclaredField,
} from '../model/index.ts'

const words: Record<ObjectComparison['verdict'], string> = {
  synced: 'is in sync',
  missing: 'would be created',
  changed: 'would be changed',
  extra: 'would be pruned',
  refused: 'would be refused',
  unknown: 'could not be compared',
}

export interface DescribeOptions {
  now: Date
  /** Tells also what would not change: ignored differences and fields that Git leaves open, of every object. */
  all: boolean
}

/** Empty for an object of which nothing is to be told. */
export function describeComparison(comparison: ObjectComparison, { now, all }: DescribeOptions): string {
  const { verdict, fields, ignored, undeclared, message } = comparison
  if (verdict === 'synced' && (!all || ignored.length + undeclared.length === 0)) return ''
  const lines = fields
    .filter(({ path }) => !path.includes(annotation.trackingId))
    .flatMap((field) => [
      ...fieldLines(field),
      ...(field.author ? [`    set by ${authorText(field.author, now)}`] : []),
    ])
  const more = [
    ...section('ignored:', ignored.map(ignoredLine)),
    ...(all
      ? section(
          'not in Git, and left alone:',
          undeclared.map((field) => undeclaredLine(field, now)),
        )
      : []),
  ]
  const head = `${describeKey(comparison)} ${words[verdict]}${message ? `: ${message}` : ''}`
  return `${[head, ...lines, ...more].join('\n')}\n`
}

function section(title: string, lines: string[]): string[] {
  return lines.length > 0 ? [`  ${title}`, ...lines.map((line) => `  ${line}`)] : []
}

function fieldLines(field: FieldDrift): string[] {
  const { path, live, desired } = field
  const isText = typeof live === 'string' && typeof desired === 'string' && (live + desired).trim().includes('\n')
  return isText ? [`  ${path}:`, ...textLines(live, desired)] : [fieldLine(field)]
}

const mostLines = 30

/** Where two texts differ, without the lines that they begin and end with alike. */
function textLines(live: string, desired: string): string[] {
  const [before, after] = [live.split('\n'), desired.split('\n')]
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const changed = [
    ...before.slice(head, before.length - tail).map((line) => `    - ${line}`),
    ...after.slice(head, after.length - tail).map((line) => `    + ${line}`),
  ]
  const more = changed.length - mostLines
  return [
    `    from line ${head + 1}:`,
    ...changed.slice(0, mostLines),
    ...(more > 0 ? [`    … and ${more} more lines`] : []),
  ]
}

function fieldLine({ path, live, desired }: FieldDrift): string {
  return `  ${path}: ${valueText(live)} → ${valueText(desired)}`
}

function ignoredLine(field: FieldDrift): string {
  const rule = field.ignoredBy ? ` — ${ruleText(field.ignoredBy)}` : ''
  return `${fieldLine(field)}${rule}`
}

function undeclaredLine({ path, live, author }: UndeclaredField, now: Date): string {
  return `  ${path}: ${valueText(live)} — ${authorText(author, now)}`
}

function ruleText({ origin, jsonPointer, jqPathExpression, managedFieldsManager }: IgnoredBy): string {
  const what = jsonPointer ?? jqPathExpression ?? `manager ${managedFieldsManager}`
  return `${what}, ${origin}`
}

function authorText({ manager, operation, subresource, time }: FieldAuthor, now: Date): string {
  const how = [operation, subresource && `of ${subresource}`].filter(Boolean).join(' ')
  return `${manager} (${how})${time ? `, ${agoText(time, now)} (${time})` : ''}`
}

const units: [seconds: number, name: string][] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]

function agoText(time: string, now: Date): string {
  const seconds = Math.max(Math.round((now.getTime() - Date.parse(time)) / 1000), 0)
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, 'second']
  const count = Math.floor(seconds / size)
  return `${count} ${name}${count === 1 ? '' : 's'} ago`
}

const longest = 200

function valueText(value: unknown): string {
  if (value === undefined) return '(absent)'
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item))
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
