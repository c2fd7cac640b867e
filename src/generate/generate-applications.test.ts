import { expect, test } from 'vitest'
import type { ApplicationSet, KubeObject, SourceTree, TreeEntry } from '../model/index.ts'
import { noHost, noPlugin } from './fixtures/no-host.ts'
import { generateApplications } from './generate-applications.ts'
import { openGenerators } from './generators/evaluate.ts'
import type { GeneratorInputs } from './generators/inputs.ts'

type Files = Record<string, string>

/** A tree of these files and nothing else. */
function treeOf(files: Files): SourceTree {
  const entry = (kind: TreeEntry['kind'], oid: string) => ({ kind, oid, executable: false })
  return {
    async stat() {
      return undefined
    },
    async list(directory) {
      const prefix = directory === '' ? '' : `${directory}/`
      const below = Object.keys(files).filter((path) => path.startsWith(prefix))
      return new Map(
        below.map((path) => {
          const [name = '', ...rest] = path.slice(prefix.length).split('/')
          return [name, entry(rest.length > 0 ? 'directory' : 'file', `${prefix}${name}`)]
        }),
      )
    },
    async read(path) {
      return Buffer.from(files[path] ?? '')
    },
    async materialise() {
      return []
    },
  }
}

function clusterSecret(name: string, labels: Record<string, string>, annotations = {}): KubeObject {
  const data = { name, server: `https://${name}.example.com` }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `cluster-${name}`, labels, annotations },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
  }
}

interface Case {
  generators: Record<string, unknown>[]
  spec?: Partial<ApplicationSet['spec']>
  files?: Files
  clusters?: KubeObject[]
  newFileGlobbing?: boolean
}

/** Applications whose name is the first line of what `info` makes of the parameters. */
async function generate({ generators, spec, files = {}, clusters = [], newFileGlobbing = false }: Case) {
  const set: ApplicationSet = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'set', namespace: 'argocd' },
    spec: { generators, template: template('{{.name}}'), ...spec },
  }
  const inputs: GeneratorInputs = {
    clusterSecrets: () => clusters,
    git: {
      async resolve() {
        return 'c0ffee'
      },
      async tree() {
        return treeOf(files)
      },
      newFileGlobbing: () => newFileGlobbing,
    },
    host: noHost,
    plugin: noPlugin,
  }
  return generateApplications(set, { generators: openGenerators(), inputs, signal: new AbortController().signal })
}

function template(name: string, more: object = {}): ApplicationSet['spec']['template'] {
  return { metadata: { name }, spec: { project: 'default', destination: { name: 'in-cluster' }, ...more } }
}

async function names(given: Case): Promise<string[]> {
  const { applications, generatorFaults, templateFaults } = await generate(given)
  expect([...generatorFaults, ...templateFaults]).toEqual([])
  return applications.map(({ metadata }) => metadata.name)
}

const go = (name: string, more: Partial<ApplicationSet['spec']> = {}): Partial<ApplicationSet['spec']> => ({
  goTemplate: true,
  goTemplateOptions: ['missingkey=error'],
  template: template(name),
  ...more,
})
const plain = (name: string): Partial<ApplicationSet['spec']> => ({ template: template(name) })
const list = (...elements: object[]) => ({ list: { elements } })

const files: Files = {
  'apps/shop/kustomization.yaml': '',
  'apps/Blog_1/kustomization.yaml': '',
  'apps/shop/base/deployment.yaml': '',
  'apps/.hidden/x.yaml': '',
  'clusters/a/config.json': '{"cluster": {"name": "a", "port": 8080, "zones": ["x", "y"]}}',
  'clusters/b/config.json': '[{"cluster": {"name": "b1"}}, {"cluster": {"name": "b2"}}]',
  'clusters/b/deep/config.json': '{"cluster": {"name": "deep"}}',
}
const git = (spec: object) => ({ git: { repoURL: 'https://git.example.com/x', ...spec } })
const clusters = [
  clusterSecret('West', { env: 'prod' }, { note: 'n', 'kubectl.kubernetes.io/last-applied-configuration': 'token' }),
  clusterSecret('east', { env: 'dev' }),
]

test.each<[string, Case, string[]]>([
  [
    'list, plain',
    { generators: [list({ name: 'a', values: { x: '1' } })], spec: plain('{{name}}-{{ values.x }}') },
    ['a-1'],
  ],
  [
    'list, go',
    { generators: [list({ name: 'a', deep: { x: [1, 2] } })], spec: go('{{.name}}-{{index .deep.x 1}}') },
    ['a-2'],
  ],
  ['unknown plain names stay', { generators: [list({ name: 'a' })], spec: plain('{{name}}{{other}}') }, ['a{{other}}']],
  [
    'elementsYaml',
    { generators: [{ list: { elements: [], elementsYaml: '- name: a\n- name: b' } }], spec: go('{{.name}}') },
    ['a', 'b'],
  ],
  [
    'directories',
    { generators: [git({ directories: [{ path: 'apps/*' }] })], files, spec: go('{{.path.basenameNormalized}}') },
    ['blog-1', 'shop'],
  ],
  [
    'directories, but for some',
    {
      generators: [git({ directories: [{ path: 'apps/**' }, { path: 'apps/B*', exclude: true }] })],
      files,
      spec: plain('{{path}} {{path.basename}} {{path[0]}}'),
    },
    ['apps/shop shop apps'],
  ],
  [
    'directories with a prefix and values',
    {
      generators: [
        git({ directories: [{ path: 'apps/shop' }], pathParamPrefix: 'my', values: { v: 'v-{{my.path.basename}}' } }),
      ],
      files,
      spec: plain('{{my.path}} {{values.v}}'),
    },
    ['apps/shop v-shop'],
  ],
  [
    'files, as git finds them: a star crosses folders',
    {
      generators: [git({ files: [{ path: 'clusters/*/config.json' }] })],
      files,
      spec: plain('{{cluster.name}}-{{path.basename}}'),
    },
    ['a-a', 'b1-b', 'b2-b', 'deep-deep'],
  ],
  [
    'files, with the new globbing',
    {
      generators: [git({ files: [{ path: 'clusters/*/config.json' }, { path: 'clusters/a/**', exclude: true }] })],
      files,
      newFileGlobbing: true,
      spec: go('{{.cluster.name}}-{{index .path.segments 1}}-{{.path.filename}}'),
    },
    ['b1-b-config.json', 'b2-b-config.json'],
  ],
  [
    'numbers and lists of files',
    {
      generators: [git({ files: [{ path: 'clusters/a/config.json' }] })],
      files,
      spec: plain('{{cluster.port}}-{{cluster.zones.1}}'),
    },
    ['8080-y'],
  ],
  [
    'clusters by name, the own one last',
    { generators: [{ clusters: {} }], clusters, spec: go('{{.nameNormalized}} {{.server}}') },
    ['west https://west.example.com', 'east https://east.example.com', 'in-cluster https://kubernetes.default.svc'].map(
      (text) => text.replace('https://west', 'https://West'),
    ),
  ],
  [
    'clusters by label',
    {
      generators: [
        {
          clusters: {
            selector: { matchExpressions: [{ key: 'env', operator: 'In', values: ['prod'] }] },
            values: { e: '{{.metadata.labels.env}}' },
          },
        },
      ],
      clusters,
      spec: go('{{.name}} {{.values.e}} {{.metadata.annotations.note}}'),
    },
    ['West prod n'],
  ],
  [
    'what was last applied to the Secret of a cluster is nobody’s parameter',
    {
      generators: [{ clusters: { selector: { matchLabels: { env: 'prod' } } } }],
      clusters,
      spec: go('{{.metadata.annotations | toJson}}'),
    },
    ['{"note":"n"}'],
  ],
  [
    'a flat list of clusters',
    { generators: [{ clusters: { flatList: true } }], clusters, spec: go('{{range .clusters}}{{.name}},{{end}}') },
    ['West,east,in-cluster,'],
  ],
  [
    'a matrix whose second generator uses the first',
    {
      generators: [
        { matrix: { generators: [list({ dir: 'apps', name: 'n' }), git({ directories: [{ path: '{{.dir}}/*' }] })] } },
      ],
      files,
      spec: go('{{.name}}-{{.path.basename}}'),
    },
    ['n-Blog_1', 'n-shop'],
  ],
  [
    'values that wait for their own parameters',
    {
      generators: [
        {
          matrix: {
            generators: [
              list({ name: 'n' }),
              { clusters: { values: { both: '{{.name}}', own: '{{.nameNormalized}}' } } },
            ],
          },
        },
      ],
      clusters: [clusters[0] as KubeObject],
      spec: go('{{.name}} {{.values.both}} {{.values.own}}'),
    },
    ['n n west', 'n n in-cluster'],
  ],
  [
    'a merge',
    {
      generators: [
        {
          merge: {
            mergeKeys: ['name'],
            generators: [
              list({ name: 'a', v: '1' }, { name: 'b', v: '1' }),
              list({ name: 'b', v: '2' }, { name: 'c', v: '3' }),
            ],
          },
        },
      ],
      spec: plain('{{name}}{{v}}'),
    },
    ['a1', 'b2'],
  ],
  [
    'a selector afterwards',
    {
      generators: [
        {
          ...list({ name: 'a', x: { y: '1' } }, { name: 'b', x: { y: '2' } }),
          selector: { matchLabels: { 'x.y': '2' } },
        },
      ],
      spec: go('{{.name}}'),
    },
    ['b'],
  ],
  [
    'a template of its own, filled up with the common one',
    {
      generators: [
        { list: { elements: [{ name: 'a' }], template: { metadata: { name: 'own-{{.name}}' }, spec: {} } } },
        list({ name: 'b' }),
      ],
      spec: go('{{.name}}'),
    },
    ['own-a', 'b'],
  ],
  [
    'slugify',
    {
      generators: [list({ name: 'Feature/A long_name' })],
      spec: go('{{.name | slugify 13}} {{slugify 12 false .name}}'),
    },
    ['feature-a feature-a-lo'],
  ],
])('%s', async (_, given, expected) => {
  const made = await names(given)
  expect([...made].sort()).toEqual([...expected].sort())
})

test('an application has the namespace of its set, its finalizer, and whatever the patch adds, but for the project', async () => {
  const { applications } = await generate({
    generators: [list({ name: 'a', prune: true })],
    spec: go('{{.name}}', {
      template: {
        ...template('{{.name}}'),
        metadata: { name: '{{.name}}', namespace: 'elsewhere', labels: { 'l-{{.name}}': 'x' } },
      },
      templatePatch:
        'metadata:\n  namespace: other\nspec:\n  project: theirs\n  syncPolicy:\n    automated:\n      prune: {{ .prune }}',
    }),
  })
  expect(applications).toEqual([
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: 'a',
        namespace: 'argocd',
        labels: { 'l-a': 'x' },
        finalizers: ['resources-finalizer.argocd.argoproj.io'],
      },
      spec: { project: 'default', destination: { name: 'in-cluster' }, syncPolicy: { automated: { prune: true } } },
    },
  ])
})

test('what is kept on deletion gets no finalizer', async () => {
  const { applications } = await generate({
    generators: [list({ name: 'a' })],
    spec: go('{{.name}}', { syncPolicy: { preserveResourcesOnDeletion: true } }),
  })
  expect(applications[0]?.metadata).toEqual({ name: 'a', namespace: 'argocd' })
})

const bomb = '{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}'
test.each<[string, Case, RegExp]>([
  ['an unknown generator', { generators: [{ lists: {} }] }, /generator lists is not supported/],
  ['no generator', { generators: [{}] }, /this one holds none/],
  ['git without paths', { generators: [git({})] }, /neither directories nor files/],
  ['a matrix of three', { generators: [{ matrix: { generators: [list(), list(), list()] } }] }, /no fewer and no more/],
  [
    'a merge without keys',
    { generators: [{ merge: { generators: [list(), list()], mergeKeys: [] } }] },
    /needs mergeKeys/,
  ],
  [
    'a merge with equal keys',
    { generators: [{ merge: { generators: [list({ a: '1' }, { a: '1' }), list()], mergeKeys: ['a'] } }] },
    /same mergeKeys \(a: "1"\)/,
  ],
  ['a number in plain templates', { generators: [list({ name: 1 })] }, /name of an element is no text/],
  [
    'an option that there is not',
    { generators: [list()], spec: { goTemplate: true, goTemplateOptions: ['x'] } },
    /goTemplateOptions/,
  ],
  [
    'a file that is no YAML',
    { generators: [git({ files: [{ path: 'x' }] })], files: { x: 'a: [' } },
    /x of .* cannot be read/,
  ],
  ['a shape that is wrong', { generators: [{ git: { repoURL: 1 } }] }, /git generator: git.repoURL/],
])('%s is a fault of the generator', async (_, given, message) => {
  const { applications, generatorFaults } = await generate(given)
  expect(applications).toEqual([])
  expect(generatorFaults.join()).toMatch(message)
})

test.each<[string, Partial<ApplicationSet['spec']>, RegExp]>([
  ['a missing key', go('{{.missing}}'), /map has no entry for key "missing"/],
  ['a recursion without end', go(bomb), /deep|depth|levels/],
  ['a loop without end', go('{{range until 100000}}{{range until 100000}}x{{end}}{{end}}'), /more than/],
  ['a patch that is no mapping', { ...go('a'), templatePatch: '- a' }, /templatePatch makes no mapping/],
  ['a tag that is never closed', plain('{{name}} {{name'), /never closed/],
])('%s is a fault of one application, and the others are made', async (_, spec, message) => {
  const { applications, generatorFaults, templateFaults } = await generate({
    generators: [
      list({ name: 'a' }),
      { list: { elements: [{ name: 'b' }], template: { metadata: { name: 'good' }, spec: {} } } },
    ],
    spec,
  })
  expect(generatorFaults).toEqual([])
  expect(templateFaults.join()).toMatch(message)
  if (!spec.templatePatch) expect(applications.map(({ metadata }) => metadata.name)).toEqual(['good'])
})

test('ten thousand elements are filled in without keeping others from their turn', async () => {
  const elements = Array.from({ length: 10_000 }, (_, index) => ({ name: `app-${index}` }))
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  const made = await names({ generators: [list(...elements)], spec: go('{{.name | normalize}}') })
  clearInterval(ticking)
  expect(made).toHaveLength(10_000)
  expect(made.at(-1)).toBe('app-9999')
  expect(turns).toBeGreaterThan(3)
})
