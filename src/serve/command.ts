/** `tiphys serve`: the engine against a cluster, until it is told to stop. */
import { writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { Command, InvalidArgumentError, Option } from 'commander'
import { messageOf } from '../model/index.ts'
import { untilInterrupted } from '../process/interrupt.ts'
import type { RedisFlags } from '../shared-cache/index.ts'
import type { OpenStandalone } from '../standalone/index.ts'
import type { TraceFlags } from '../trace/index.ts'
import { allRoles, type Role, readRoles } from './role.ts'
import { startPatiently } from './start-patiently.ts'
import type { Tiphys } from './tiphys.ts'
import { traceOptions } from './trace-flags.ts'

interface ServeFlags extends TraceFlags, RedisFlags {
  kubeconfig?: string
  context?: string
  namespace: string
  host: string
  port: number
  metricsPort?: number
  probePort?: number
  insecure?: boolean
  trustedProxy?: string[]
  allowLocal?: boolean
  cacheDir?: string
  logLevel: string
  roles: readonly Role[]
  shared?: boolean
  data?: string
}

export function serveCommand(): Command {
  const serving = new Command('serve')
    .option('--kubeconfig <file>', "kubeconfig file; otherwise KUBECONFIG, the pod's own account, or ~/.kube/config")
    .option('--context <name>', 'context in the kubeconfig')
    .addOption(
      new Option('--data <folder>', 'no cluster: Applications and settings are kept in this folder').conflicts([
        'kubeconfig',
        'context',
        'shared',
      ]),
    )
    .addOption(
      new Option('--namespace <namespace>', 'namespace of the applications').default('argocd').env('TIPHYS_NAMESPACE'),
    )
    .option('--host <address>', 'address to listen on', '0.0.0.0')
    .option('--port <number>', 'port to listen on; 0 takes a free one', Number, 8080)
    .option('--metrics-port <number>', 'port to serve metrics on, without TLS, such as 8082; none without it', Number)
    .option('--probe-port <number>', 'port that only says whether the process lives and is ready, such as 8081', Number)
    .option('--insecure', 'serve without TLS, for a proxy in front that does it')
    .option('--trusted-proxy <address...>', 'addresses of proxies in front that say whose request it is')
    .option('--allow-local', 'allow repositories on the local disk and on loopback addresses')
    .option('--cache-dir <folder>', 'where copies of repositories are kept; a temporary folder without it')
    .addOption(
      new Option('--roles <names>', `what this process takes part in, of ${allRoles.join(', ')}`)
        .argParser(parsedRoles)
        .default(allRoles, 'all'),
    )
    .addOption(
      new Option(
        '--shared',
        'other processes have some of the same roles: each application is looked after by one of them, by Leases',
      ).env('TIPHYS_SHARED'),
    )
    .option('--redis <host:port>', 'a Redis or Valkey for what replicas share; without it each renders for itself')
    .option('--redis-use-tls', 'connect to it with TLS')
    .option('--redis-ca-certificate <file>', 'whom to trust there, in PEM; the authorities of the system without it')
    .option('--redis-client-certificate <file>', 'certificate to show there, in PEM')
    .option('--redis-client-key <file>', 'its key, in PEM')
    .addOption(
      new Option('--log-level <level>', 'how much is logged')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
  for (const option of traceOptions()) serving.addOption(option)
  return serving.action(serve)
}

function parsedRoles(text: string): Role[] {
  try {
    return readRoles(text)
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error))
  }
}

async function serve({
  kubeconfig,
  context,
  namespace,
  host,
  port,
  metricsPort,
  probePort,
  insecure = false,
  trustedProxy,
  allowLocal,
  cacheDir,
  logLevel,
  roles,
  shared = false,
  data,
  ...flags
}: ServeFlags): Promise<void> {
  // The heap grows in smaller steps: a little more collecting for much less memory (docs/performance.md).
  setFlagsFromString('--heap-growing-percent=70')
  // Loaded only now: no other command needs the engine.
  const [{ pino }, { loadConfig }, { startTiphys }, { openProbeServer }] = await Promise.all([
    import('pino'),
    import('../kube/load-config.ts'),
    import('./tiphys.ts'),
    import('./probe-server.ts'),
  ])
  const log = pino({ level: logLevel })
  let tiphys: Tiphys | undefined
  const problems = () => tiphys?.problems() ?? ['it has not started yet']
  // From the beginning on: one that waits for its cluster lives, however long that takes.
  const probes =
    probePort === undefined ? undefined : await openProbeServer({ host, port: probePort }, { problems, log })
  const interrupted = untilInterrupted()
  const standalone = data === undefined ? undefined : await openStandaloneLater(data, namespace)
  const credentials = standalone?.credentials ?? (await loadConfig({ kubeconfig, context }))
  if (standalone) log.info({ kubeconfig: standalone.kubeconfig }, 'Applications and settings are in a folder')
  const options = {
    credentials,
    isCluster: standalone === undefined,
    namespace,
    host,
    port,
    insecure,
    allowLocal: allowLocal === true,
    log,
    roles,
    shared,
    traces: flags,
    redis: flags,
  }
  const start = () =>
    startTiphys({
      ...options,
      ...(metricsPort !== undefined && { metricsPort }),
      ...(cacheDir && { cacheDir }),
      ...(trustedProxy && { trustedProxies: trustedProxy }),
    })
  tiphys = await startPatiently(start, { interrupted, log })
  if (!tiphys) return closeAll([probes, standalone])
  const { url, metricsUrl } = tiphys
  log.info({ url, metricsUrl, cluster: credentials.server, namespace }, 'tiphys is running')
  await interrupted
  log.info({}, 'stopping')
  await tiphys.stop()
  await closeAll([probes, standalone])
}

async function closeAll(opened: ({ close(): Promise<void> } | undefined)[]): Promise<void> {
  for (const one of opened) await one?.close()
}

/** What sysexits.h calls an input/output error: a supervisor starts the program again after a pause. */
const diskRefused = 74

/** The embedded API is loaded for those who ask for it. */
async function openStandaloneLater(dataDir: string, namespace: string): Promise<OpenStandalone> {
  const { openStandalone } = await import('../standalone/index.ts')
  const opening = openStandalone({
    dataDir,
    namespace,
    onRefused(error) {
      const advice = 'make room there, or see why it cannot be written to, and start Tiphys again'
      const told = `Tiphys has ended: ${dataDir} takes no more writes (${messageOf(error)}). What was acknowledged is kept: ${advice}.\n`
      // At once, and without an orderly stop, which would act on what is not kept
      try {
        writeSync(process.stderr.fd, told)
      } finally {
        process.exit(diskRefused)
      }
    },
  })
  return opening.catch((cause: unknown) => {
    const message = messageOf(cause)
    // That somebody else has the folder is told with its name in front.
    throw message.startsWith(dataDir) ? cause : new Error(`${dataDir} cannot be used: ${message}`, { cause })
  })
}
