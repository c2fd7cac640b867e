import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { stage } from '../controllers/testing/stage.ts'
import type { Pod, PodSpec } from '../controllers/workload.ts'
import { StatusError } from '../status.ts'
import { handleExec } from './exec.ts'

const podsName = { group: '', version: 'v1', resource: 'pods' }
const configMaps = { group: '', version: 'v1', resource: 'configmaps' }
let server: Server | undefined

afterEach(() => {
  server?.close()
})

async function serve(spec: Partial<PodSpec> = {}, verb: 'exec' | 'attach' = 'exec') {
  const play = stage({ nodes: 1 })
  play.settle()
  const metadata = { name: 'settings', namespace: 'demo' }
  play.cluster.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mode: 'fast\n' } })
  const container = {
    name: 'c',
    image: 'shop:1',
    env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }],
    volumeMounts: [{ name: 'config', mountPath: '/etc/shop' }],
  }
  const volumes = [{ name: 'config', configMap: { name: 'settings' } }]
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'demo' } }
  play.cluster.create(podsName, {
    ...pod,
    spec: { containers: [container], volumes, restartPolicy: 'Always', ...spec },
  })
  play.settle(250)
  const seen = () => play.one(podsName, 'p') as Pod
  const listening = createServer()
  server = listening
  listening.on('upgrade', (request, socket, head) => {
    const { searchParams: query } = new URL(request.url ?? '', 'http://localhost')
    try {
      handleExec({ request, socket, head }, { verb, pod: seen(), query, client: play.cluster, clock: play.clock })
    } catch (error) {
      const code = error instanceof StatusError ? error.status.code : 500
      socket.end(`HTTP/1.1 ${code} Refused\r\nconnection: close\r\n\r\n`)
    }
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return { port, seen, play }
}

interface Session {
  socket: WebSocket
  out: Record<number, string>
  closed: Promise<void>
}

async function connect(port: number, query: string, protocols = ['v5.channel.k8s.io']): Promise<Session> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?${query}`, protocols)
  const out: Record<number, string> = {}
  socket.on('message', (data: Buffer) => {
    const channel = data[0] ?? -1
    out[channel] = (out[channel] ?? '') + data.subarray(1).toString()
  })
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, out, closed }
}

function send({ socket }: Session, channel: number, text: string | Buffer): void {
  socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]))
}

test('a command runs and its output and success come back', async () => {
  const { port } = await serve()
  const session = await connect(port, 'command=sh&command=-c&command=echo+hi%3B+cat+/etc/shop/mode&stdout=1&stderr=1')
  await session.closed
  expect(session.out[1]).toBe('hi\nfast\n')
  expect(JSON.parse(session.out[3] ?? '')).toEqual({ metadata: {}, status: 'Success' })
})

test('an exit code other than 0 comes back as a Failure that tells it', async () => {
  const { port } = await serve()
  const session = await connect(port, 'command=cat&command=/nope&stdout=1&stderr=1', ['v4.channel.k8s.io'])
  await session.closed
  expect(session.out[2]).toBe("cat: can't open '/nope': No such file or directory\n")
  expect(JSON.parse(session.out[3] ?? '')).toEqual({
    metadata: {},
    status: 'Failure',
    message: 'command terminated with exit code 1',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '1' }] },
  })
})

test('a program that the image has not got cannot start', async () => {
  const { port } = await serve()
  const session = await connect(port, 'command=frobnicate&stdout=1')
  await session.closed
  expect(session.out[3]).toContain('exec: \\"frobnicate\\": executable file not found in $PATH')
})

test('a shell reads stdin until the client closes that channel', async () => {
  const { port } = await serve()
  const session = await connect(port, 'command=/bin/sh&stdin=1&stdout=1&stderr=1')
  send(session, 0, 'echo "$MODE"\nhostname\n')
  send(session, 255, Buffer.from([0]))
  await session.closed
  expect(session.out[1]).toBe('fast\n\np\n')
  expect(session.out[3]).toContain('Success')
})

test('a terminal echoes and ends at exit', async () => {
  const { port } = await serve()
  const session = await connect(port, 'command=sh&stdin=1&stdout=1&tty=1')
  send(session, 4, '{"Width":80,"Height":24}')
  send(session, 0, 'exit 3\r')
  await session.closed
  expect(session.out[1]).toBe('/ # exit 3\r\n')
  expect(session.out[3]).toContain('exit code 3')
})

test('a container that does not run cannot be entered', async () => {
  const { port } = await serve({ containers: [{ name: 'c', image: 'missing' }] })
  await expect(connect(port, 'command=ls')).rejects.toThrow('Unexpected server response: 400')
})

test('a client that speaks another protocol is refused', async () => {
  const { port } = await serve()
  await expect(connect(port, 'command=ls', ['channel.k8s.io'])).rejects.toThrow('Unexpected server response: 400')
})

test('who is attached to a container with a stdin ends it, and with it the pod', async () => {
  const { port, seen } = await serve(
    { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', stdin: true }] },
    'attach',
  )
  expect(seen().status?.phase).toBe('Running')
  const session = await connect(port, 'stdin=1&stdout=1')
  send(session, 0, 'echo bye\nexit 0\n')
  await session.closed
  expect(session.out[1]).toBe('bye\n')
  expect(seen().status?.phase).toBe('Succeeded')
})
