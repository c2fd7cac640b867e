import { expect, test } from 'vitest'
import { GoTime, parseTime, templateFunction, withIntegers } from '../../template/index.ts'
import { Expression } from './expression.ts'

const rfc3339 = '2006-01-02T15:04:05Z07:00'
const variables = {
  app: withIntegers({
    metadata: { name: 'shop', labels: { tier: 'web' } },
    status: {
      health: { status: 'Healthy' },
      sync: { revision: 'abc' },
      conditions: [
        { type: 'A', n: 1 },
        { type: 'B', n: 2 },
      ],
    },
    empty: null,
  }) as Record<string, unknown>,
  time: {
    Parse: templateFunction(['string'], (text: string) => parseTime(rfc3339, text)),
    Now: templateFunction([], () => GoTime.at(Date.UTC(2024, 0, 1))),
  },
}

test.for([
  ["app.status.health.status == 'Healthy'", true],
  ["app.status.operationState != nil and app.status.operationState.phase in ['Succeeded']", false],
  ['app.status.operationState?.syncResult?.revision', null],
  ["app.status.operationState?.syncResult.revision ?? 'none'", 'none'],
  ["app?.metadata?.['name']", 'shop'],
  ["app.status.health.status in ['Degraded', 'Healthy'] && !false", true],
  ["'x' not in ['y'] and not ('a' in ['a'])", false],
  ["app.metadata.name matches '^s.*p$' or false", true],
  ["app.metadata.name contains 'ho' and app.metadata.name startsWith 's' and app.metadata.name endsWith 'p'", true],
  ["'tier' in app.metadata.labels ? 'yes' : 'no'", 'yes'],
  ["app.metadata.labels['tier']", 'web'],
  ["any(app.status.conditions, {.type == 'B'})", true],
  ['all(app.status.conditions, #.n > 1)', false],
  ['none(app.status.conditions, .n > 5)', true],
  ['one(app.status.conditions, {.n == 1})', true],
  ['count(app.status.conditions, {.n >= 1})', 2n],
  ['map(filter(app.status.conditions, {.n > 1}), {.type})', ['B']],
  ['app.status.conditions | filter(.n > 1) | len()', 1n],
  ['len(app.status.conditions) + 1', 3n],
  ['1 + 2 * 3 - 4 / 2', 5],
  ['2 ** 3 ** 2', 512],
  ['7 % 3 == 1', true],
  ['(1..3)[1]', 2n],
  ["{a: 1, 'b': [2, 3]}.b[-1]", 3n],
  ['"abc"[1:]', 'bc'],
  ['"a\\n\\"b" + `c`', 'a\n"bc'],
  ['1 < 2 and 2.5 >= 2 and "a" < "b"', true],
  ["time.Now().Sub(time.Parse('2023-12-31T23:00:00Z')).Minutes() >= 60", true],
  ["time.Parse('2024-01-01T00:00:00Z').Before(time.Now())", false],
  ["string(time.Now() - time.Parse('2023-12-31T00:00:00Z'))", '24h0m0s'],
  ['true', true],
  ['nil == app.empty', true],
  ["upper(trim(' a ')) + join(split('a,b', ','), '-')", 'Aa-b'],
])('%s is %s', ([source, expected]) => {
  expect(new Expression(source as string).evaluate(variables)).toEqual(expected)
})

test.for([
  ['app.status.operationState.phase', 'cannot fetch phase from nil'],
  ['1 and true', 'true or false is needed, not int'],
  ["'a' < 1", '< is not defined for string and int'],
  ['app.metadata.name()', 'string is not a function'],
  ['#', '# stands for an element only within a function such as any'],
])('%s fails: %s', ([source, message]) => {
  expect(() => new Expression(source ?? '').evaluate(variables)).toThrow(message)
})

test.for(['1 +', "'open", '(1', '[1 2]', '@', 'a b'])('%s is no expression', (source) => {
  expect(() => new Expression(source)).toThrow()
})

test('an expression that takes too much ends with an error', () => {
  expect(() => new Expression('len(1..9000000000)').evaluate({})).toThrow(/takes more than/)
  expect(() => new Expression("repeat('x', 9000000000)").evaluate({})).toThrow(/makes more than/)
  expect(() => new Expression('all(1..500, any(1..500, # > 1000 or all(1..500, true)))').evaluate({})).toThrow(
    /takes more than/,
  )
  expect(() => new Expression(`${'('.repeat(5000)}1${')'.repeat(4999)}`)).toThrow(/nested/)
})

test('nothing inherited is reached', () => {
  expect(new Expression("app.constructor ?? 'none'").evaluate(variables)).toBe('none')
  expect(new Expression("toString ?? 'none'").evaluate(variables)).toBe('none')
})

test('it is known whether time alone may change the outcome', () => {
  const follows = (source: string) => new Expression(source).followsTime
  for (const source of ['time.Now().Hour() > 3', 'app.a == 1 or [time][0].Now() != nil', "time['Now']().Hour() > 3"]) {
    expect(follows(source), source).toBe(true)
  }
  for (const source of ["time.Parse('2024-01-01T00:00:00Z').Year() == 1", 'app.time.Now == 1', "'time' == 'now'"]) {
    expect(follows(source), source).toBe(false)
  }
})
