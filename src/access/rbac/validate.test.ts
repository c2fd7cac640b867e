import { expect, test } from 'vitest'
import { validatePolicy } from './validate.ts'

const told = (settings: Record<string, string>) =>
  validatePolicy(settings).map(({ place, message, level }) => `${place.source}:${place.number} ${level}: ${message}`)

test('a policy without faults has no problems', () => {
  const csv = [
    'p, role:dev, applications, *, team/*, allow',
    'p, role:dev, applications, delete/*/Pod/*/*, team/*, deny',
    'p, role:dev, applications, sync/prune, team/*, deny',
    'p, role:dev, clusters, get, prod, allow',
    'g, devs, role:dev',
    'g, ops, proj:team:deployer',
    'g, role:dev, role:readonly',
  ].join('\n')
  expect(told({ 'policy.csv': csv, 'policy.default': 'role:readonly', 'policy.matchMode': 'glob' })).toEqual([])
})

test('faults and doubts are told by line, in the order of the policy', () => {
  const settings = {
    'policy.csv': [
      'p, role:dev, aplications, get, */*, allow',
      'p, role:dev, applications, sink, */*, allow',
      'p, role:dev, applications, get, web, allow',
      'p, role:dev , logs, get, */*, allow',
      'g, devs, role:devs',
      'p, role:dev, logs, get',
    ].join('\n'),
    'policy.a.csv': 'p, role:dev, logs, get, [z-a], deny',
    'policy.default': 'role:non',
    'policy.matchMode': 'exact',
  }
  const problems = told(settings)
  const expected = [
    /^policy.csv:1 warning: there is no resource "aplications"/,
    /^policy.csv:2 warning: applications have no action "sink"/,
    /^policy.csv:3 warning: it matches nothing: an object of applications is <project>\/<name>/,
    /^policy.csv:4 warning: "role:dev " ends with a space/,
    /^policy.csv:6 error: a line with p has 6 fields/,
    /^policy.a.csv:1 error: the object "\[z-a\]" is no glob: .* it is taken to match everything/,
    /^policy.csv:5 warning: no line says what "role:devs" may do/,
    /^policy.matchMode:1 warning: it is glob or regex/,
    /^policy.default:1 warning: no line says what "role:non" may do/,
  ]
  expect(problems).toHaveLength(expected.length)
  for (const [at, pattern] of expected.entries()) expect(problems[at]).toMatch(pattern)
})

test('a glob in a policy of regular expressions is told with what to write', () => {
  const [problem] = told({ 'policy.csv': 'p, a, applications, *, t/.*, allow', 'policy.matchMode': 'regex' })
  expect(problem).toMatch(
    /the action "\*" is no regex: .* the line grants nothing. In regular expressions .\* stands for anything/,
  )
})
