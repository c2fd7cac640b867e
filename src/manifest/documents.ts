/** From YAML or JSON text to manifests: checks that every document is an object that Kubernetes can take. */
import { type KubeObject, type Manifest, StageError } from '../model/index.ts'
import { readYaml, YamlError } from './yaml/read.ts'

export interface Documents {
  manifests: Manifest[]
  warnings: string[]
}

/** Where a text comes from, line by line. */
export interface DocumentOrigin {
  /** What errors call a line (1-based) of the text. */
  describe(line: number): string
  /** What the manifest that begins on a line says of its place in the repository. */
  locate(line: number): Pick<Manifest, 'file' | 'line'>
}

export function fileOrigin(file: string): DocumentOrigin {
  return { describe: (line) => `${file}:${line}`, locate: (line) => ({ file, line }) }
}

/** What a program printed; `what` names the program and what it was given. */
export function outputOrigin(what: string): DocumentOrigin {
  return { describe: (line) => `${what}, line ${line} of the output`, locate: () => ({}) }
}

export async function readDocuments(text: string, origin: DocumentOrigin): Promise<Documents> {
  const { documents, duplicates } = await parse(text, origin)
  const manifests: Manifest[] = []
  for (const { value, line } of documents) {
    if (value === null) continue
    for (const object of objectsOf(value, origin.describe(line))) manifests.push({ object, ...origin.locate(line) })
  }
  const warnings = duplicates.map(
    ({ key, line }) => `${origin.describe(line)}: key ${JSON.stringify(key)} stands twice; the last value counts`,
  )
  return { manifests, warnings }
}

async function parse(text: string, origin: DocumentOrigin): Promise<Awaited<ReturnType<typeof readYaml>>> {
  try {
    return await readYaml(text)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const message = `${origin.describe(error.line)}: invalid YAML: ${error.message}`
    throw new StageError('manifest', message, { retry: false, cause: error })
  }
}

/** The object, or the objects of a list kind. */
export function objectsOf(value: unknown, place: string): KubeObject[] {
  if (!isRecord(value)) {
    const what = Array.isArray(value) ? 'a list' : `the ${typeof value} ${JSON.stringify(String(value).slice(0, 40))}`
    throw fault(place, `is ${what} and not a Kubernetes object`)
  }
  const { apiVersion, kind, items, metadata } = value
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item: unknown, at) => objectsOf(item, `${place} (item ${at + 1} of the ${kind})`))
  }
  if (typeof apiVersion !== 'string' || apiVersion === '') throw fault(place, 'has no apiVersion')
  if (typeof kind !== 'string' || kind === '') throw fault(place, 'has no kind')
  if (!isRecord(metadata)) throw fault(place, `${kind} has no metadata`)
  if (!isName(metadata.name) && !isName(metadata.generateName)) throw fault(place, `${kind} has no metadata.name`)
  checkStrings(metadata, `${kind} ${String(metadata.name ?? metadata.generateName)}`, place)
  return [value as KubeObject]
}

/** Every stage relies on labels and annotations being strings; the API server would refuse others anyway. */
function checkStrings(metadata: Record<string, unknown>, what: string, place: string): void {
  if (metadata.namespace !== undefined && metadata.namespace !== null && typeof metadata.namespace !== 'string') {
    throw fault(place, `${what}: metadata.namespace must be a string: put it in quotes`)
  }
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field]
    if (map === undefined || map === null) continue
    if (!isRecord(map)) throw fault(place, `${what}: metadata.${field} must be a mapping`)
    for (const [key, item] of Object.entries(map)) {
      if (typeof item === 'string' || item === null) continue
      throw fault(
        place,
        `${what}: metadata.${field}.${key} must be a string: put ${JSON.stringify(String(item))} in quotes`,
      )
    }
  }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fault(place: string, what: string): StageError {
  return new StageError('manifest', `${place}: ${what}`, { retry: false })
}
