/** A Jsonnet file, evaluated in a process of its own on a copy of nothing but the files that it imports. */
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { type DirectorySource, type Manifest, StageError } from '../../model/index.ts'
import { outputOrigin, readDocuments } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import { inWorkspace } from '../workspace.ts'
import { importsOf, type JsonnetImport, JsonnetSyntaxError } from './jsonnet-imports.ts'

type Jsonnet = NonNullable<DirectorySource['jsonnet']>

/** Runs in the child: reads what to do from standard input. */
const script = `
const { Jsonnet } = require(process.argv[1])
const chunks = []
process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', async () => {
  const { file, libraries, extVars, tlas } = JSON.parse(Buffer.concat(chunks).toString())
  const jsonnet = new Jsonnet()
  for (const path of libraries) jsonnet.addJpath(path)
  for (const { name, value, code } of extVars) code ? jsonnet.extCode(name, value) : jsonnet.extString(name, value)
  for (const { name, value, code } of tlas) code ? jsonnet.tlaCode(name, value) : jsonnet.tlaString(name, value)
  try {
    process.stdout.write(await jsonnet.evaluateFile(file))
  } catch (error) {
    process.stderr.write(String(error.message))
    process.exitCode = 1
  }
})
`

export async function renderJsonnet(
  work: RenderWork,
  file: string,
): Promise<{ manifests: Manifest[]; warnings: string[] }> {
  const library = findLibrary(file)
  const jsonnet = work.source.directory?.jsonnet ?? {}
  const { limits, request, environment } = work
  const substituted = (variables: Jsonnet['extVars']): { name: string; value: string; code: boolean }[] =>
    (variables ?? []).map(({ name, value, code = false }) => ({ name, value: environment.substitute(value), code }))
  const extVars = substituted(jsonnet.extVars)
  const tlas = substituted(jsonnet.tlas)
  const snippets = [...extVars, ...tlas].filter(({ code }) => code).map(({ value }) => value)
  const libraries = (jsonnet.libs ?? []).map(libraryPath)
  const paths = await importedFiles(work, { file, snippets, libraries })
  const options = request.signal ? { limits, signal: request.signal } : { limits }
  const output = await inWorkspace(options, async (workspace) => {
    await work.tree.materialise(paths, workspace.files)
    const input = { file, libraries, extVars, tlas }
    const node = { command: [process.execPath, '--eval', script, '--', library], version: process.version }
    return workspace.run(node, [], { cwd: workspace.files, name: 'jsonnet', input: JSON.stringify(input) })
  })
  return readDocuments(flattened(output), { ...outputOrigin(file), locate: () => ({ file }) })
}

/** The result may be one object or a list of them. */
function flattened(output: string): string {
  const text = output.trim()
  if (!text.startsWith('[')) return text
  // The items' text is taken over as it is, so that no number is rounded.
  return `{"apiVersion": "v1", "kind": "List", "metadata": {"name": "list"}, "items": ${text}}`
}

function findLibrary(file: string): string {
  try {
    return createRequire(import.meta.url).resolve('@hanazuki/node-jsonnet')
  } catch (cause) {
    const message = `${file} needs Jsonnet, whose library could not be built when Tiphys was installed: install cmake and a C++ compiler, and run "npm install" again`
    throw new StageError('manifest', message, { retry: false, cause })
  }
}

interface Entry {
  file: string
  /** Code given with the source, which can import too. */
  snippets: string[]
  libraries: string[]
}

/** Libraries are directories below the root of the repository. */
function libraryPath(path: string): string {
  const normal = posix.normalize(path.replace(/^\/+/, ''))
  if (normal === '..' || normal.startsWith('../')) throw leaves('directory.jsonnet.libs', path)
  return normal
}

/** The file and everything that it may import, directly or not, wherever it is found in the tree. */
async function importedFiles(work: RenderWork, { file, snippets, libraries }: Entry): Promise<string[]> {
  const found = new Set<string>([file])
  const followed = new Set<string>()

  async function follow(path: string): Promise<void> {
    if (followed.has(path)) return
    followed.add(path)
    await followImports((await work.tree.read(path)).toString('utf8'), path)
  }

  async function followImports(text: string, from: string): Promise<void> {
    for (const { path, isCode } of imports(text, from)) {
      const target = await locate(path, from)
      if (target === undefined) continue
      found.add(target)
      if (isCode) await follow(target)
    }
  }

  /** As the evaluation does it: beside the file, then in the libraries, the last one first. */
  async function locate(imported: string, from: string): Promise<string | undefined> {
    if (imported.startsWith('/')) throw leaves(from, imported)
    for (const directory of [posix.dirname(from), ...libraries.toReversed()]) {
      const path = posix.normalize(posix.join(directory, imported))
      if (path === '..' || path.startsWith('../')) throw leaves(from, imported)
      if ((await work.tree.stat(path))?.kind === 'file') return path
    }
    return undefined
  }

  await follow(file)
  for (const snippet of snippets) await followImports(snippet, 'directory.jsonnet')
  return [...found]
}

function imports(text: string, from: string): JsonnetImport[] {
  try {
    return importsOf(text)
  } catch (error) {
    if (!(error instanceof JsonnetSyntaxError)) throw error
    throw new StageError('manifest', `${from}: ${error.message}`, { retry: false, cause: error })
  }
}

function leaves(from: string, imported: string): StageError {
  const message = `${from} imports ${imported}, which leads out of the repository: only files inside of it can be used`
  return new StageError('manifest', message, { retry: false })
}
