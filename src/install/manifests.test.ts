import { readFileSync } from 'node:fs'
import { dump } from 'js-yaml'
import { expect, test } from 'vitest'
import { packageFile, packageVersion } from '../process/package-file.ts'
import { manifestsOf, type Variant, variants } from './index.ts'

const options = { namespace: 'argocd', image: `tiphys:${packageVersion()}` }
const program = Object.keys(variants).filter((variant) => variant !== 'crds') as Variant[]

/** `npm run manifests` writes them. */
test.each(program)('install/%s.yaml is what is generated', async (variant) => {
  const yaml = manifestsOf(variant, options).map((object) => `---\n${dump(object, { lineWidth: -1, noRefs: true })}`)
  await expect(yaml.join('')).toMatchFileSnapshot(packageFile(`install/${variant}.yaml`))
})

test('each kind has its definition in a file of its own', async () => {
  for (const definition of manifestsOf('crds', options)) {
    const { kind } = (definition.spec as { names: { kind: string } }).names
    // Helm reads those of a chart from the chart.
    for (const folder of ['install/crds', 'install/chart/crds']) {
      const file = packageFile(`${folder}/${kind.toLowerCase()}-crd.yaml`)
      await expect(dump(definition, { lineWidth: -1, noRefs: true })).toMatchFileSnapshot(file)
    }
  }
})

test('the chart has the rules of the role from the same source', async () => {
  const role = manifestsOf('namespace-install', options).find(({ kind }) => kind === 'Role')
  const file = packageFile('install/chart/files/own-rules.yaml')
  await expect(dump(role?.rules, { lineWidth: -1, noRefs: true })).toMatchFileSnapshot(file)
})

test('the namespace is written where kubectl does not fill it in, and nowhere else', () => {
  for (const variant of program) {
    const text = JSON.stringify(manifestsOf(variant, { ...options, namespace: 'elsewhere' }))
    expect(text.match(/elsewhere/g)).toHaveLength(1)
  }
})

test('only the form for its own namespace asks for no rights beyond it', () => {
  const kindsOf = (variant: Variant) => manifestsOf(variant, options).map(({ kind }) => kind)
  expect(kindsOf('namespace-install').filter((kind) => kind.startsWith('Cluster'))).toEqual([])
  expect(kindsOf('install')).toEqual(expect.arrayContaining(['ClusterRole', 'ClusterRoleBinding']))
})

test('the program runs under the restricted Pod Security Standard, and writes to its volumes only', () => {
  const { spec } = manifestsOf('install', options).find(({ kind }) => kind === 'Deployment') as {
    spec?: { template: { spec: { securityContext: object; containers: { securityContext: object }[] } } }
  }
  expect(spec?.template.spec.securityContext).toMatchObject({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  expect(spec?.template.spec.containers).toMatchObject([
    {
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
    },
  ])
})

test('the image of the manifests is the one that the Dockerfile runs as another than root', () => {
  expect(readFileSync(packageFile('Dockerfile'), 'utf8')).toMatch(/^USER 999$/m)
})
