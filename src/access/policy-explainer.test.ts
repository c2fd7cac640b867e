import { expect, test } from 'vitest'
import type { AppProject } from '../model/index.ts'
import type { Caller } from './caller.ts'
import { PolicyExplainer } from './policy-explainer.ts'
import { type Given, openInstallation } from './test-installation.ts'

const team = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'team' },
  spec: {
    roles: [
      {
        name: 'ci',
        groups: ['builders'],
        policies: ['p, proj:team:ci, applications, sync, team/*, allow', 'p, proj:team:ci, accounts, get, *, allow'],
      },
    ],
  },
} as AppProject

const policy = {
  'policy.csv': [
    '# who is here',
    'p, role:dev, applications, get, */*, allow',
    'g, devs, role:dev',
    'p, alice, applications, rollback, team/*, allow',
  ].join('\n'),
}

async function explainer(given: Given = {}) {
  const { access } = await openInstallation({ policy, projects: [team], ...given })
  return new PolicyExplainer(access)
}

function account(name: string): Caller {
  return { kind: 'account', name, issuer: 'argocd', groups: [], subjects: { subject: name, groups: [] } }
}
const admin = account('admin')

test('the line that decides is told with where it stands, for a user with groups', async () => {
  const question = { resource: 'applications', action: 'get', object: 'team/web' }
  const one = await explainer()
  expect(one.explain(admin, { subject: 'bob', groups: ['devs'], ...question }, 'argocd')).toEqual({
    allowed: true,
    line: { text: 'p, role:dev, applications, get, */*, allow', source: 'policy.csv', number: 2 },
    role: 'role:dev',
    subject: 'devs',
  })
  expect(one.explain(admin, { subject: 'bob', ...question }, 'argocd')).toEqual({ allowed: false })
})

test('the role of a project is heard in its project, and its tokens nowhere else', async () => {
  const one = await explainer()
  const ask = (subject: string, groups: string[], object: string) =>
    one.explain(admin, { subject, groups, resource: 'applications', action: 'sync', object }, 'argocd')
  expect(ask('bob', ['builders'], 'team/web')).toMatchObject({
    allowed: true,
    line: { source: 'project team, role ci', number: 1 },
  })
  expect(ask('proj:team:ci', [], 'team/argocd/web').allowed).toBe(true)
  expect(ask('proj:team:ci', [], 'other/web')).toEqual({ allowed: false })
})

test('the switches of the installation are in force', async () => {
  const question = { subject: 'alice', resource: 'applications', action: 'rollback', object: 'team/web' }
  const usual = await explainer()
  expect(usual.explain(admin, question, 'argocd').allowed).toBe(false)
  const apart = await explainer({ settings: { 'server.rbac.rollback.enforce.enable': 'true' } })
  expect(apart.explain(admin, question, 'argocd')).toMatchObject({ allowed: true, line: { number: 4 } })
})

test('everybody may ask about themselves, and only who may see all accounts about others', async () => {
  const one = await explainer()
  const question = { resource: 'applications', action: 'get', object: 'team/web' }
  const alice = account('alice')
  expect(one.explain(alice, question, 'argocd')).toEqual({ allowed: false })
  expect(one.explain(alice, { ...question, subject: 'alice' }, 'argocd')).toEqual({ allowed: false })
  // With groups it would be somebody else.
  for (const other of [{ subject: 'bob' }, { subject: 'alice', groups: ['devs'] }]) {
    expect(() => one.explain(alice, { ...question, ...other }, 'argocd')).toThrow('permission denied')
  }
})

test('words that no policy knows are refused', async () => {
  const one = await explainer()
  const question = { resource: 'applications', action: 'get', object: '*' }
  expect(() => one.explain(admin, { ...question, resource: 'planets' }, 'argocd')).toThrow('planets')
  expect(() => one.explain(admin, { ...question, action: 'eat' }, 'argocd')).toThrow('eat')
})

test('problems of the policy and of projects are told', async () => {
  const one = await explainer({ policy: { 'policy.csv': 'p, alice, planets, get, *, allow\nnonsense' } })
  expect(one.state([team])).toMatchObject({
    problems: [
      { place: { source: 'policy.csv', number: 1 }, level: 'warning' },
      { place: { source: 'policy.csv', number: 2 }, level: 'error' },
      { place: { source: 'project team, role ci', number: 2 }, level: 'error' },
    ],
    defaultRole: '',
    matchMode: 'glob',
    scopes: ['groups'],
  })
})
