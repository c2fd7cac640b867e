/** The roles that every installation has: `role:readonly`, and `role:admin`, which the account `admin` has. */
import { type PolicyLines, readPolicyLines } from './policy-line.ts'

const inProjects = ['applications', 'applicationsets', 'logs', 'exec']

const readonly = [
  'applications',
  'applicationsets',
  'certificates',
  'clusters',
  'repositories',
  'write-repositories',
  'projects',
  'accounts',
  'gpgkeys',
  'logs',
]

const admin: Record<string, string[]> = {
  applications: ['create', 'update', 'update/*', 'delete', 'delete/*', 'sync', 'rollback', 'override', 'action/*'],
  applicationsets: ['get', 'create', 'update', 'delete'],
  certificates: ['create', 'update', 'delete'],
  clusters: ['create', 'update', 'delete'],
  repositories: ['create', 'update', 'delete'],
  'write-repositories': ['create', 'update', 'delete'],
  projects: ['create', 'update', 'delete'],
  accounts: ['update'],
  gpgkeys: ['create', 'delete'],
  exec: ['create'],
}

function line(role: string, resource: string, action: string): string {
  return `p, ${role}, ${resource}, ${action}, ${inProjects.includes(resource) ? '*/*' : '*'}, allow`
}

const text = [
  ...readonly.map((resource) => line('role:readonly', resource, 'get')),
  ...Object.entries(admin).flatMap(([resource, verbs]) => verbs.map((verb) => line('role:admin', resource, verb))),
  'g, role:admin, role:readonly',
  'g, admin, role:admin',
].join('\n')

export const builtIn: PolicyLines = readPolicyLines(text, 'built-in')
