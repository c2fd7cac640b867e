import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFile } from '../../src/process/package-file.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type Image, takeSteps } from '../image/take-steps.ts'
import { openKubectl } from './stock-kubectl.ts'

const isAsked = process.env.TIPHYS_E2E_IMAGE === '1'
const isRoot = process.getuid?.() === 0
const why = isAsked
  ? 'only root can run a program as somebody else'
  : 'npm run e2e:install takes the steps of the Dockerfile'
if (!isAsked || !isRoot) console.warn(`SKIPPED: the image: ${why}`)

let folder: string
let sandbox: Sandbox
let image: Image
let program: ChildProcess | undefined

beforeAll(async () => {
  if (!isAsked || !isRoot) return
  folder = mkdtempSync(join(tmpdir(), 'tiphys-image-'))
  chmodSync(folder, 0o755)
  sandbox = await startSandbox()
  image = takeSteps(packageFile('.'), folder, () => {})
}, 600_000)

afterAll(async () => {
  program?.kill()
  await sandbox?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test.skipIf(!isAsked || !isRoot)(
  'what the Dockerfile makes serves the API and the page, as nobody in particular',
  async () => {
    const kubeconfig = join(folder, 'kubeconfig')
    writeFileSync(kubeconfig, sandbox.kubeconfig, { mode: 0o644 })
    const kubectl = openKubectl(kubeconfig)
    await kubectl.run(['create', 'namespace', 'argocd'])
    for (const crd of ['application', 'applicationset', 'appproject']) {
      await kubectl.run(['apply', '--server-side', '-f', packageFile(`install/crds/${crd}-crd.yaml`)])
    }
    kubectl.remove()
    const cache = join(folder, 'cache')
    mkdirSync(cache)
    chmodSync(cache, 0o777)
    const [command = '', ...args] = image.entrypoint
    const PATH = `${join(image.root, 'usr/local/bin')}:${process.env.PATH}`
    program = spawn(
      join(image.workingDirectory, command),
      [
        ...args,
        'serve',
        '--kubeconfig',
        kubeconfig,
        '--host',
        '127.0.0.1',
        '--port',
        '0',
        '--insecure',
        '--cache-dir',
        cache,
      ],
      { cwd: image.workingDirectory, env: { ...image.env, PATH, HOME: cache }, uid: image.userId, gid: image.userId },
    )
    const url = await urlOf(program)
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok')
    expect(await (await fetch(`${url}/applications`)).text()).toContain('<div id="root">')
    const running = (await (await fetch(`${url}/api/version`)).json()) as Record<string, string>
    expect(running.Version).toBeTruthy()
  },
  120_000,
)

/** From its log. */
async function urlOf(child: ChildProcess): Promise<string> {
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk
  })
  for (let tries = 0; tries < 600; tries++) {
    const url = /"url":"([^"]+)"/.exec(text)?.[1]
    if (url) return url
    if (child.exitCode !== null) throw new Error(`it has ended: ${text}`)
    await sleep(100)
  }
  throw new Error(`it does not come up: ${text}`)
}
