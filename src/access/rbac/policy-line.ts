/** Lines of policies, read from text. A line that cannot be read is told with its place, and grants nothing. */
import { readCsvLine } from './csv-line.ts'

/** Where a line stands. */
export interface LinePlace {
  text: string
  /** A key of argocd-rbac-cm, `project <name>, role <name>`, or `built-in`. */
  source: string
  /** From 1. */
  number: number
}

export interface PermissionLine {
  place: LinePlace
  subject: string
  resource: string
  action: string
  object: string
  effect: 'allow' | 'deny'
}

/** `subject` has what `role` has. */
export interface GrantLine {
  place: LinePlace
  subject: string
  role: string
}

export interface PolicyProblem {
  place: LinePlace
  message: string
  /** An error: the line has no effect as it stands. A warning: it has, but probably not the one that was meant. */
  level: 'error' | 'warning'
}

export interface PolicyLines {
  permissions: PermissionLine[]
  grants: GrantLine[]
  problems: PolicyProblem[]
}

export function readPolicyLines(text: string, source: string): PolicyLines {
  const lines: PolicyLines = { permissions: [], grants: [], problems: [] }
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const place = { text: line, source, number: at + 1 }
    const problem = addLine(lines, place)
    if (problem) lines.problems.push({ place, message: problem, level: 'error' })
  }
  return lines
}

function addLine({ permissions, grants }: PolicyLines, place: LinePlace): string | undefined {
  const fields = readCsvLine(place.text)
  if ('problem' in fields) return fields.problem
  const [kind, subject = '', second = '', action = '', object = '', effect] = fields
  if (kind === 'g') {
    if (fields.length !== 3) return 'a line with g has 3 fields: g, <user or group>, <role>'
    if (subject === '' || second === '') return 'a field of it is empty'
    grants.push({ place, subject, role: second })
    return undefined
  }
  if (kind !== 'p') return 'a line begins with p (a permission) or g (who has a role)'
  if (fields.length !== 6)
    return 'a line with p has 6 fields: p, <subject>, <resource>, <action>, <object>, allow or deny'
  if (effect !== 'allow' && effect !== 'deny') return `its effect is allow or deny, not "${effect}"`
  if (subject === '') return 'its subject is empty'
  permissions.push({ place, subject, resource: second, action, object, effect })
  return undefined
}

export function joinLines(parts: PolicyLines[]): PolicyLines {
  return {
    permissions: parts.flatMap(({ permissions }) => permissions),
    grants: parts.flatMap(({ grants }) => grants),
    problems: parts.flatMap(({ problems }) => problems),
  }
}
