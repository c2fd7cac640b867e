import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Policy } from './policy.ts'
import { readPolicyLines } from './policy-line.ts'

function fieldsOf(line: string): unknown {
  const { permissions, grants, problems } = readPolicyLines(line, 'policy.csv')
  const [permission] = permissions
  if (permission) {
    const { subject, resource, action, object, effect } = permission
    return [subject, resource, action, object, effect]
  }
  return grants[0] ? [grants[0].subject, grants[0].role] : problems[0]?.message
}

test.each([
  ['p, alice, applications, get, */*, allow', ['alice', 'applications', 'get', '*/*', 'allow']],
  ['  p,alice,applications,get,*/*,deny  ', ['alice', 'applications', 'get', '*/*', 'deny']],
  ['p, "CN=a,OU=b", clusters, get, *, allow', ['CN=a,OU=b', 'clusters', 'get', '*', 'allow']],
  ['g, "say ""hi""", role:x', ['say "hi"', 'role:x']],
  ['p, alice , applications, get, */*, allow', ['alice ', 'applications', 'get', '*/*', 'allow']],
  ['g, alice, role:x\r', ['alice', 'role:x']],
  ['# p, alice, applications, get, */*, allow', undefined],
  ['', undefined],
  [
    'p, alice, applications, get, */*',
    'a line with p has 6 fields: p, <subject>, <resource>, <action>, <object>, allow or deny',
  ],
  ['p, alice, applications, get, */*, Allow', 'its effect is allow or deny, not "Allow"'],
  ['g, alice', 'a line with g has 3 fields: g, <user or group>, <role>'],
  ['g, alice, role:x, more', 'a line with g has 3 fields: g, <user or group>, <role>'],
  ['p, , applications, get, */*, allow', 'its subject is empty'],
  ['g, , role:admin', 'a field of it is empty'],
  ['p2, alice, applications, get, */*, allow', 'a line begins with p (a permission) or g (who has a role)'],
  ['g, al"ice, role:x', 'a quote in it stands inside a field, or is not closed'],
  ['g, "alice, role:x', 'a quote in it stands inside a field, or is not closed'],
  ['g, "alice" , role:x', 'a quote in it stands inside a field, or is not closed'],
])('%j is read as %j', (line, expected) => {
  expect(fieldsOf(line)).toEqual(expected)
})

test('a line that cannot be read is told with its place, and the others hold', () => {
  const csv = '# team\np, alice, applications\n\ng, alice, role:readonly'
  const { problems, grants } = readPolicyLines(csv, 'policy.team.csv')
  expect(problems.map(({ place }) => place)).toEqual([
    { text: 'p, alice, applications', source: 'policy.team.csv', number: 2 },
  ])
  expect(grants.map(({ place }) => place.number)).toEqual([4])
})

test('no text crashes the reader, and none that names nobody lets somebody in', () => {
  const word = fc.constantFrom('p', 'g', ',', ' ', '"', '\n', '#', 'x', '*', 'allow', 'deny', '[', '{', '\\', '')
  const csv = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word).map((words) => words.join('')),
  )
  fc.assert(
    fc.property(csv, fc.constantFrom('glob', 'regex'), (text, mode) => {
      const settings = { 'policy.csv': text, 'policy.matchMode': mode, scopes: text, 'policy.default': '' }
      const policy = new Policy(settings, { inheritFineGrained: true, rollbackIsSync: true, project: () => undefined })
      const enforcer = policy.enforcerFor({ subject: 'mallory', groups: ['nobody'] })
      expect(enforcer.may({ resource: 'applications', action: 'delete', object: 'a/b' })).toEqual({ allowed: false })
    }),
    { numRuns: 2000 },
  )
})
