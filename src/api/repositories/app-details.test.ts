import { posix } from 'node:path'
import { expect, test } from 'vitest'
import type { SourceTree, TreeEntry } from '../../model/index.ts'
import { helmDetails, imagesOf, sourceType } from './app-details.ts'
import { discoverApps } from './discover-apps.ts'

/** `links`: a folder by the name of another. */
function treeOf(files: Record<string, string>, links: Record<string, string> = {}): SourceTree {
  const real = (path: string) => {
    const link = Object.keys(links).find((name) => path === name || path.startsWith(`${name}/`))
    return link === undefined ? path : posix.join(links[link] ?? '', path.slice(link.length)).replace(/^\.$/, '')
  }
  const isFolder = (path: string) => path === '' || Object.keys(files).some((file) => file.startsWith(`${path}/`))
  const entry = (kind: 'file' | 'directory', oid: string): TreeEntry => ({ kind, oid, executable: false })
  const stat = (path: string) => {
    const at = real(path)
    return files[at] !== undefined ? entry('file', at) : isFolder(at) ? entry('directory', `folder ${at}`) : undefined
  }
  return {
    stat: async (path) => stat(path),
    async list(path) {
      const at = real(path)
      const inside = [...Object.keys(files), ...Object.keys(links)].filter(
        (file) => at === '' || file.startsWith(`${at}/`),
      )
      const names = new Set(inside.map((file) => (at ? file.slice(at.length + 1) : file).split('/')[0] ?? ''))
      return new Map(
        [...names].flatMap((name) => {
          const found = stat(posix.join(at, name))
          return found ? [[name, found]] : []
        }),
      )
    },
    read: async (path) => Buffer.from(files[real(path)] ?? ''),
    materialise: async () => [],
  }
}

const tree = treeOf({
  'Chart.yaml': '',
  'web/Chart.yaml': '',
  'web/values.yaml': 'image:\n  tag: v1\nports: [80, {name: http}]\nempty: null\n',
  'web/values-none.yaml': '# nothing set\n',
  'web/env/values-prod.yml': 'image: {tag: v2}\n',
  'web/templates/a.yaml': '',
  'overlay/Kustomization': '',
  'plain/a.yaml': '',
  'Chart.yaml.d/a': '',
})

test('folders of charts and of kustomizations are found, and a link to a folder that it is in is not followed', async () => {
  const found = await discoverApps(tree)
  expect(found.map(({ path, type }) => `${path} ${type}`)).toEqual(['. Helm', 'overlay Kustomize', 'web Helm'])
  const circle = treeOf({ 'web/Chart.yaml': '' }, { 'web/again': 'web' })
  expect((await discoverApps(circle)).map(({ path }) => path)).toEqual(['web'])
})

test('the type of a source is what it says, else what lies in its folder', async () => {
  const repoURL = 'https://x'
  expect(await sourceType({ repoURL, path: 'web' }, tree)).toBe('Helm')
  expect(await sourceType({ repoURL, path: './overlay/' }, tree)).toBe('Kustomize')
  expect(await sourceType({ repoURL, path: 'plain' }, tree)).toBe('Directory')
  expect(await sourceType({ repoURL, path: 'web', directory: { recurse: true } }, tree)).toBe('Directory')
})

test('the parameters of a chart are its values and those of the files that are chosen, the last counts', async () => {
  const source = {
    repoURL: 'https://x',
    path: 'web',
    helm: { valueFiles: ['env/values-prod.yml', '$ref/x.yaml', 'missing.yaml', 'values-none.yaml'] },
  }
  expect(await helmDetails(source, tree)).toEqual({
    valueFiles: ['env/values-prod.yml', 'values-none.yaml', 'values.yaml'],
    values: expect.stringContaining('tag: v1'),
    parameters: [
      { name: 'image.tag', value: 'v2' },
      { name: 'ports[0]', value: '80' },
      { name: 'ports[1].name', value: 'http' },
      { name: 'empty', value: '' },
    ],
    fileParameters: [],
  })
  const broken = treeOf({ 'web/values.yaml': 'a: [' })
  await expect(helmDetails({ repoURL: 'https://x', path: 'web' }, broken)).rejects.toThrow(/is not YAML/)
})

test('values that stand for very many more than they are long are refused, and not written out', async () => {
  const levels = (last: string) =>
    ['a: &a [1,1,1,1,1,1,1,1,1,1]', ...[...`bcde${last}`].map((name, at) => tenOf(name, [...'abcdef'][at] ?? ''))].join(
      '\n',
    )
  const tenOf = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(',')}]`
  const details = (values: string) =>
    helmDetails({ repoURL: 'https://x', path: 'web' }, treeOf({ 'web/Chart.yaml': '', 'web/values.yaml': values }))
  await expect(details(levels('f'))).rejects.toThrow(/aliases expand to more than/)
  await expect(details(`a: &a "${'x'.repeat(100_000)}"\nb: [${Array(1000).fill('*a').join(',')}]`)).rejects.toThrow(
    /aliases expand|more than are shown/,
  )
  await expect(details(`a: [${'1,'.repeat(60_000)}]`)).rejects.toThrow('more than are shown')
})

test('images are those of containers, at any depth', () => {
  const pod = { containers: [{ image: 'b' }, { name: 'none' }], initContainers: [{ image: 'a' }] }
  expect(imagesOf([{ spec: { template: { spec: pod } } }, { image: 'no container', list: [{ spec: pod }] }])).toEqual([
    'a',
    'a',
    'b',
    'b',
  ])
})
