import { expect, test } from 'vitest'
import { type Logins, noLogins, withLogin } from './logins.ts'
import { baseOf, placeOf, readAddress } from './place.ts'

const flags = { namespace: 'argocd' }
const logins: Logins = withLogin(
  withLogin(noLogins, {
    name: 'far',
    server: { server: 'far.example.com' },
    user: { name: 'far', 'auth-token': 'of far' },
  }),
  {
    name: 'near',
    server: { server: 'near.example.com', insecure: true },
    user: { name: 'near', 'auth-token': 'of near' },
  },
)
const known = { env: {}, logins }
const nothing = { env: {}, logins: noLogins }

test('without a server and without a login it is the cluster', () => {
  expect(placeOf(flags, nothing)).toEqual({ kind: 'cluster' })
})

test('a login in use is gone to, unless the cluster is asked for', () => {
  expect(placeOf(flags, known)).toMatchObject({
    kind: 'server',
    entry: { server: 'near.example.com' },
    token: 'of near',
  })
  expect(placeOf({ ...flags, argocdContext: 'far' }, known)).toMatchObject({ token: 'of far' })
  for (const straight of [{ core: true }, { kubeconfig: 'file' }, { context: 'kind' }, { kubeContext: 'kind' }]) {
    expect(placeOf({ ...flags, ...straight }, known)).toEqual({ kind: 'cluster' })
  }
})

test('what is named comes before the environment, and that before the login', () => {
  const env = { TIPHYS_SERVER: 'first.example.com', ARGOCD_SERVER: 'second.example.com', ARGOCD_AUTH_TOKEN: 'given' }
  expect(placeOf({ ...flags, server: 'far.example.com' }, { env, logins })).toMatchObject({
    entry: { server: 'far.example.com' },
    token: 'given',
  })
  expect(placeOf(flags, { env, logins })).toMatchObject({ entry: { server: 'first.example.com' } })
})

test('the token of a login goes to no other server', () => {
  expect(placeOf({ ...flags, server: 'other.example.com' }, known)).not.toHaveProperty('token')
  expect(placeOf({ ...flags, server: 'https://far.example.com/' }, known)).toMatchObject({ token: 'of far' })
})

test('two ways at once are a mistake, and so is a login that is not there', () => {
  expect(() => placeOf({ ...flags, server: 'a', kubeContext: 'b' }, known)).toThrow(/--kube-context straight/)
  expect(() => placeOf({ ...flags, argocdContext: 'gone' }, known)).toThrow(/there are: far, near/)
  expect(() => placeOf({ ...flags, portForward: true }, known)).toThrow(/kubectl port-forward/)
})

test('a login without a server is the cluster', () => {
  const core = withLogin(noLogins, { name: 'k', server: { server: 'kubernetes', core: true }, user: { name: 'k' } })
  expect(placeOf(flags, { env: {}, logins: core })).toEqual({ kind: 'cluster' })
})

test.each([
  ['tiphys.example.com', 'https://tiphys.example.com'],
  ['tiphys.example.com:8443/', 'https://tiphys.example.com:8443'],
  ['https://example.com/tiphys', 'https://example.com/tiphys'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
])('%s is %s', (text, base) => {
  expect(baseOf(readAddress(text))).toBe(base)
})

test.each(['', 'ftp://example.com', 'ann@example.com', 'a b', 'example.com?x=1'])('%j is no address', (text) => {
  expect(() => readAddress(text)).toThrow(/no address/)
})

test('a path may stand in front of the API', () => {
  expect(baseOf({ server: 'example.com', 'grpc-web-root-path': '/tiphys/' })).toBe('https://example.com/tiphys')
})
