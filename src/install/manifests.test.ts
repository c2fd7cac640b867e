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

test('the chart has the rules of the role for its own namespace from the same source', async () => {
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

test('only the forms for its own namespace ask for no rights beyond it', () => {
  const kindsOf = (variant: Variant) => manifestsOf(variant, options).map(({ kind }) => kind)
  for (const variant of ['namespace-install', 'ha/namespace-install'] as const)
    expect(kindsOf(variant).filter((kind) => kind.startsWith('Cluster'))).toEqual([])
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

type Probe = 'startupProbe' | 'livenessProbe' | 'readinessProbe'
interface Container extends Record<Probe, { httpGet: { port: string } }> {
  args: string[]
  resources: { limits: Record<string, string> }
  ports: { name: string; containerPort: number }[]
}

interface Workload {
  replicas: number
  strategy: { type: string }
  template: { spec: { containers: Container[]; tolerations: object[]; volumes: { emptyDir: { sizeLimit: string } }[] } }
}

test.each(program)('%s: whoever works holds a Lease, and is replaced soon when its node is lost', (variant) => {
  const { spec } = manifestsOf(variant, options).find(({ kind }) => kind === 'Deployment') as unknown as {
    spec: Workload
  }
  expect(spec.template.spec.containers[0]?.args).toContain('--shared')
  expect(spec.strategy.type).toBe(spec.replicas > 1 ? 'RollingUpdate' : 'Recreate')
  const lost = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 }
  expect(spec.template.spec.tolerations).toEqual([
    { key: 'node.kubernetes.io/not-ready', ...lost },
    { key: 'node.kubernetes.io/unreachable', ...lost },
  ])
})

test.each(program)('%s: what anybody asks of it cannot be in the way of its probes', (variant) => {
  const objects = manifestsOf(variant, options)
  const { spec } = objects.find(({ kind }) => kind === 'Deployment') as unknown as { spec: Workload }
  const [container] = spec.template.spec.containers
  const { containerPort } = container?.ports.find(({ name }) => name === 'probes') ?? {}
  expect(container?.args.join(' ')).toContain(`--probe-port ${containerPort}`)
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
    expect(container?.[probe].httpGet.port).toBe('probes')
  }
  const reached = objects.filter(({ kind }) => kind === 'Service' || kind === 'NetworkPolicy')
  expect(JSON.stringify(reached)).not.toContain(String(containerPort))
})

test.each(program)('%s: no volume grows over what its node can do without', (variant) => {
  const { spec } = manifestsOf(variant, options).find(({ kind }) => kind === 'Deployment') as unknown as {
    spec: Workload
  }
  const { volumes, containers } = spec.template.spec
  const sizes = volumes.map(({ emptyDir }) => Number.parseInt(emptyDir.sizeLimit, 10))
  expect(sizes).toEqual([10, 2])
  const limit = Number.parseInt(containers[0]?.resources.limits['ephemeral-storage'] ?? '', 10)
  expect(limit).toBeGreaterThan(sizes.reduce((sum, size) => sum + size))
})

test('the core has no API, and nothing that leads to one', () => {
  const objects = manifestsOf('core-install', options)
  expect(JSON.stringify(objects.filter(({ kind }) => kind !== 'CustomResourceDefinition'))).not.toContain('8080')
})
