/**
 * What an AppProject adds to the policy: its roles, who has them, and what they may. It can only speak about its own roles
 * and its own objects; that is checked here for each line, and the enforcer asks it about requests of its project alone.
 */
import type { AppProject } from '../../model/index.ts'
import { readCsvLine } from './csv-line.ts'
import { type GrantLine, joinLines, type PermissionLine, type PolicyLines, readPolicyLines } from './policy-line.ts'
import { projectScoped } from './words.ts'

type ProjectRole = NonNullable<AppProject['spec']['roles']>[number]

export function projectSubject(project: string, role: string): string {
  return `proj:${project}:${role}`
}

/** The project and the role of a subject such as `proj:team:deployer`. */
export function readProjectSubject(subject: string): { project: string; role: string } | undefined {
  const [kind, project, role, ...more] = subject.split(':')
  return kind === 'proj' && project && role && more.length === 0 ? { project, role } : undefined
}

export function projectPolicyLines(project: AppProject): PolicyLines {
  const { name } = project.metadata
  return joinLines((project.spec.roles ?? []).map((role) => roleLines(name, role)))
}

function roleLines(project: string, role: ProjectRole): PolicyLines {
  const source = `project ${project}, role ${role.name}`
  if (!/^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(role.name)) {
    const place = { text: role.name, source, number: 1 }
    const message = 'the name of a role is made of letters, digits, - and _, and begins and ends with a letter or digit'
    return { permissions: [], grants: [], problems: [{ place, message, level: 'error' }] }
  }
  const lines: PolicyLines = { permissions: [seesProject(project, role.name)], grants: [], problems: [] }
  for (const [at, policy] of (role.policies ?? []).entries()) {
    const place = { text: policy, source, number: at + 1 }
    const { permissions, grants, problems } = readPolicyLines(policy, source)
    const [line] = permissions
    const isOne = permissions.length === 1 && grants.length === 0 && problems.length === 0
    const problem =
      line && isOne ? foreign(line, project, role.name) : (problems[0]?.message ?? 'it is not one line with p')
    if (line && !problem) lines.permissions.push({ ...line, place })
    else lines.problems.push({ place, message: problem ?? 'it is not one line with p', level: 'error' })
  }
  for (const group of role.groups ?? []) {
    const grant = roleGrant(group, projectSubject(project, role.name), source)
    if (grant) lines.grants.push(grant)
  }
  return lines
}

/** Who has a role of a project sees the project. */
function seesProject(project: string, role: string): PermissionLine {
  const subject = projectSubject(project, role)
  const text = `p, ${subject}, projects, get, ${project}, allow`
  const place = { text, source: `project ${project}, role ${role}`, number: 0 }
  return { place, subject, resource: 'projects', action: 'get', object: project, effect: 'allow' }
}

/** What is wrong with a line of a project's role: the first thing in which it goes beyond the role or the project. */
function foreign(line: PermissionLine, project: string, role: string): string | undefined {
  const subject = projectSubject(project, role)
  if (line.subject !== subject) return `its subject has to be ${subject}, not "${line.subject}"`
  if (!projectScoped.has(line.resource)) {
    return `its resource has to be one of ${[...projectScoped].join(', ')}, not "${line.resource}"`
  }
  if (!line.object.startsWith(`${project}/`)) return `its object has to begin with ${project}/, not "${line.object}"`
  return undefined
}

/** Groups with commas in them are written in quotes. */
function roleGrant(group: string, role: string, source: string): GrantLine | undefined {
  const fields = group.trim().startsWith('"') ? readCsvLine(group.trim()) : [group.trim()]
  const [subject] = 'problem' in fields || fields.length !== 1 ? [] : fields
  const place = { text: `g, ${group}, ${role}`, source, number: 0 }
  return subject ? { place, subject, role } : undefined
}
