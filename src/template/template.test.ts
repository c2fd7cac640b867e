import { expect, test } from 'vitest'
import { compileTemplate, TemplateError, templateFunction, withIntegers } from './index.ts'

const render = (text: string, data: unknown = {}): string => compileTemplate(text).render(data)

function failure(work: () => unknown): TemplateError {
  try {
    work()
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error('it did not fail')
}

test.for([
  ['a recursion', '{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}'],
  ['a loop of a loop', '{{ range until 5000 }}{{ range until 5000 }}{{ range until 5000 }}{{ end }}{{ end }}{{ end }}'],
  ['a loop without end', '{{ range 9000000000000000000 }}{{ end }}'],
  ['until', '{{ until 9000000000000000000 | len }}'],
  ['repeat', '{{ repeat 9000000000000 "x" | len }}'],
  ['a text that doubles', '{{ $x := "xxxxxxxx" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}'],
  ['a list that doubles', '{{ $x := list 1 }}{{ range 100 }}{{ $x = concat $x $x }}{{ end }}'],
  ['a dict of itself', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}'],
  ['lists that share', '{{ $x := list 1 }}{{ range 100 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}'],
  ['a wide number', '{{ printf "%999999999d" 1 }}'],
  ['indentation', '{{ indent 100000000 "a" }}'],
  ['replacement', '{{ $x := repeat 3000 "a" }}{{ replace "a" $x $x }}'],
  ['a pattern', '{{ regexMatch "(a?){500}c" (repeat 20000 "a") }}'],
  ['a replacement by pattern', '{{ $x := repeat 3000 "a" }}{{ regexReplaceAll "a" $x $x }}'],
  ['random text', '{{ randAlphaNum 900000000 }}'],
])('%s that takes too much ends with an error', ([, text]) => {
  const error = failure(() => render(text ?? ''))
  expect(error.isLimit).toBe(true)
  expect(error.message).toMatch(/^template: template:1:\d+: the template (takes|makes|is nested)/)
})

test('a template that is nested too deeply is refused before it is read to the end', () => {
  expect(failure(() => compileTemplate(`{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`)).message).toMatch(
    /more than/,
  )
  expect(failure(() => compileTemplate('{{ if true }}'.repeat(50_000))).message).toMatch(/more than/)
})

test('a pattern that takes exponential time elsewhere is searched for in step with the text', () => {
  const before = performance.now()
  expect(render('{{ regexMatch "^(a+)+$" . }}', `${'a'.repeat(2000)}b`)).toBe('false')
  expect(performance.now() - before).toBeLessThan(2000)
})

test('what is missing is <no value>, or an error when it shall be', () => {
  expect(render('{{ .a }} {{ .a.b }}')).toBe('<no value> <no value>')
  expect(render('{{ .a }}', { a: null })).toBe('<no value>')
  const strict = compileTemplate('{{ .a }}', { missingKey: 'error' })
  expect(failure(() => strict.render({})).message).toBe('template: template:1:3: map has no entry for key "a"')
  expect(failure(() => render('{{ .a.b }}', { a: null })).message).toMatch(/nil pointer evaluating interface \{\}\.b/)
})

test.for([
  ['{{ nope }}', 'template: template:1:3: function "nope" not defined'],
  ['{{ $x }}', 'template: template:1:3: undefined variable "$x"'],
  ['a\n{{ if }}', 'template: template:2:6: missing value for if'],
  ['{{ if true }}', 'template: template:1:13: unexpected EOF: {{end}} is missing'],
  ['{{ end }}', 'template: template:1:3: unexpected {{end}}'],
  ['{{ break }}', 'template: template:1:3: {{break}} outside {{range}}'],
  ['{{ "a }}', 'template: template:1:3: unterminated quoted string before }}'],
  ['{{ . ', 'template: template:1:0: unclosed action'],
  ['{{/* x', 'template: template:1:2: unclosed comment'],
  ['{{ 1 | 2 }}', 'template: template:1:7: non executable command in pipeline stage 2'],
  ['{{ 1 2 }}', "template: template:1:3: can't give argument to non-function"],
  ['{{ nil }}', 'template: template:1:3: nil is not a command'],
  ['{{ template "x" }}', 'template: template:1:3: template "x" not defined'],
  ['{{ upper 1 }}', 'template: template:1:3: wrong type for value; expected string; got int'],
  ['{{ upper }}', 'template: template:1:3: wrong number of args for upper: want 1 got 0'],
  ['{{ eq 1 1.0 }}', 'template: template:1:3: error calling eq: incompatible types for comparison'],
  ['{{ index (list 1) 5 }}', 'template: template:1:10: error calling index: index out of range: 5'],
  ['{{ fail "no" }}', 'template: template:1:3: error calling fail: no'],
  ['{{ regexFind "(?<=a)b" "ab" }}', /error parsing regexp/],
  ['{{ range "text" }}{{ end }}', "template: template:1:9: range can't iterate over text"],
])('%s fails with where and why', ([text, message]) => {
  const error = failure(() => render(text as string))
  if (message instanceof RegExp) expect(error.message).toMatch(message)
  else expect(error.message).toBe(message)
})

test('nothing tells of this machine', () => {
  for (const name of ['env', 'expandenv', 'getHostByName', 'genPrivateKey', 'derivePassword', 'include', 'tpl']) {
    expect(failure(() => compileTemplate(`{{ ${name} "PATH" }}`)).message).toMatch(/not defined/)
  }
  expect(render('{{ .constructor }}{{ .toString }}{{ index . "__proto__" }}')).toBe('<no value><no value><no value>')
  expect(render('{{ $d := dict "__proto__" (dict "x" 1) }}{{ $d }} {{ (dict).x }}')).toBe(
    'map[__proto__:map[x:1]] <no value>',
  )
})

test('the data stay as they are', () => {
  const data = { a: { b: 1 } }
  expect(render('{{ $_ := set .a "b" 2 }}{{ $_ := merge .a (dict "c" 3) }}{{ .a }}', data)).toBe('map[b:2 c:3]')
  expect(data).toEqual({ a: { b: 1 } })
})

test('whoever renders may give functions, delimiters, a clock and whole numbers', () => {
  const shout = templateFunction(['string'], (text: string) => `${text.toUpperCase()}!`)
  expect(
    compileTemplate('[[ shout .a ]] {{ }}', { leftDelimiter: '[[', rightDelimiter: ']]', functions: { shout } }).render(
      { a: 'x' },
    ),
  ).toBe('X! {{ }}')
  const now = (): Date => new Date('2024-02-03T04:05:06Z')
  expect(
    compileTemplate('{{ now | date "2006-01-02 15:04:05" }} {{ ago (toDate "2006-01-02" "2024-02-03") }}', {
      now,
    }).render({}),
  ).toBe('2024-02-03 04:05:06 4h5m6s')
  expect(render('{{ .n }} {{ add .n 1 }} {{ eq .n 2000000 }}', withIntegers({ n: 2_000_000 }))).toBe(
    '2000000 2000001 true',
  )
  expect(
    render('{{ (call .parse "x").z }}', { parse: templateFunction(['string'], (text: string) => ({ z: text })) }),
  ).toBe('x')
})

test('times are written in any zone', () => {
  expect(render('{{ dateInZone "2006-01-02 15:04:05 -07:00 MST" 1700000000 "America/New_York" }}')).toBe(
    '2023-11-14 17:13:20 -05:00 EST',
  )
  expect(render('{{ dateInZone "15:04 Z07:00" 1690000000 "Europe/Paris" }}')).toBe('06:26 +02:00')
})

test.for([
  [
    'feat/a_really+long_pull_request_name_to_test_argo_slugification',
    '50 false',
    'feat-a-really-long-pull-request-name-to-test-argo',
  ],
  ['feat/areallylongpullrequestnametotestargoslugificationandbranchnames', '50 true', 'feat'],
  [
    'feat/areallylongpullrequestnametotestargoslugificationandbranchnames',
    '50 false',
    'feat-areallylongpullrequestnametotestargoslugifica',
  ],
  ['Fix: Ünïcode__and.dots', '', 'fix-n-code-and-dots'],
])('slugify makes %s a name', ([text, options, expected]) => {
  expect(render(`{{ slugify ${options} . }}`, text)).toBe(expected)
})

test('normalize makes a name that Kubernetes accepts', () => {
  expect(render('{{ normalize "-Feature/X_1.2." }}')).toBe('feature-x-1.2')
  expect(render('{{ normalize . | len }}', 'a'.repeat(300))).toBe('253')
})
