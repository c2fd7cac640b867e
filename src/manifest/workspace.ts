/** A private directory for one rendering, and programs run in it with nothing of our own environment. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../process/run.ts'
import type { Limits } from './limits.ts'
import { programError } from './program-error.ts'
import type { Tool } from './tools.ts'

export interface Workspace {
  /** The copy of the source's files. */
  files: string
  /** Directories beside the copy, for what is not of the source. */
  beside(name: string): Promise<string>
  run(tool: Tool, args: string[], options: WorkspaceRun): Promise<string>
}

export interface WorkspaceRun {
  cwd: string
  env?: Record<string, string>
  /** What errors call the program, if not by its file's name. */
  name?: string
  input?: string
}

export interface WorkspaceOptions {
  limits: Limits
  signal?: AbortSignal
}

/** Far longer than a rendering takes. */
const staleMs = 30 * 60_000

/**
 * Removes the directories of processes that were killed. Called before anything is rendered: what bears the number of this
 * process is of one before it, as in a container, where each has the same.
 */
export async function removeStaleWorkspaces(folder = tmpdir()): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /^tiphys-render-(\d+)-/.exec(name)?.[1]
    if (pid === undefined) continue
    const directory = join(folder, name)
    const isOld = async () => (await stat(directory)).mtimeMs < Date.now() - staleMs
    if (Number(pid) === process.pid || (!isAlive(Number(pid)) && (await isOld().catch(() => false)))) {
      await rm(directory, { recursive: true, force: true }).catch(() => {})
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is of somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Makes the directory, does the work and removes it, whatever happens. */
export async function inWorkspace<T>(
  options: WorkspaceOptions,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), `tiphys-render-${process.pid}-`))
  try {
    return await work(await openWorkspace(root, options))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function openWorkspace(root: string, { limits, signal }: WorkspaceOptions): Promise<Workspace> {
  const beside = async (name: string): Promise<string> => {
    const directory = join(root, name)
    await mkdir(directory, { recursive: true })
    return directory
  }
  const files = await beside('files')
  const home = await beside('home')
  return {
    files,
    beside,
    async run(tool, args, { cwd, env = {}, name, input }) {
      const [program = '', ...first] = tool.command
      try {
        const { stdout } = await run(program, {
          args: [...first, ...args],
          cwd,
          env: { ...cleanEnvironment(home), ...env },
          timeLimitMs: limits.timeMs,
          outputLimit: limits.outputBytes,
          memoryLimit: limits.memoryBytes,
          ...(signal ? { signal } : {}),
          ...(input === undefined ? {} : { input }),
        })
        return stdout.toString('utf8')
      } catch (error) {
        throw programError(name ?? program.slice(program.lastIndexOf('/') + 1), error, root)
      }
    },
  }
}

/** No PATH and no way out: charts and kustomizations have no business starting programs or fetching things. */
function cleanEnvironment(home: string): Record<string, string> {
  return {
    HOME: home,
    TMPDIR: home,
    LC_ALL: 'C',
    PATH: '/nonexistent',
    KUBECONFIG: '/dev/null',
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
    HELM_NO_PLUGINS: '1',
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '',
    GOMAXPROCS: '2',
  }
}
