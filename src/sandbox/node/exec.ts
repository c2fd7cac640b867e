/** kubectl exec and kubectl attach: a WebSocket to the emulated shell of a container. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Clock } from '../controllers/clock.ts'
import type { ControllerClient } from '../controllers/controller.ts'
import type { Container, Pod } from '../controllers/workload.ts'
import { Channels, channelProtocols } from './channels.ts'
import { badRequest, chooseContainer, statusOfContainer } from './container-choice.ts'
import { endContainer } from './container-end.ts'
import { machineOf } from './machine.ts'
import { podLogs } from './pod-logs.ts'
import { isProgram, isShell, Shell } from './shell.ts'
import { interactiveShell, pipedCat, pipedShell, type Terminal } from './terminal.ts'

/** What a server's `upgrade` event brings. */
export interface Upgrade {
  request: IncomingMessage
  socket: Duplex
  head: Buffer
}

export interface ExecTarget {
  verb: 'exec' | 'attach'
  pod: Pod
  query: URLSearchParams
  client: ControllerClient
  clock: Clock
}

const server = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => channelProtocols.find((protocol) => offered.has(protocol)) ?? false,
})

function isOn(query: URLSearchParams, name: string): boolean {
  return ['true', '1'].includes(query.get(name) ?? '')
}

/** The container that is to be entered; throws a StatusError when it does not run. */
function runningContainer({ pod, query, verb }: ExecTarget): Container {
  const container = chooseContainer(pod, query.get('container'))
  if (verb === 'exec' && query.getAll('command').length === 0)
    throw badRequest('you must specify at least 1 command for the container')
  if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
  if (statusOfContainer(pod, container.name)?.state.running) return container
  const { name, namespace } = pod.metadata
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
    throw badRequest(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`)
  }
  throw badRequest(
    `unable to upgrade connection: container not found ("${container.name}") in pod ${name}_${namespace}`,
  )
}

function reads(words: string[]): 'shell' | 'cat' | 'nothing' {
  const [program = '', ...args] = words
  if (isShell(program) && !args.some((arg) => /^-\w*c$/.test(arg))) return 'shell'
  return /(^|\/)cat$/.test(program) && args.length === 0 ? 'cat' : 'nothing'
}

function runOnce(channels: Channels, shell: Shell, words: string[]): void {
  const [program = ''] = words
  if (!isProgram(program)) {
    const failure = `exec: "${program}": executable file not found in $PATH`
    channels.exit({ code: 127, failure: `error executing command in container: ${failure}` })
    return
  }
  const { stdout, stderr, exitCode } = shell.runWords(words)
  if (stdout) channels.stdout(stdout)
  if (stderr) channels.stderr(stderr)
  channels.exit({ code: exitCode })
}

function startExec(channels: Channels, container: Container, target: ExecTarget): void {
  const words = target.query.getAll('command')
  const machine = machineOf(target.pod, container, target)
  const output = {
    stdout: (text: string) => channels.stdout(text),
    stderr: (text: string) => channels.stderr(text),
    exit: (code: number) => channels.exit({ code }),
  }
  const what = reads(words)
  if (what === 'nothing') {
    runOnce(channels, new Shell(machine), words)
    return
  }
  const shell = isOn(target.query, 'tty') ? interactiveShell : pipedShell
  const terminal: Terminal = what === 'cat' ? pipedCat(output) : shell(machine, output)
  if (isOn(target.query, 'stdin')) channels.onInput(terminal.input, terminal.end)
  else terminal.end()
}

/** A container with a stdin of its own is a shell whose end is the container's; any other shows what it writes. */
function startAttach(channels: Channels, container: Container, target: ExecTarget): void {
  if (!container.stdin) {
    void showLog(channels, container, target)
    return
  }
  const output = {
    stdout: (text: string) => channels.stdout(text),
    stderr: (text: string) => channels.stderr(text),
    exit(code: number) {
      endContainer(target, container, code)
      channels.exit({ code })
    },
  }
  const shell = isOn(target.query, 'tty') ? interactiveShell : pipedShell
  const terminal = shell(machineOf(target.pod, container, target), output)
  channels.onInput(terminal.input, terminal.end)
}

async function showLog(channels: Channels, container: Container, target: ExecTarget): Promise<void> {
  const abort = new AbortController()
  channels.onInput(
    () => {},
    () => abort.abort(),
  )
  const source = { client: target.client, clock: target.clock, signal: abort.signal }
  const options = { container: container.name, follow: true, since: target.clock.now() }
  for await (const text of podLogs(target.pod, options, source)) channels.stdout(text)
  channels.exit({ code: 0 })
}

/** Throws a StatusError before the connection is upgraded when the container cannot be entered. */
export function handleExec({ request, socket, head }: Upgrade, target: ExecTarget): void {
  const container = runningContainer(target)
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  if (!channelProtocols.some((protocol) => offered.split(/,\s*/).includes(protocol))) {
    throw badRequest(`unable to upgrade: this server speaks ${channelProtocols.join(' and ')} over WebSocket`)
  }
  server.handleUpgrade(request, socket, head, (webSocket) => {
    const channels = new Channels(webSocket)
    if (target.verb === 'exec') startExec(channels, container, target)
    else startAttach(channels, container, target)
  })
}
