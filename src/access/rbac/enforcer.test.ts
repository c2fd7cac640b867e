import { expect, test } from 'vitest'
import type { AppProject } from '../../model/index.ts'
import type { Decision, EnforcedSubjects } from './enforcer.ts'
import { applicationObject, clusterObjects } from './objects.ts'
import { Policy, type PolicyOptions } from './policy.ts'

interface Setting extends Partial<PolicyOptions>, Partial<EnforcedSubjects> {
  settings?: Record<string, string>
  projects?: AppProject[]
}

function ask(lines: string | string[], question: string, setting: Setting = {}): Decision {
  const { settings, projects = [], subject = 'alice', groups = [], tokenProject, ...options } = setting
  const policy = new Policy(
    { 'policy.csv': [lines].flat().join('\n'), ...settings },
    {
      inheritFineGrained: false,
      rollbackIsSync: true,
      project: (name) => projects.find(({ metadata }) => metadata.name === name),
      ...options,
    },
  )
  const [resource = '', action = '', ...objects] = question.split(' ')
  return policy.enforcerFor({ subject, groups, tokenProject }).may({ resource, action, object: objects })
}

const can = (...parameters: Parameters<typeof ask>) => ask(...parameters).allowed

function project(name: string, roles: AppProject['spec']['roles']): AppProject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name },
    spec: { ...(roles && { roles }) },
  }
}

test('a decision names the line that made it, where the line stands, and who has the role', () => {
  const lines = [
    'g, devs, role:dev',
    'p, role:dev, applications, *, team/*, allow',
    'p, role:dev, applications, delete, */*, deny',
  ]
  expect(ask(lines, 'applications sync team/web', { groups: ['devs'] })).toEqual({
    allowed: true,
    line: { text: lines[1], source: 'policy.csv', number: 2 },
    role: 'role:dev',
    subject: 'devs',
  })
  expect(ask(lines, 'applications delete team/web', { groups: ['devs'] })).toMatchObject({
    allowed: false,
    line: { number: 3 },
  })
  expect(ask(lines, 'applications sync other/web', { groups: ['devs'] })).toEqual({ allowed: false })
})

test('what the default role allows cannot be denied', () => {
  const settings = { 'policy.default': 'role:readonly' }
  const lines = 'p, alice, applications, get, */*, deny'
  expect(ask(lines, 'applications get team/web', { settings })).toMatchObject({
    allowed: true,
    subject: 'role:readonly',
  })
  expect(can(lines, 'applications get team/web', { settings, subject: undefined })).toBe(true)
  expect(can(lines, 'applications sync team/web', { settings })).toBe(false)
})

test('a group counts only when a grant names it, and does not answer for another', () => {
  const lines = ['p, devs, applications, get, */*, allow', 'p, ops, applications, get, */*, deny', 'g, ops, role:none']
  expect(can(lines, 'applications get team/web', { groups: ['devs'] })).toBe(false)
  expect(can([...lines, 'g, devs, role:none'], 'applications get team/web', { groups: ['ops', 'devs'] })).toBe(true)
})

test('additional policies come after the first one, in the order of their keys', () => {
  const settings = {
    'policy.b.csv': 'p, alice, logs, get, */*, deny',
    'policy.a.csv': 'p, alice, logs, get, t/*, deny',
  }
  expect(ask('p, alice, logs, get, */*, allow', 'logs get t/web', { settings }).line?.source).toBe('policy.a.csv')
})

test('the account admin may everything that there is, and execute', () => {
  for (const question of [
    'clusters delete https://a',
    'exec create t/web',
    'applications update/apps/Deployment/n/x t/web',
  ]) {
    expect(can('', question, { subject: 'admin' }), question).toBe(true)
    expect(can('', question, { subject: 'alice' }), question).toBe(false)
  }
})

// Objects of applications: examples of Argo CD's documentation.
test.each([
  ['p, alice, applications, delete/*/Pod/*/*, default/prod, allow', 'delete//Pod/ns/x', true],
  ['p, alice, applications, delete/*/Pod/*/*, default/prod, allow', 'delete/apps/Deployment/ns/x', false],
  ['p, alice, applications, delete/*/Pod/*/*, default/prod, allow', 'delete', false],
  ['p, alice, applications, update/*, default/prod, allow', 'update/apps/Deployment/ns/x', true],
  ['p, alice, applications, update/*, default/prod, allow', 'update', false],
  ['p, alice, applications, update, default/prod, allow', 'update/apps/Deployment/ns/x', false],
  ['p, alice, applications, action/extensions/*, default/*, allow', 'action/extensions/DaemonSet/test', true],
  ['p, alice, applications, action/extensions/*, default/*, allow', 'action/apps/DaemonSet/test', false],
])('%s: %s is allowed: %s', (line, action, expected) => {
  expect(can(line, `applications ${action} default/prod`)).toBe(expected)
})

test('with inheritance, what is allowed for an application cannot be denied for its objects', () => {
  const lines = [
    'p, alice, applications, delete, default/prod, allow',
    'p, alice, applications, delete/*/Pod/*, default/prod, deny',
  ]
  const question = 'applications delete//Pod/ns/x default/prod'
  expect(can(lines, question)).toBe(false)
  expect(can(lines, question, { inheritFineGrained: true })).toBe(true)
  expect(can('p, alice, applications, update, default/prod, deny', question, { inheritFineGrained: true })).toBe(false)
})

test('rollback is asked for as sync, until the installation keeps them apart', () => {
  const lines = ['p, alice, applications, sync, */*, allow', 'p, bob, applications, rollback, */*, allow']
  expect(can(lines, 'applications rollback t/web')).toBe(true)
  expect(can(lines, 'applications rollback t/web', { subject: 'bob' })).toBe(false)
  expect(can(lines, 'applications rollback t/web', { rollbackIsSync: false })).toBe(false)
  expect(can(lines, 'applications rollback t/web', { subject: 'bob', rollbackIsSync: false })).toBe(true)
})

test.each([
  // Written for Argo CD: as before.
  [['sync allow'], 'sync/prune', true],
  [['* allow'], 'sync/force', true],
  [['sync allow', '*/* deny'], 'sync/prune', true],
  [['* allow', 'sync deny'], 'sync/prune', false],
  [['update allow', 'update/* deny'], 'update/sync-policy', true],
  [['update/* allow'], 'update/sync-policy', false],
  [['get allow'], 'sync/prune', false],
  // Parts by name.
  [['sync allow', 'sync/prune deny'], 'sync/prune', false],
  [['sync allow', 'sync/prune deny'], 'sync', true],
  [['sync allow', 'sync/prune deny'], 'sync/force', true],
  [['* allow', 'sync/* deny'], 'sync/replace', false],
  [['update/sync-policy allow'], 'update/sync-policy', true],
  [['update/sync-policy allow'], 'update', false],
  [['update/sync-policy allow', 'update deny'], 'update/sync-policy', true],
  [['update/sync-policy allow', '* deny'], 'update/sync-policy', false],
  [['update/sync-policy allow', 'update/sync-policy deny'], 'update/sync-policy', false],
  [['update allow', 'update/sync-policy deny'], 'update/sync-policy', false],
  [['update allow', 'update/sync-policy deny'], 'update', true],
])('with %j, %s is allowed: %s', (rules, action, expected) => {
  const lines = rules.map((rule) => `p, alice, applications, ${rule.split(' ')[0]}, t/*, ${rule.split(' ')[1]}`)
  expect(can(lines, `applications ${action} t/web`)).toBe(expected)
})

test('a part of sync is denied by its name in a regular expression too', () => {
  const lines = ['p, alice, applications, ^sync$, .*, allow', 'p, alice, applications, ^sync/prune$, t/.*, deny']
  const settings = { 'policy.matchMode': 'regex' }
  expect(can(lines, 'applications sync/prune t/web', { settings })).toBe(false)
  expect(can(lines, 'applications sync/prune u/web', { settings })).toBe(true)
})

test('a cluster is known by its server and by its name', () => {
  const objects = clusterObjects({ server: 'https://10.0.0.1', name: 'prod' }).join(' ')
  expect(can('p, alice, clusters, get, prod, allow', `clusters get ${objects}`)).toBe(true)
  expect(can('p, alice, clusters, get, https://10.0.0.1, allow', `clusters get ${objects}`)).toBe(true)
  expect(
    can(['p, alice, clusters, get, *, allow', 'p, alice, clusters, get, prod, deny'], `clusters get ${objects}`),
  ).toBe(false)
  const scoped = clusterObjects({ server: 'https://10.0.0.1', name: 'prod', project: 'team' }).join(' ')
  expect(can('p, alice, clusters, get, team/prod, allow', `clusters get ${scoped}`)).toBe(true)
  expect(can('p, alice, clusters, get, prod, allow', `clusters get ${scoped}`)).toBe(false)
  // A name that pretends to be in a project is no name.
  expect(clusterObjects({ server: 'https://10.0.0.1', name: 'team/prod' })).toEqual(['https://10.0.0.1'])
})

test('an application is written without its namespace when that is the control namespace', () => {
  const name = { project: 't', name: 'web', controlNamespace: 'argocd' }
  expect(applicationObject(name)).toBe('t/web')
  expect(applicationObject({ ...name, namespace: 'argocd' })).toBe('t/web')
  expect(applicationObject({ ...name, namespace: 'prod' })).toBe('t/prod/web')
})

const deployer = {
  name: 'deployer',
  policies: ['p, proj:team:deployer, applications, sync, team/*, allow'],
  groups: ['devs'],
}

test('the groups of a role have it in its project, and nowhere else', () => {
  const setting = { projects: [project('team', [deployer]), project('other', [])], groups: ['devs'] }
  expect(ask('', 'applications sync team/web', setting)).toMatchObject({
    allowed: true,
    role: 'proj:team:deployer',
    subject: 'devs',
  })
  expect(can('', 'projects get team', setting)).toBe(true)
  expect(can('', 'applications sync other/web', setting)).toBe(false)
  expect(can('', 'projects get other', setting)).toBe(false)
})

test('the token of a role has the role in its project; in others not even what a policy gives it there', () => {
  const lines = 'p, proj:team:deployer, applications, get, */*, allow'
  const setting = {
    projects: [project('team', [deployer]), project('other', [])],
    subject: 'proj:team:deployer',
    tokenProject: 'team',
  }
  expect(can(lines, 'applications sync team/web', setting)).toBe(true)
  expect(can(lines, 'applications get team/web', setting)).toBe(true)
  expect(can(lines, 'applications get other/web', setting)).toBe(false)
  const settings = { 'policy.default': 'role:readonly' }
  expect(can(lines, 'applications get other/web', { ...setting, settings })).toBe(true)
})

test.each([
  ['p, proj:team:evil, applications, *, other/*, allow', 'applications get other/web'],
  ['p, proj:team:evil, applications, *, */*, allow', 'applications get other/web'],
  ['p, proj:team:evil, applications, *, */*, allow', 'applications get team/web'],
  ['p, proj:team:evil, applications, *, {team,other}/*, allow', 'applications get other/web'],
  ['p, proj:other:admin, applications, *, team/*, allow', 'applications get team/web'],
  ['p, role:readonly, applications, *, team/*, allow', 'applications delete team/web'],
  ['p, alice, applications, *, team/*, allow', 'applications get team/web'],
  ['p, proj:team:evil, projects, update, team/*, allow', 'projects update team'],
  ['p, proj:team:evil, *, *, team/*, allow', 'accounts update alice'],
  ['g, alice, role:admin', 'clusters get https://a'],
  ['g, proj:team:evil, role:admin', 'applications delete team/web'],
  ['p, proj:team:evil, logs, get, team/x, allow\ng, alice, role:admin', 'applications delete team/web'],
  [
    'p, proj:team:evil, logs, get, team/x, allow\np, proj:team:evil, applications, *, */*, allow',
    'applications get team/web',
  ],
])('a role of a project cannot reach beyond it: %j', (policy, question) => {
  const projects = [project('team', [{ name: 'evil', policies: [policy], groups: ['alice'] }]), project('other', [])]
  for (const mode of ['glob', 'regex']) {
    const settings = { 'policy.matchMode': mode }
    expect(can('', question, { projects, settings, groups: ['alice'] })).toBe(false)
  }
})

test.each(['alice, role:admin', 'alice, role:admin\ng, alice', '"alice", role:admin', 'x\ng, alice, role:admin'])(
  'the name of a group does not become another line: %j',
  (group) => {
    const projects = [project('team', [{ name: 'evil', groups: [group] }])]
    expect(can('', 'applications delete team/web', { projects, groups: ['alice', group] })).toBe(false)
    expect(can('', 'projects get team', { projects, groups: ['alice'] })).toBe(false)
  },
)

test('the name of a role does not become another subject', () => {
  for (const name of ['x:y', 'x, projects, get, *, allow\ng, alice, role:admin', '']) {
    const projects = [project('team', [{ name, groups: ['alice'] }])]
    expect(can('', 'projects get team', { projects, groups: ['alice'] }), name).toBe(false)
  }
})

test('as a regular expression, a line of a project that would match elsewhere is heard in its project alone', () => {
  const policies = ['p, proj:team:dev, applications, get, team/.*|other/.*, allow']
  const projects = [project('team', [{ name: 'dev', policies, groups: ['devs'] }]), project('other', [])]
  const setting = { projects, groups: ['devs'], settings: { 'policy.matchMode': 'regex' } }
  expect(can('', 'applications get team/web', setting)).toBe(true)
  expect(can('', 'applications get other/web', setting)).toBe(false)
  // Unanchored, it would match this too.
  expect(can('', 'applications get myteam/web', setting)).toBe(false)
})

test('a request whose project is not that of its object belongs to none', () => {
  const projects = [project('team', [deployer])]
  const options = {
    inheritFineGrained: false,
    rollbackIsSync: true,
    project: (name: string) => projects.find((one) => one.metadata.name === name),
  }
  const enforcer = new Policy({}, options).enforcerFor({ groups: ['devs'] })
  const request = { resource: 'applications', action: 'sync', object: 'team/web' }
  expect(enforcer.may({ ...request, project: 'team' }).allowed).toBe(true)
  expect(enforcer.may({ ...request, project: 'other' }).allowed).toBe(false)
  expect(enforcer.may({ ...request, project: '' }).allowed).toBe(false)
})

test.each(['[z-a]', '[', '[abc'])('a pattern that cannot be read never allows, and always denies: %s', (pattern) => {
  const allow = `p, alice, applications, get, ${pattern}, allow`
  expect(can(allow, 'applications get t/web')).toBe(false)
  expect(
    can(
      ['p, alice, applications, get, */*, allow', `p, alice, applications, get, ${pattern}, deny`],
      'applications get t/web',
    ),
  ).toBe(false)
})

test('a name without end is not allowed anything', () => {
  expect(can('', `applications get t/${'x'.repeat(5000)}`, { subject: 'admin' })).toBe(false)
})

test('a list of a thousand applications costs far less than 10 ms', () => {
  const roles = Array.from({ length: 50 }, (_, at) => [
    `g, team-${at}, role:team-${at}`,
    `p, role:team-${at}, applications, *, team-${at}/*, allow`,
    `p, role:team-${at}, applications, delete, */prod-*, deny`,
  ])
  const projects = new Map(Array.from({ length: 50 }, (_, at) => [`team-${at}`, project(`team-${at}`, [deployer])]))
  const options = { inheritFineGrained: false, rollbackIsSync: true, project: (name: string) => projects.get(name) }
  const policy = new Policy({ 'policy.csv': roles.flat().join('\n') }, options)
  const subjects = { subject: 'alice', groups: ['team-1', 'team-2', 'team-3', 'unknown'] }
  const list = () => {
    const enforcer = policy.enforcerFor(subjects)
    let seen = 0
    for (let at = 0; at < 1000; at++) {
      const request = { resource: 'applications', action: 'get', object: `team-${at % 50}/app-${at}` }
      if (enforcer.may(request).allowed) seen++
    }
    return seen
  }
  expect(list()).toBe(60)
  const times = Array.from({ length: 20 }, () => {
    const started = performance.now()
    list()
    return performance.now() - started
  })
  expect(Math.min(...times)).toBeLessThan(10)
})

interface Item {
  project: string
  name: string
}

test('a standing question is answered as any other, however the policy of its project changes', () => {
  const projects = new Map<string, AppProject>()
  const policy = new Policy(
    { 'policy.csv': 'p, alice, applications, get, shop/public*, allow' },
    { inheritFineGrained: false, rollbackIsSync: true, project: (name) => projects.get(name) },
  )
  const items: Item[] = ['shop', 'team', 'a/b'].flatMap((of) =>
    ['public', 'web'].map((name) => ({ project: of, name })),
  )
  const question = {
    resource: 'applications',
    action: 'get',
    objectOf: (item: Item) => `${item.project}/${item.name}`,
    projectOf: (item: Item) => item.project,
  }
  const enforcer = policy.enforcerFor({ subject: 'alice', groups: [] })
  const seen = () => enforcer.allowedOf(items, question).map(question.objectOf)
  const asked = () =>
    items
      .filter((item) => enforcer.may({ ...question, object: question.objectOf(item), project: item.project }).allowed)
      .map(question.objectOf)
  const check = (expected: string[]) => {
    for (const _again of [1, 2]) expect(seen()).toEqual(expected)
    expect(asked()).toEqual(expected)
    expect(items.filter((item) => enforcer.mayOf(item, question)).map(question.objectOf)).toEqual(expected)
  }
  check(['shop/public'])
  const basis = enforcer.basisIn('team')
  const allowing = (line: string) => project('team', [{ name: 'dev', policies: [line], groups: ['alice'] }])
  projects.set('team', allowing('p, proj:team:dev, applications, get, team/*, allow'))
  check(['shop/public', 'team/public', 'team/web'])
  expect(enforcer.basisIn('team')).not.toBe(basis)
  expect(enforcer.basisIn('team')).toBe(enforcer.basisIn('team'))
  projects.set('team', allowing('p, proj:team:dev, applications, get, team/public, allow'))
  check(['shop/public', 'team/public'])
  projects.delete('team')
  check(['shop/public'])
  expect(enforcer.basisIn('team')).toBe(basis)
})
