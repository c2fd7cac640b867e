/** What the documentation of expr-lang says of its functions, and that none of them can be made to take too much. */
import { expect, test } from 'vitest'
import { GoTime, templateFunction } from '../../template/index.ts'
import { Expression } from './expression.ts'

const people = [
  { name: 'Ann', age: 30n },
  { name: 'Bob', age: 25n },
  { name: 'Cid', age: 30n },
]
const clock = templateFunction([], () => GoTime.at(Date.UTC(2024, 0, 1)))
const evaluated = (source: string) => new Expression(source).evaluate({ people, time: { Now: clock }, 'a b': 1n })

test.for([
  // Strings.
  'trim("  Hello  ") == "Hello" and trim("__Hello__", "_") == "Hello" and trim("___", "_") == ""',
  'trimPrefix("HelloWorld", "Hello") == "World" and trimSuffix("HelloWorld", "World") == "Hello"',
  'split("apple,orange,grape", ",", 2) == ["apple", "orange,grape"]',
  'splitAfter("apple,orange,grape", ",") == ["apple,", "orange,", "grape"]',
  'splitAfter("apple,orange,grape", ",", 2) == ["apple,", "orange,grape"]',
  'replace("Hello World", "World", "Universe") == "Hello Universe" and replace("aaa", "a", "b", 2) == "bba"',
  'repeat("Hi", 3) == "HiHiHi"',
  'indexOf("apple pie", "pie") == 6 and lastIndexOf("apple pie apple", "apple") == 10 and indexOf("üx", "x") == 2',
  'hasPrefix("HelloWorld", "Hello") and hasSuffix("HelloWorld", "World")',
  // Times.
  'now().Year() == 2024 and now() == time.Now()',
  'duration("1h").Seconds() == 3600',
  'date("2023-08-14").Year() == 2023 and date("15:04:05").Hour() == 15 and date("2023-08-14 10:00:00").Hour() == 10',
  'date("2023-08-14T00:00:00Z") == date("14/08/2023", "02/01/2006")',
  'date("Mon, 14 Aug 2023 00:00:00 UTC") == date("2023-08-14") and date("14 Aug 23 00:00 UTC") == date("2023-08-14")',
  'date("2023-08-14 00:00:00", "2006-01-02 15:04:05", "Europe/Zurich") == date("2023-08-13T22:00:00Z")',
  'date("2023-03-26 03:30:00", "2006-01-02 15:04:05", "Europe/Zurich") == date("2023-03-26T01:30:00Z")',
  'date("2023-08-14") + duration("1h") < now() and now() - date("2023-12-31") == duration("24h")',
  // Numbers.
  'max(5, 7) == 7 and min([5, [3, 7]]) == 3 and abs(-5) == 5',
  'ceil(1.5) == 2.0 and floor(1.5) == 1.0 and round(1.5) == 2.0 and round(-1.5) == -2.0',
  'mean([1, 2, 3]) == 2.0 and median([3, 1, 2]) == 2.0 and median([4, 1, 2, 3]) == 2.5 and mean([]) == 0',
  'bitand(0b1010, 0b1100) == 0b1000 and bitor(0b1010, 0b1100) == 0b1110 and bitxor(0b1010, 0b1100) == 0b110',
  'bitnand(0b1010, 0b1100) == 0b10 and bitnot(0b1010) == -0b1011 and bitshl(0b101101, 2) == 0b10110100',
  'bitshr(0b101101, 2) == 0b1011 and bitushr(-0b101, 2) == 4611686018427387902 and 0o52 == 42',
  // Lists.
  'find([1, 2, 3, 4], # > 2) == 3 and findIndex([1, 2, 3, 4], # > 2) == 2',
  'findLast([1, 2, 3, 4], # > 2) == 4 and findLastIndex([1, 2, 3, 4], # > 2) == 3',
  'groupBy(people, .age)["30"] | map(.name) == ["Ann", "Cid"]',
  'count(people, .age > 26) == 2 and count([true, false, true]) == 2',
  'concat([1, 2], [3, 4]) == [1, 2, 3, 4] and flatten([1, 2, [3, [4]]]) == [1, 2, 3, 4]',
  'uniq([1, 2, 3, 2, 1]) == [1, 2, 3] and join(["apple", "orange"], ",") == "apple,orange"',
  'reduce(1..9, #acc + #) == 45 and reduce(1..9, #acc + #, 5) == 50 and reduce([5, 5], #acc + #index, 0) == 1',
  'sum([1, 2, 3]) == 6 and sum(people, .age) == 85',
  'first([1, 2]) == 1 and last([1, 2]) == 2 and take([1, 2, 3, 4], 2) == [1, 2] and reverse([3, 1]) == [1, 3]',
  'sort([3, 1, 4]) == [1, 3, 4] and sort([3, 1, 4], "desc") == [4, 3, 1] and sort(["b", "a"]) == ["a", "b"]',
  'map(sortBy(people, .age), .name) == ["Bob", "Ann", "Cid"]',
  'map(sortBy(people, {.age}, "desc"), .name) == ["Ann", "Cid", "Bob"]',
  'filter([7, 8, 9], #index > 0) == [8, 9]',
  // Maps and conversions.
  'keys({"name": "John", "age": 30}) == ["name", "age"] and values({"a": 1}) == [1]',
  'toPairs({"name": "John", "age": 30}) == [["name", "John"], ["age", 30]]',
  'fromPairs([["name", "John"], ["age", 30]]) == {"name": "John", "age": 30}',
  'type(42) == "int" and type("hello") == "string" and type(now()) == "time.Time" and type(true) == "bool"',
  'int("123") == 123 and float("123.45") == 123.45 and string(123) == "123" and string("a") == "a"',
  'toJSON({"b": [1], "a": "<"}) == "{\\n  \\"a\\": \\"\\\\u003c\\",\\n  \\"b\\": [\\n    1\\n  ]\\n}"',
  'fromJSON(\'{"name": "John", "age": 30}\').age == 30',
  'toBase64("Hello World") == "SGVsbG8gV29ybGQ=" and fromBase64("SGVsbG8gV29ybGQ=") == "Hello World"',
  // The language.
  'let x = 42; let y = 2; x * y == 84',
  'filter(people, {let one = #; any(people, .name != one.name and .age == one.age)}) | map(.name) == ["Ann", "Cid"]',
  'if 1 > 2 { false } else if (2 > 1) { let a = true; a } else { false }',
  '$env["a b"] == 1 and "people" in $env and not ("nobody" in $env)',
  '1; 2; true',
])('%s', (source) => {
  expect(evaluated(source)).toBe(true)
})

test.for([
  ['duration("soon")', 'no duration'],
  ['date("tomorrow")', 'is no date'],
  ['date("2023-08-14", "2006-01-02", "Middle/Earth")', 'the time zone "Middle/Earth" is not known'],
  ['sort([1, "a"])', '< is not defined for'],
  ['sort([1], "up")', 'the order is asc or desc'],
  ['reduce([], #acc + #)', 'an empty array'],
  ['fromJSON("{")', 'the text is no JSON'],
  ['fromBase64("?")', 'the text is no base64'],
  ['bitshl(1, -1)', 'not shifted by -1'],
  ['repeat("a", -1)', 'less than no time'],
])('%s fails: %s', ([source = '', message = '']) => {
  expect(() => evaluated(source)).toThrow(message)
})

const doubled = (start: string, twice: (name: string) => string) => {
  const steps = Array.from({ length: 60 }, (_, at) => `let a${at + 1} = ${twice(`a${at}`)}; `)
  return `let a0 = ${start}; ${steps.join('')}`
}
const nested = doubled('[1, 1]', (name) => `[${name}, ${name}]`)

test.for([
  `${doubled('"x"', (name) => `${name} + ${name}`)}true`,
  `${doubled('[1]', (name) => `concat(${name}, ${name})`)}true`,
  `${doubled('"x"', (name) => `join([${name}, ${name}])`)}true`,
  'reduce(1..1000, concat(#acc, #acc), [1])',
  'reduce(1..1000, #acc + #acc, "x")',
  `${nested}string(a60)`,
  `${nested}toJSON(a60)`,
  `${nested}flatten(a60)`,
  `${nested}max(a60)`,
  `${nested}a60 == map([a60], [#[0], [a59[0], a59[1]]])[0]`,
  'join(map(1..100000, repeat("x", 1000)))',
  'len(bitshl(1, 64) .. 9000000000)',
  'uniq(1..100000)',
  'toBase64(repeat("x", 1000000))',
])('%s takes too much, and ends with an error', (source) => {
  expect(() => evaluated(source)).toThrow(/takes more than|makes more than|nested more than/)
})
