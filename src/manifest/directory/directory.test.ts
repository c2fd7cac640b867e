import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, configMap, namesOf, openBench } from '../fixtures/bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

test('YAML and JSON files give their objects in the order of the files, with file and line', async () => {
  bench.repository.commit({
    'app/b.yaml': `${configMap('b1')}---\n# nothing\n---\n${configMap('b2')}`,
    'app/a.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
    'app/README.md': 'text',
    'app/sub/c.yaml': configMap('c'),
  })
  const { manifests, sourceType } = await bench.render({ path: 'app' })
  expect(sourceType).toBe('Directory')
  expect(manifests.map(({ object, file, line }) => [object.metadata.name, file, line])).toEqual([
    ['a', 'app/a.json', 1],
    ['b1', 'app/b.yaml', 1],
    ['b2', 'app/b.yaml', 10],
  ])
})

test('recurse, include and exclude choose the files', async () => {
  const names = ['a.yaml', 'deep/b.yaml', 'deep/er/c.yaml', 'deep/secret.yaml', 'x.txt']
  bench.repository.commit(Object.fromEntries(names.map((name) => [`app/${name}`, configMap(name.replace(/\W/g, '-'))])))
  const render = async (directory: object): Promise<string[]> => namesOf(await bench.render({ path: 'app', directory }))
  expect(await render({ recurse: true })).toEqual(['a-yaml', 'deep-b-yaml', 'deep-er-c-yaml', 'deep-secret-yaml'])
  expect(await render({ recurse: true, exclude: '{deep/secret.yaml,a.yaml}' })).toEqual([
    'deep-b-yaml',
    'deep-er-c-yaml',
  ])
  expect(await render({ recurse: true, include: '*.yaml', exclude: 'deep/*' })).toEqual(['a-yaml'])
  expect(await render({ recurse: true, include: 'deep/**/c.yaml' })).toEqual(['deep-er-c-yaml'])
  expect(await render({ recurse: true, include: '{a,deep/b}.yaml' })).toEqual(['a-yaml', 'deep-b-yaml'])
  expect(await render({ disableExtensionFilter: true, include: '*.txt' })).toEqual(['x-txt'])
})

test('lists are taken apart, and big integers stay exact', async () => {
  bench.repository.commit({
    'app/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${configMap('a').replaceAll('\n', '\n  ')}\n- ${configMap('b').replaceAll('\n', '\n  ')}`,
    'app/number.yaml': 'apiVersion: x/v1\nkind: Num\nmetadata: {name: num}\nspec: {id: 9007199254740993}\n',
  })
  const rendered = await bench.render({ path: 'app' })
  expect(namesOf(rendered)).toEqual(['a', 'b', 'num'])
  expect(rendered.manifests[2]?.object.spec).toEqual({ id: 9007199254740993n })
})

test('invalid YAML is reported with its file and line', async () => {
  bench.repository.commit({
    'app/bad.yaml': `${configMap('ok')}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n bad: b\n`,
  })
  await expect(bench.render({ path: 'app' })).rejects.toMatchObject({
    stage: 'manifest',
    retry: false,
    message: expect.stringMatching(/^app\/bad\.yaml:(11|12): invalid YAML: /),
  })
})

test('of equal keys the last one counts, with a warning that names file and line', async () => {
  bench.repository.commit({ 'app/double.yaml': `${configMap('double')}  a: "2"\n` })
  const { manifests, warnings } = await bench.render({ path: 'app' })
  expect(manifests[0]?.object.data).toEqual({ a: '2' })
  expect(warnings).toEqual(['app/double.yaml:7: key "a" stands twice; the last value counts'])
})

test('aliases that expand without end are refused', async () => {
  const levels = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
  for (const [to, from] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map((pair) => [...pair])) {
    levels.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`)
  }
  bench.repository.commit({ 'app/bomb.yaml': `${configMap('bomb')}x:\n  ${levels.join('\n  ')}\n` })
  await expect(bench.render({ path: 'app' })).rejects.toThrow(
    /^app\/bomb\.yaml:\d+: invalid YAML: aliases expand to more than/,
  )
})

test('50 MB of manifests are refused before they are parsed', async () => {
  const big = configMap('big', `a: ${'x'.repeat(50 * 1024 * 1024)}`)
  bench.repository.commit({ 'one/big.yaml': big, 'many/a.yaml': big.slice(0, 6e6), 'many/b.yaml': big.slice(0, 6e6) })
  await expect(bench.render({ path: 'one' })).rejects.toThrow(
    /^one\/big\.yaml has 52428\d+ bytes, more than .* split it/,
  )
  await expect(bench.render({ path: 'many' })).rejects.toThrow(/in many have more than 10 MiB together: divide them/)
})

test('files that are no manifests are left out, and those that look like manifests must be some', async () => {
  bench.repository.commit({
    'app/values.yaml': 'replicas: 1\n',
    'app/list.yaml': '- a\n- b\n',
    'app/broken.yaml': 'a: {{ .Values.x }}\n',
    'app/skipped.yaml': `# +argocd:skip-file-rendering\n${configMap('skipped')}`,
    'app/cm.yaml': configMap('cm'),
  })
  const rendered = await bench.render({ path: 'app' })
  expect(namesOf(rendered)).toEqual(['cm'])
  expect(rendered.warnings).toEqual([])
  bench.repository.commit({ 'app/half.yaml': 'apiVersion: v1\nspec: {}\n' })
  expect((await bench.render({ path: 'app' })).warnings).toEqual([
    'app/half.yaml is ignored: app/half.yaml:1: has no kind',
  ])
  bench.repository.commit({ 'app/nameless.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {a: b}\n' })
  await expect(bench.render({ path: 'app' })).rejects.toThrow('app/nameless.yaml:1: ConfigMap has no metadata.name')
  bench.repository.commit({
    'app/nameless.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {on: 5}}\n',
  })
  await expect(bench.render({ path: 'app' })).rejects.toThrow(
    'metadata.labels.true must be a string: put "5" in quotes',
  )
})

test('a path that is missing, absolute, a file, or outside of the repository says what to do', async () => {
  bench.repository.commit({ 'app/cm.yaml': configMap('cm') })
  await expect(bench.render({ path: 'nowhere' })).rejects.toThrow(
    /^path nowhere does not exist in revision [0-9a-f]{12} of .*: check path/,
  )
  await expect(bench.render({ path: '/app' })).rejects.toThrow('path /app is absolute')
  await expect(bench.render({ path: 'app/cm.yaml' })).rejects.toThrow('is a file: give the path of a directory')
  await expect(bench.render({ path: '../other' })).rejects.toThrow('../other leads out of the repository')
  await expect(bench.render({ path: 'app/../../other' })).rejects.toThrow('leads out of the repository')
  await expect(bench.render({})).rejects.toThrow('neither path nor chart')
})

test('symbolic links are followed inside of the repository, and refused when they leave it', async () => {
  bench.repository.commit({ 'shared/cm.yaml': configMap('shared'), 'app/own.yaml': configMap('own') })
  bench.repository.link('app/linked.yaml', '../shared/cm.yaml')
  bench.repository.link('alias', 'app')
  bench.repository.link('gone/dangling.yaml', 'nothing.yaml')
  bench.repository.link('gone/circle.yaml', 'circle.yaml')
  bench.repository.link('out/passwd.yaml', '../../../../../etc/passwd')
  bench.repository.link('absolute/passwd.yaml', '/etc/passwd')
  bench.repository.link('outdir', '../..')
  bench.repository.commit({ 'gone/cm.yaml': configMap('gone') })
  expect(namesOf(await bench.render({ path: 'app' }))).toEqual(['shared', 'own'])
  expect(namesOf(await bench.render({ path: 'alias' }))).toEqual(['shared', 'own'])
  await expect(bench.render({ path: 'gone' })).rejects.toThrow('links that lead in a circle')
  await expect(bench.render({ path: 'out' })).rejects.toThrow('leads out of the repository')
  await expect(bench.render({ path: 'absolute' })).rejects.toThrow(
    '(a symbolic link to /etc/passwd) leads out of the repository',
  )
  await expect(bench.render({ path: 'outdir' })).rejects.toThrow('leads out of the repository')
})

test('overrides beside the files apply, the more special later, and cannot move the source', async () => {
  bench.repository.commit({
    'app/.argocd-source.yaml': 'directory: {recurse: true, exclude: "b*"}\nrepoURL: https://evil.example/x\npath: ..\n',
    'app/a.yaml': configMap('a'),
    'app/b.yaml': configMap('b'),
    'app/sub/c.yaml': configMap('c'),
  })
  expect(namesOf(await bench.render({ path: 'app' }))).toEqual(['a', 'c'])
  bench.repository.commit({ 'app/.argocd-source-web.yaml': 'directory: {exclude: null}\n' })
  expect(namesOf(await bench.render({ path: 'app' }))).toEqual(['a', 'b', 'c'])
  bench.repository.commit({ 'app/.argocd-source-argocd_web.yaml': '- not a mapping\n' })
  await expect(bench.render({ path: 'app' })).rejects.toThrow('app/.argocd-source-argocd_web.yaml: must be a mapping')
})
