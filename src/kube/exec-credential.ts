/** Credentials from a plugin: a program that prints an ExecCredential. */
import { execFile } from 'node:child_process'
import { dirname, isAbsolute, resolve, sep } from 'node:path'
import { type Authentication, bearerHeader } from './credentials.ts'

export interface ExecPlugin {
  command: string
  args: string[]
  env: Record<string, string>
  apiVersion: string
  installHint?: string
  /** Handed to the plugin in KUBERNETES_EXEC_INFO where the kubeconfig says so. */
  cluster?: Record<string, unknown>
  /** What it says on stderr is not repeated: whoever reads of the failure may not be whoever may read its credentials. */
  discreet?: boolean
}

interface ExecCredential {
  status?: {
    token?: string
    expirationTimestamp?: string
    clientCertificateData?: string
    clientKeyData?: string
  }
}

const timeLimitMs = 60_000
/** Asked for again a little before the end, so that no request starts with a credential that expires on the way. */
const marginMs = 30_000

/** Remembers the answer until it expires; callers at the same time share one run of the program. */
export function execAuthenticator(plugin: ExecPlugin, now: () => number = Date.now) {
  let answer: { authentication: Authentication; until: number } | undefined
  let running: Promise<Authentication> | undefined

  async function renew(): Promise<Authentication> {
    const { status } = await runPlugin(plugin)
    if (!status?.token && !status?.clientCertificateData)
      throw new Error(`${plugin.command} printed an ExecCredential with neither a token nor a client certificate`)
    const authentication: Authentication = { headers: status.token ? bearerHeader(status.token) : {} }
    if (status.clientCertificateData && status.clientKeyData)
      authentication.certificate = { cert: status.clientCertificateData, key: status.clientKeyData }
    const expiry = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : Number.POSITIVE_INFINITY
    answer = { authentication, until: expiry - marginMs }
    return authentication
  }

  return function authenticate(options: { renew?: boolean } = {}): Promise<Authentication> {
    if (answer && answer.until > now() && !options.renew) return Promise.resolve(answer.authentication)
    running ??= renew().finally(() => {
      running = undefined
    })
    return running
  }
}

/** A command with a path is meant relative to the file that names it; a bare one is looked up on PATH. */
export function pluginCommand(command: string, file: string): string {
  return command.includes(sep) && !isAbsolute(command) ? resolve(dirname(file), command) : command
}

function runPlugin(plugin: ExecPlugin): Promise<ExecCredential> {
  const spec = { interactive: false, ...(plugin.cluster && { cluster: plugin.cluster }) }
  const info = JSON.stringify({ kind: 'ExecCredential', apiVersion: plugin.apiVersion, spec })
  const env = { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: info }
  return new Promise((fulfil, reject) => {
    const options = { env, timeout: timeLimitMs, maxBuffer: 10 * 1024 * 1024 }
    const child = execFile(plugin.command, plugin.args, options, (error, stdout, stderr) => {
      if (error) return reject(pluginFailure(plugin, error, stderr))
      try {
        fulfil(JSON.parse(stdout))
      } catch (cause) {
        reject(new Error(`${plugin.command} did not print an ExecCredential as JSON`, { cause }))
      }
    })
    child.stdin?.end()
  })
}

function pluginFailure(plugin: ExecPlugin, error: Error & { code?: unknown; killed?: boolean }, stderr: string): Error {
  const hint = plugin.installHint ? ` ${plugin.installHint}` : ''
  if (error.code === 'ENOENT')
    return new Error(`credential plugin ${plugin.command} was not found; install it or put it on PATH.${hint}`)
  if (plugin.discreet)
    return new Error(`credential plugin ${plugin.command} ${ending(error)}: run it by hand to see why`)
  const why = error.killed ? ending(error) : stderr.trim() || error.message
  return new Error(`credential plugin ${plugin.command} failed: ${why}`, { cause: error })
}

function ending({ killed, code }: { code?: unknown; killed?: boolean }): string {
  if (killed) return `did not finish within ${timeLimitMs / 1000} s`
  return typeof code === 'number' ? `ended with exit code ${code}` : `could not be run (${String(code)})`
}
