/** Starts the git program with nothing of the user's or the system's configuration, and puts its failures into words. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StageError, withoutPassword } from '../model/index.ts'
import { RunError, run } from '../process/run.ts'

export interface Git {
  environment: Record<string, string>
  /** A folder without certificates, for commands that trust those they are given and no others. */
  noAuthorities: string
  run(args: string[], options?: GitRun): Promise<string>
}

export interface GitRun {
  input?: string
  /** Laid over the environment of all commands. */
  environment?: Record<string, string>
  timeLimitMs?: number
  /** How long it may tidy up after itself when it is stopped. */
  graceMs?: number
}

export interface GitSettings {
  /** A directory of our own for git's home. */
  home: string
  allowLocal: boolean
  timeLimitMs: number
  limits?: Partial<GitLimits>
}

/** In bytes, of one command. */
export interface GitLimits {
  /** What it may print: the branches and tags of a repository, which are read on the one thread. */
  output: number
  /** Of private memory, and of one file that it writes; both where the system has `prlimit`. */
  memory: number
  file: number
}

/** Far above what large monorepos take: their packs are mapped into memory, which does not count. */
const defaultLimits: GitLimits = { output: 32 * 1024 ** 2, memory: 4 * 1024 ** 3, file: 16 * 1024 ** 3 }

/** Passed on from our own environment: how this machine reaches the network, and which certificates it trusts. */
const inherited = [
  'PATH',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
]

const configuration = [
  ['safe', 'directory = *'],
  ['gc', 'auto = 0'],
  ['maintenance', 'auto = false'],
  ['core', 'hooksPath = /dev/null\n\tfsmonitor = false\n\tsymlinks = false'],
  ['credential', 'helper ='],
  ['http', 'followRedirects = false\n\tlowSpeedLimit = 1000\n\tlowSpeedTime = 20'],
  ['fetch', 'recurseSubmodules = false\n\twriteCommitGraph = false'],
  ['protocol', 'version = 2'],
]

export function openGit({ home, allowLocal, timeLimitMs, limits: given }: GitSettings): Git {
  const limits = { ...defaultLimits, ...given }
  const noAuthorities = join(home, 'no-authorities')
  mkdirSync(noAuthorities, { recursive: true })
  const configFile = join(home, 'gitconfig')
  writeFileSync(configFile, configuration.map(([section, body]) => `[${section}]\n\t${body}\n`).join(''))
  const environment: Record<string, string> = {
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    SSH_ASKPASS: 'true',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: allowLocal ? 'https:http:ssh:file' : 'https:http:ssh',
    GIT_SSH_COMMAND: 'ssh -F /dev/null -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=15',
  }
  for (const name of inherited) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return {
    environment,
    noAuthorities,
    async run(args, options = {}) {
      const { stdout } = await run('git', {
        args,
        env: { ...environment, ...options.environment },
        timeLimitMs: options.timeLimitMs ?? timeLimitMs,
        outputLimit: limits.output,
        memoryLimit: limits.memory,
        fileLimit: limits.file,
        ...(options.graceMs !== undefined && { graceMs: options.graceMs }),
        ...(options.input === undefined ? {} : { input: options.input }),
      })
      return stdout.toString('utf8')
    },
  }
}

const explanations: [pattern: RegExp, advice: string, retry: boolean][] = [
  [
    /SIGXFSZ|signal 25\b|file too large/i,
    'it is larger than what Git may write into one file: move its large files elsewhere',
    false,
  ],
  [
    /out of memory|malloc failed|cannot allocate memory/i,
    'Git needs more memory for it than it may have: move its large files elsewhere',
    true,
  ],
  [
    /CONNECT tunnel failed|from proxy after CONNECT|could not resolve proxy/i,
    'the proxy of this machine does not lead there: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY of Tiphys',
    true,
  ],
  [/could not resolve host|name or service not known/i, 'its host name is not known: check repoURL', true],
  [
    /connection refused|failed to connect|no route to host/i,
    'its host cannot be reached: check repoURL, and whether the host is up',
    true,
  ],
  [
    /connection timed out|operation timed out|operation too slow/i,
    'its host does not answer: check repoURL, and whether a firewall or proxy stands in between',
    true,
  ],
  [
    /authentication failed|could not read (username|password)|permission denied \(|returned error: 40[13]|terminal prompts disabled/i,
    'it is private or does not exist: check repoURL and the credentials',
    false,
  ],
  [
    /host key verification failed/i,
    "its host's SSH key is not known: check that it is the right host, and add its key to the known hosts",
    false,
  ],
  [
    /returned error: (429|5\d\d)/i,
    'its host has trouble of its own, and is asked again: check whether it is well, and does not limit how often it is asked',
    true,
  ],
  [
    /redirect|returned error: 30\d/i,
    'it answers with a redirect, which is not followed: give the final address (often with .git)',
    false,
  ],
  [
    /repository .* not found|does not appear to be a git repository|not valid: is this a git repository|not found|not a git repository/i,
    'there is no Git repository at this address: check repoURL',
    false,
  ],
  [
    /certificate|ssl/i,
    "its host's certificate is not trusted: check repoURL, or add the authority to the trusted certificates",
    false,
  ],
]

const flood = 'delete branches and tags that nobody needs'
const slowness = 'check whether its host is overloaded, or a firewall or proxy stands in between'

/** A failed git command as an error of the source stage: what is wrong with the repository, then git's own words. */
export function gitError(doing: string, url: string, error: unknown): StageError {
  if (error instanceof StageError) return error
  const shown = withoutPassword(url)
  if (!(error instanceof RunError)) {
    return new StageError('source', `${doing} of ${shown} failed: ${String(error)}`, { retry: true, cause: error })
  }
  if (error.failure === 'missing') {
    return new StageError('source', 'the program git is not installed: install it', { retry: false, cause: error })
  }
  const said = withoutPassword(error.message).split('\n').slice(-4).join(' ')
  if (error.failure !== 'exit') {
    const why = { time: `: ${slowness}`, output: `: ${flood}`, aborted: '' }[error.failure]
    return new StageError('source', `${doing} of ${shown}: git ${said}${why}`, { retry: true, cause: error })
  }
  const [, advice, retry] = explanations.find(([pattern]) => pattern.test(error.message)) ?? [0, undefined, true]
  const message = advice ? `cannot read ${shown}: ${advice} (${said})` : `${doing} of ${shown} failed: ${said}`
  return new StageError('source', message, { retry, cause: error })
}
