/** What Helm does with the chart, above all beside the settings of an Argo CD that is there. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTools } from '../../src/manifest/tools.ts'
import { packageFile } from '../../src/process/package-file.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type Kubectl, openKubectl } from './stock-kubectl.ts'

let folder: string
let sandbox: Sandbox
let kubectl: Kubectl
let helm: (...args: string[]) => Promise<string>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-chart-'))
  sandbox = await startSandbox()
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, sandbox.kubeconfig)
  kubectl = openKubectl(kubeconfig)
  const { command } = await findTools({ cacheDir: join(tmpdir(), 'tiphys-test-tools') }).helm()
  const [program = '', ...first] = command
  const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfig }
  helm = async (...args) => {
    const ran = promisify(execFile)(program, [...first, ...args], { env, maxBuffer: 2 ** 26 })
    return (await ran).stdout
  }
})
afterAll(async () => {
  kubectl.remove()
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

const chart = packageFile('install/chart')
const settings = (namespace: string) => kubectl.run(['get', 'configmap', 'argocd-cm', '-n', namespace, '-o', 'yaml'])

test('beside settings that somebody else has made it is installed without them, and leaves them when it goes', async () => {
  await kubectl.run(['create', 'namespace', 'taken'])
  await kubectl.run(['create', 'configmap', 'argocd-cm', '-n', 'taken', '--from-literal', 'url=https://cd.example.com'])
  const install = ['install', 'tiphys', chart, '--namespace', 'taken', '--set', 'rights.scope=namespace']
  await expect(helm(...install)).rejects.toThrow(/argocd-cm.* exists and cannot be imported/)
  await helm(...install, '--set', 'settings.create=false')
  await helm('uninstall', 'tiphys', '--namespace', 'taken')
  expect(await settings('taken')).toContain('url: https://cd.example.com')
})

test('settings that it has made stay when it goes, and are there when it comes back', async () => {
  const install = ['install', 'tiphys', chart, '--namespace', 'own', '--set', 'rights.scope=namespace']
  await helm(...install, '--create-namespace', '--set', 'settings.argocd-cm.url=https://cd.example.com')
  await helm('uninstall', 'tiphys', '--namespace', 'own')
  expect(await settings('own')).toContain('url: https://cd.example.com')
  await helm(...install)
})

test('definitions that Helm has installed are replaced as the documentation says, and in no other way', async () => {
  const file = packageFile('install/crds/application-crd.yaml')
  const changed = readFileSync(file, 'utf8').replace('      - apps\n', '      - apps\n      - newer\n')
  const apply = (...args: string[]) => kubectl.run(['apply', '--server-side', '-f', '-', ...args], changed)
  await expect(apply()).rejects.toThrow(/conflict/i)
  await apply('--force-conflicts')
})
