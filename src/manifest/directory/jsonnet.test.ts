import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, namesOf, openBench } from '../fixtures/bench.ts'
import { importsOf } from './jsonnet-imports.ts'

/** The library is an optional dependency: it has to be built where it is installed. */
const isInstalled = ((): boolean => {
  try {
    return createRequire(import.meta.url)('@hanazuki/node-jsonnet') !== undefined
  } catch {
    return false
  }
})()

let bench: Bench
beforeEach(() => {
  bench = openBench({ limits: { timeMs: 10_000 } })
})
afterEach(() => bench.close())

const object = (name: string): string => `{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: ${name}}}`

test.runIf(isInstalled)('files are evaluated with variables, arguments, imports and libraries', async () => {
  bench.repository.commit({
    'app/main.jsonnet': `local lib = import 'near.libsonnet'; local far = import 'far.libsonnet';
function(size) [${object("lib.name + std.extVar('env')")}, ${object('far.name + size')}, ${object("importstr 'name.txt'")}]`,
    'app/near.libsonnet': `{name: (import '../shared/x.libsonnet').x}`,
    'app/name.txt': "it's-import-text",
    'shared/x.libsonnet': `{x: 'near-'}`,
    'vendor/far.libsonnet': `{name: 'far-'}`,
  })
  const rendered = await bench.render({
    path: 'app',
    directory: {
      jsonnet: {
        libs: ['vendor'],
        extVars: [{ name: 'env', value: '$ARGOCD_APP_NAME' }],
        tlas: [{ name: 'size', value: '"x" + 1', code: true }],
      },
    },
  })
  expect(namesOf(rendered)).toEqual(['near-web', 'far-x1', "it's-import-text"])
  expect(rendered.inputs).toEqual(
    expect.arrayContaining(['app/main.jsonnet', 'shared/x.libsonnet', 'vendor/far.libsonnet']),
  )
})

test.runIf(isInstalled)('an import cannot leave the repository', async () => {
  for (const path of ['/etc/passwd', '../../../../etc/passwd', '\\u002fetc\\u002fpasswd']) {
    bench.repository.commit({ 'app/a.jsonnet': object(`importstr /* hidden */ "${path}"`) })
    await expect(bench.render({ path: 'app' })).rejects.toThrow('leads out of the repository')
  }
  bench.repository.commit({ 'app/a.jsonnet': object('std.extVar("x")') })
  const extVars = [{ name: 'x', value: "importstr '/etc/passwd'", code: true }]
  await expect(bench.render({ path: 'app', directory: { jsonnet: { extVars } } })).rejects.toThrow(
    'leads out of the repository',
  )
  await expect(bench.render({ path: 'app', directory: { jsonnet: { libs: ['../x'] } } })).rejects.toThrow(
    'leads out of',
  )
})

test.runIf(isInstalled)('an error in the program names its file and line; endless ones are stopped', async () => {
  bench.repository.commit({ 'app/a.jsonnet': `{\n  a: error 'no colour',\n}` })
  await expect(bench.render({ path: 'app' })).rejects.toThrow(/^jsonnet: (?!.*\/tmp).*no colour.*app\/a\.jsonnet:2/s)
  const impatient = openBench({ limits: { timeMs: 1_000 } })
  impatient.repository.commit({
    'app/a.jsonnet': `local f(x) = if x == 0 then f(1) else f(0) tailstrict; ${object('f(1)')}`,
  })
  await expect(impatient.render({ path: 'app' })).rejects.toThrow(/stopped|stack/)
  await impatient.close()
})

describe('imports are found wherever the language allows them, and nowhere else', () => {
  const cases: Record<string, string[]> = {
    'import "a"': ['a'],
    "(import\n'a').x + importstr @'b''c' + importbin \"d\"": ['a', "b'c", 'd'],
    'import // comment\n # another\n /* third */ "a"': ['a'],
    '"import \'x\'" + \'import "y"\'': [],
    '// import "x"\n# import "y"\n/* import "z" */ 1': [],
    '{ importer: 1, "import": 2, imports: "a" }': [],
    '|||\n  import "x"\n  |||\n||| + import "y"': ['y'],
    '"\\"" + import "\\u0061\\/b"': ['a/b'],
  }
  for (const [text, paths] of Object.entries(cases)) {
    test(JSON.stringify(text), () => expect(importsOf(text).map(({ path }) => path)).toEqual(paths))
  }
  test('a computed import is no Jsonnet', () => expect(() => importsOf('import ("a" + "b")')).toThrow('path in quotes'))
  test('an open string is no Jsonnet', () => expect(() => importsOf('"abc')).toThrow('not closed'))
})
