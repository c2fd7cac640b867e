import { expect, test } from 'vitest'
import type { AppProject, AppProjectSpec } from '../../model/index.ts'
import { validateProject } from './validate-project.ts'
import { normalisePolicies } from './validate-roles.ts'

function project(spec: AppProjectSpec, name = 'shop'): AppProject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name }, spec }
}

const role = (policy: string) => ({ roles: [{ name: 'ci', policies: [policy] }] })
const window = { kind: 'allow', schedule: '0 22 * * *', duration: '8h', applications: ['*'] }

test('a project that uses all of it is fine', () => {
  const spec: AppProjectSpec = {
    sourceRepos: ['*', '!https://x'],
    destinations: [
      { server: '*', namespace: 'a' },
      { name: 'in-cluster', namespace: 'a' },
    ],
    roles: [
      {
        name: 'ci',
        groups: ['team', '"a, b"'],
        policies: [
          'p, proj:shop:ci, applications, action/apps/Deployment/restart, shop/*, allow',
          'p, proj:shop:ci, applicationsets, get, shop/team-a/web, deny',
          'p, proj:shop:ci, logs, get, shop/web, allow',
        ],
      },
    ],
    syncWindows: [window, { ...window, timeZone: 'Europe/Berlin' }],
    destinationServiceAccounts: [{ server: '*', namespace: '*', defaultServiceAccount: 'deployer' }],
  }
  expect(() => validateProject(project(spec))).not.toThrow()
})

test.each<[string, AppProjectSpec, RegExp]>([
  [
    'a policy about another project',
    role('p, proj:other:ci, applications, get, shop/*, allow'),
    /has to be proj:shop:ci/,
  ],
  [
    'a policy about another role',
    role('p, proj:shop:admin, applications, get, shop/*, allow'),
    /has to be proj:shop:ci/,
  ],
  ['a policy for objects of another project', role('p, proj:shop:ci, applications, get, other/*, allow'), /its object/],
  ['a policy for objects of all projects', role('p, proj:shop:ci, applications, get, */*, allow'), /its object/],
  ['a policy that goes up', role('p, proj:shop:ci, applications, get, shop/a/b/c, allow'), /its object/],
  ['a policy for projects', role('p, proj:shop:ci, projects, update, shop/*, allow'), /its resource/],
  ['a policy with two lines', role('p, proj:shop:ci, logs, get, shop/*, allow\ng, eve, role:admin'), /several lines/],
  ['a grant in place of a policy', role('g, eve, role:admin'), /has to read/],
  ['an unknown action', role('p, proj:shop:ci, applications, fly, shop/*, allow'), /action fly/],
  ['an unknown effect', role('p, proj:shop:ci, applications, get, shop/*, maybe'), /allow or deny/],
  ['a role with blanks', { roles: [{ name: 'a b' }] }, /role name/],
  ['a group with a comma', { roles: [{ name: 'ci', groups: ['a, b'] }] }, /double quotes/],
  ['an empty group', { roles: [{ name: 'ci', groups: [''] }] }, /is empty/],
  ['a window twice', { syncWindows: [window, { ...window, manualSync: true, timeZone: 'UTC' }] }, /is there twice/],
  ['a window of no kind', { syncWindows: [{ ...window, kind: 'maybe' }] }, /neither allow nor deny/],
  ['a window without a duration', { syncWindows: [{ ...window, duration: '' }] }, /duration/],
  [
    'a service account in another namespace',
    { destinationServiceAccounts: [{ defaultServiceAccount: 'a/*' }] },
    /no name of/,
  ],
  ['a destination twice', { destinations: [{ server: 'a' }, { server: 'a', namespace: '' }] }, /is there twice/],
])('%s is refused', (_, spec, message) => {
  expect(() => validateProject(project(spec))).toThrow(message)
})

test('a name that no object can have is refused', () => {
  expect(() => validateProject(project({}, '../x'))).toThrow(/none that Kubernetes permits/)
})

test('policies are stored with one blank after each comma', () => {
  const [normal] = normalisePolicies([{ name: 'ci', policies: ['p,proj:shop:ci,  logs,get,shop/*,allow'] }])
  expect(normal?.policies).toEqual(['p, proj:shop:ci, logs, get, shop/*, allow'])
})
