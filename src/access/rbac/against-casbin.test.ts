import { type Enforcer as CasbinEnforcer, newEnforcer, newModelFromString } from 'casbin'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AppProject, matchesGlob } from '../../model/index.ts'
import { builtIn } from './built-in.ts'
import { Policy, type PolicyOptions } from './policy.ts'
import { type PolicyLines, readPolicyLines } from './policy-line.ts'

/** The model of Argo CD's policies, in casbin's language. */
const model = `
[request_definition]
r = sub, res, act, obj
[policy_definition]
p = sub, res, act, obj, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && matches(r.res, p.res) && matches(r.act, p.act) && matches(r.obj, p.obj)
`

const modes = {
  glob: matchesGlob,
  regex: (pattern: string, text: string) => new RegExp(pattern).test(text),
}

async function casbin(parts: PolicyLines[], mode: keyof typeof modes): Promise<CasbinEnforcer> {
  const enforcer = await newEnforcer(newModelFromString(model))
  enforcer.addFunction('matches', (text: string, pattern: string) => modes[mode](pattern, text))
  for (const { permissions, grants } of parts) {
    for (const { subject, resource, action, object, effect } of permissions) {
      enforcer.getModel().addPolicy('p', 'p', [subject, resource, action, object, effect])
    }
    for (const { subject, role } of grants) enforcer.getModel().addPolicy('g', 'g', [subject, role])
  }
  await enforcer.buildRoleLinks()
  return enforcer
}

const subjects = [
  'alice',
  'bob',
  'devs',
  'ops',
  'role:a',
  'role:b',
  'role:c',
  'role:readonly',
  'role:admin',
  'proj:team:dev',
]
const globs = {
  resource: ['applications', 'applications', 'clusters', 'projects', '*', 'app*', '{logs,exec}'],
  action: ['get', 'get', 'sync', 'update', '*', 'update/*', 'delete/*/Pod/*/*', 'action/apps/*', '[gs]*'],
  object: ['*', '*/*', 'team/*', 'team/web', '*/prod/*', 'other/?eb', '{team,other}/*', 'https://*', 'team'],
}
const regexes = {
  resource: ['applications', '.*', '^app', 'logs|exec'],
  action: ['get', '^(get|sync)$', '.*', 'update/.*', '^update$'],
  object: ['.*', 'team/.*', '^team/web$', '/prod/', '^(team|other)/', 'https://.*'],
}
const asked = {
  resource: ['applications', 'applications', 'clusters', 'projects', 'logs', 'applicationsets', 'unknown'],
  action: [
    'get',
    'sync',
    'update',
    'delete',
    'update/apps/Deployment/ns/web',
    'delete//Pod/ns/web',
    'action/apps/Deployment/restart',
  ],
  object: ['team/web', 'team/prod/web', 'other/web', 'team', 'https://10.0.0.1', 'x', ''],
}

function permission(words: typeof globs) {
  return fc
    .tuple(
      fc.constantFrom(...subjects),
      fc.constantFrom(...words.resource),
      fc.constantFrom(...words.action),
      fc.constantFrom(...words.object),
      fc.constantFrom('allow', 'allow', 'allow', 'deny'),
    )
    .map((fields) => `p, ${fields.map((field) => `"${field}"`).join(', ')}`)
}
const grant = fc
  .tuple(fc.constantFrom(...subjects), fc.constantFrom(...subjects))
  .map(([one, role]) => `g, ${one}, ${role}`)
const request = fc.record({
  subject: fc.constantFrom(...subjects, 'nobody'),
  groups: fc.subarray(subjects),
  defaultRole: fc.constantFrom('', '', '', 'role:readonly', 'role:a', 'role:none'),
  resource: fc.constantFrom(...asked.resource),
  action: fc.constantFrom(...asked.action),
  object: fc.constantFrom(...asked.object),
})
const requests = fc.array(request, { minLength: 10, maxLength: 30 })
const policyOf = (words: typeof globs) =>
  fc.array(fc.oneof({ weight: 3, arbitrary: permission(words) }, { weight: 2, arbitrary: grant }), { maxLength: 20 })

const projectRoles = fc.array(
  fc.record({
    name: fc.constantFrom('dev', 'lead'),
    groups: fc.subarray(['alice', 'devs', 'role:b']),
    policies: fc.array(
      fc.tuple(
        fc.constantFrom('applications', 'logs', 'clusters'),
        fc.constantFrom(...globs.action),
        fc.constantFrom('team/*', 'team/web', 'team/prod/*'),
        fc.constantFrom('allow', 'allow', 'deny'),
      ),
      { maxLength: 4 },
    ),
  }),
  { maxLength: 2 },
)

function projectLines(roles: { name: string; groups: string[]; policies: string[][] }[]): PolicyLines {
  const text = roles.flatMap(({ name, groups, policies }) => [
    `p, proj:team:${name}, projects, get, team, allow`,
    ...policies.map((fields) => `p, proj:team:${name}, ${fields.join(', ')}`),
    ...groups.map((group) => `g, ${group}, proj:team:${name}`),
  ])
  return readPolicyLines(text.join('\n'), 'project')
}

type Asked = typeof request extends fc.Arbitrary<infer Value> ? Value : never

function isInTeam({ resource, object }: Asked): boolean {
  return resource === 'projects'
    ? object === 'team'
    : /^(app|logs|clusters)/.test(resource) && object.startsWith('team/')
}

/** What Argo CD does with an enforcer for all, and one that has the lines of the project too. */
function argoCd(question: Asked, global: CasbinEnforcer, withProject: CasbinEnforcer, grants: PolicyLines[]): boolean {
  const { subject, groups, defaultRole, resource, action, object } = question
  const enforcer = isInTeam(question) ? withProject : global
  const ask = (one: CasbinEnforcer, who: string) => one.enforceSync(who, resource, action, object)
  if (defaultRole && (ask(global, defaultRole) || ask(enforcer, defaultRole))) return true
  const granted = new Set(grants.flatMap(({ grants }) => grants.map((line) => line.subject)))
  return ask(enforcer, subject) || groups.some((group) => granted.has(group) && ask(enforcer, group))
}

const options = { inheritFineGrained: false, rollbackIsSync: true }

/** One policy for each default role. */
function policiesOf(settings: Record<string, string>, project: PolicyOptions['project'] = () => undefined) {
  const made = new Map<string, Policy>()
  return (role: string) => {
    const policy = made.get(role) ?? new Policy({ ...settings, 'policy.default': role }, { ...options, project })
    made.set(role, policy)
    return policy
  }
}

test.each([
  ['glob', globs],
  ['regex', regexes],
] as const)(
  'random policies (%s) decide as casbin decides with the model of Argo CD',
  async (mode, words) => {
    let allowed = 0
    await fc.assert(
      fc.asyncProperty(policyOf(words), requests, async (lines, random) => {
        // Argo CD reads its built-in lines as regular expressions too, where half of them are none.
        const rename = (text: string) =>
          mode === 'glob' ? text : text.replace(/role:(readonly|admin)/g, 'role:own-$1')
        const csv = rename(lines.join('\n'))
        const questions: Asked[] = JSON.parse(rename(JSON.stringify(random)))
        const own = readPolicyLines(csv, 'policy.csv')
        const parts = mode === 'glob' ? [builtIn, own] : [own]
        const oracle = await casbin(parts, mode)
        const policies = policiesOf({ 'policy.csv': csv, 'policy.matchMode': mode })
        for (const question of questions) {
          const answer = policies(question.defaultRole).enforcerFor(question).may(question)
          expect(answer.allowed, JSON.stringify(question)).toBe(argoCd(question, oracle, oracle, parts))
          if (answer.allowed) allowed++
        }
      }),
      { numRuns: 150 },
    )
    expect(allowed).toBeGreaterThan(20)
  },
  60_000,
)

test('roles of projects decide as they do in Argo CD', async () => {
  await fc.assert(
    fc.asyncProperty(policyOf(globs), projectRoles, requests, async (lines, roles, questions) => {
      const csv = lines.join('\n')
      const parts = [builtIn, readPolicyLines(csv, 'policy.csv')]
      const texts = roles.map((role) => ({ ...role, policies: role.policies.map((fields) => [...fields]) }))
      const ofProject = projectLines(texts)
      const [global, withProject] = [await casbin(parts, 'glob'), await casbin([...parts, ofProject], 'glob')]
      const team: AppProject = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name: 'team' },
        spec: {
          roles: roles.map(({ name, groups, policies }) => ({
            name,
            groups,
            policies: policies.map((fields) => `p, proj:team:${name}, ${fields.join(', ')}`),
          })),
        },
      }
      const policies = policiesOf({ 'policy.csv': csv }, (name) => (name === 'team' ? team : undefined))
      for (const question of questions) {
        const expected = argoCd(question, global, withProject, isInTeam(question) ? [...parts, ofProject] : parts)
        expect(
          policies(question.defaultRole).enforcerFor(question).may(question).allowed,
          JSON.stringify(question),
        ).toBe(expected)
      }
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('a chain of roles is followed as far as casbin follows it, and a circle ends', async () => {
  const links = Array.from({ length: 14 }, (_, at) => `g, role:${at}, role:${at + 1}`)
  const rights = Array.from({ length: 15 }, (_, at) => `p, role:${at}, applications, get, team/${at}, allow`)
  const csv = [...links, ...rights, 'g, role:5, role:2'].join('\n')
  const oracle = await casbin([readPolicyLines(csv, '')], 'glob')
  const enforcer = new Policy({ 'policy.csv': csv }, { ...options, project: () => undefined }).enforcerFor({
    subject: 'role:0',
    groups: [],
  })
  for (let at = 0; at < 15; at++) {
    const object = `team/${at}`
    const expected = oracle.enforceSync('role:0', 'applications', 'get', object)
    expect(enforcer.may({ resource: 'applications', action: 'get', object }).allowed, object).toBe(expected)
  }
})
