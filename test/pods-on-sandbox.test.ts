import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect } from '../src/kube/connect.ts'
import type { ClusterCredentials } from '../src/kube/credentials.ts'
import type { ExecOptions, ExecSession, KubeClient } from '../src/kube/kube-client.ts'
import { loadConfig } from '../src/kube/load-config.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'

let sandbox: Sandbox
let folder: string
let credentials: ClusterCredentials
let client: KubeClient
let proxy: Server
const tunnelled: string[] = []

const pod = { namespace: 'shop', name: 'web' }
const target = { group: '', version: 'v1', kind: 'Pod', ...pod }
const shell: ExecOptions = { ...pod, container: 'web', command: ['sh'], tty: false, stdin: true }

beforeAll(async () => {
  sandbox = await startSandbox()
  folder = await mkdtemp(join(tmpdir(), 'pods-'))
  await writeFile(join(folder, 'kubeconfig'), sandbox.kubeconfig)
  credentials = await loadConfig({ kubeconfig: join(folder, 'kubeconfig') })
  client = connect(credentials)
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  const spec = { containers: [{ name: 'web', image: 'nginx' }] }
  await client.apply({ apiVersion: 'v1', kind: 'Pod', metadata: pod, spec })
  await vi.waitFor(async () => expect((await client.get(target))?.status).toMatchObject({ phase: 'Running' }), {
    timeout: 15_000,
    interval: 50,
  })
  proxy = createServer().on('connect', (request, socket, head) => {
    tunnelled.push(request.url ?? '')
    const [host, port] = (request.url ?? '').split(':')
    const onward = dial(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await client.close()
  await sandbox.close()
  await new Promise((resolve) => proxy.close(resolve))
  await rm(folder, { recursive: true })
})

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const line of lines) found.push(line)
  return found
}

async function run(session: ExecSession, input: string) {
  const texts = { stdout: '', stderr: '' }
  await session.write(input)
  session.endInput()
  for await (const { channel, data } of session.output) texts[channel] += data
  return { ...texts, end: await session.done }
}

test('the log of a pod comes line by line, with times when asked', async () => {
  const lines = await all(client.logs(pod))
  expect(lines.length).toBeGreaterThan(0)
  const [last] = await all(client.logs(pod, { container: 'web', tailLines: 1, timestamps: true }))
  expect(last).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /)
  expect(last?.slice(31)).toBe(lines.at(-1))
})

test('a log that cannot be had is refused with the reason', async () => {
  await expect(all(client.logs({ ...pod, name: 'none' }))).rejects.toMatchObject({ code: 404, reason: 'NotFound' })
  await expect(all(client.logs(pod, { previous: true }))).rejects.toThrow('previous terminated container')
})

test('a followed log goes on until it is aborted', async () => {
  const abort = new AbortController()
  const lines: string[] = []
  for await (const line of client.logs(pod, { follow: true, signal: abort.signal })) {
    lines.push(line)
    abort.abort()
  }
  expect(lines).toHaveLength(1)
})

test('a shell reads its commands, and its exit code is known', async () => {
  const session = await client.exec(shell)
  expect(session.protocol).toBe('v5.channel.k8s.io')
  expect(await run(session, 'echo grüezi\nexit 3\n')).toEqual({ stdout: 'grüezi\n', stderr: '', end: { exitCode: 3 } })
})

test('the end of the input ends what reads it', async () => {
  const session = await client.exec({ ...shell, command: ['cat'] })
  expect(await run(session, 'to and fro')).toEqual({ stdout: 'to and fro', stderr: '', end: { exitCode: 0 } })
})

test('a terminal prompts, echoes, and has a size', async () => {
  const session = await client.exec({ ...shell, tty: true })
  session.resize({ cols: 120, rows: 40 })
  const { stdout, end } = await run(session, 'echo hello\rexit\r')
  expect(stdout).toContain('# echo hello\r\nhello\r\n')
  expect(end).toEqual({ exitCode: 0 })
})

test('a command that cannot be run is told with the reason', async () => {
  const session = await client.exec({ ...shell, command: ['no-such-program'], stdin: false })
  expect(await session.done).toEqual({ error: expect.stringContaining('executable file not found') })
})

test('a session that is refused tells why', async () => {
  await expect(client.exec({ ...shell, name: 'none' })).rejects.toMatchObject({ code: 404, reason: 'NotFound' })
  await expect(client.exec({ ...shell, container: 'none' })).rejects.toMatchObject({ code: 400 })
  const stranger = client.as('system:serviceaccount:shop:default')
  await expect(stranger.exec(shell)).rejects.toMatchObject({ code: 403, reason: 'Forbidden' })
})

test('a session goes through the proxy of the cluster, with the same certificates', async () => {
  const { port } = proxy.address() as AddressInfo
  const far = connect({ ...credentials, proxyUrl: `http://127.0.0.1:${port}` })
  const session = await far.exec(shell)
  expect(await run(session, 'echo through\n')).toMatchObject({ stdout: 'through\n', end: { exitCode: 0 } })
  expect(tunnelled).toEqual([new URL(credentials.server).host])
  await far.close()
})

test('a server whose authority is not known is not spoken to', async () => {
  const suspicious = connect({ ...credentials, ca: undefined }, { random: () => 0 })
  await expect(suspicious.exec(shell)).rejects.toMatchObject({ code: 0, reason: 'Unreachable' })
  await suspicious.close()
})
