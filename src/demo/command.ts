/** `tiphys demo`: a whole GitOps world to look at, or a guided tour through it. */
import { Command } from 'commander'
import { messageText, shortRevision } from '../cli/application/describe.ts'
import type { Application } from '../model/index.ts'
import { untilInterrupted } from '../process/interrupt.ts'
import { packageFile } from '../process/package-file.ts'
import type { Log } from '../reconcile/stages.ts'
import type { DemoEnvironment } from './demo-environment.ts'
import { LiveTable } from './live-table.ts'

interface DemoFlags {
  tour?: boolean
  port: number
  clusterPort: number
  data?: string
  verbose?: boolean
}

export function demoCommand(): Command {
  return new Command('demo')
    .option('--tour', 'a guided tour of about a minute, each step checked')
    .option('--port <number>', 'port of Tiphys; 0 takes a free one', Number, 0)
    .option('--cluster-port <number>', 'port of the cluster; 0 takes a free one', Number, 0)
    .option('--data <folder>', 'keep the cluster there; in memory only without it')
    .option('--verbose', 'print the log')
    .action(demo)
}

async function demo({ tour, port, clusterPort, data, verbose }: DemoFlags): Promise<void> {
  const started = Date.now()
  const interrupted = untilInterrupted()
  // Loaded only now: no other command needs a whole cluster.
  const [{ startDemo }, { runTour }] = await Promise.all([import('./demo-environment.ts'), import('./tour.ts')])
  const environment = await startDemo({
    samples: packageFile('samples'),
    port,
    clusterPort,
    ...(data && { dataDir: data }),
    log: verbose ? consoleLog('debug') : consoleLog('error'),
  })
  try {
    process.stdout.write(introduction(environment, Date.now() - started))
    const ended = tour
      ? runTour(environment, (text) => void process.stdout.write(text))
      : showTable(environment, interrupted)
    const outcome = await Promise.race([ended, interrupted])
    if (outcome === 'failed') process.exitCode = 1
  } finally {
    await environment.stop()
  }
}

function introduction({ cluster, kubeconfig, repository, tiphys }: DemoEnvironment, ms: number): string {
  return `Tiphys is running (started in ${(ms / 1000).toFixed(1)} s). Everything is in memory and goes with Ctrl-C.

  Kubernetes API    ${cluster.url}
  kubeconfig        ${kubeconfig}      try: kubectl --kubeconfig ${kubeconfig} get pods -A
  Git repository    ${repository.path}
  working copy      ${repository.workingCopy}      edit, commit and push; Tiphys follows
  page              ${tiphys.url}      open it in a browser
  sign in           admin, ${tiphys.adminPassword ?? '(the password has been deleted)'}
  REST API          ${tiphys.url}/api/v1      described at /swagger.json; metrics at ${tiphys.metricsUrl}

`
}

async function showTable({ tiphys }: DemoEnvironment, interrupted: Promise<void>): Promise<void> {
  const { stdout } = process
  const table = new LiveTable(
    { write: (text) => void stdout.write(text), isTerminal: stdout.isTTY === true, columns: stdout.columns ?? 120 },
    ['APPLICATION', 'SYNC', 'HEALTH', 'REVISION', 'MESSAGE'],
  )
  const draw = () => table.show(tiphys.applications().sort(byName).map(rowOf))
  draw()
  const timer = setInterval(draw, 500)
  await interrupted
  clearInterval(timer)
}

function byName(one: Application, other: Application): number {
  return one.metadata.name.localeCompare(other.metadata.name)
}

export function rowOf(application: Application): string[] {
  const { metadata, status } = application
  return [
    metadata.name,
    status?.sync?.status ?? 'Unknown',
    status?.health?.status ?? 'Unknown',
    shortRevision(status?.sync?.revision),
    messageText(application),
  ]
}

function consoleLog(least: 'debug' | 'error'): Log {
  const write = (level: string) => (fields: object, message: string) =>
    void process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`)
  const silent = () => {}
  if (least === 'error') return { debug: silent, info: silent, warn: silent, error: write('error') }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
