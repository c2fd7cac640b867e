/** Writes a source's Kustomize fields into the copy's kustomization, as `kustomize edit` would. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type KustomizeSource, StageError, stringifyJson } from '../../model/index.ts'
import type { BuildEnvironment } from '../build-environment.ts'
import { kustomizationFiles } from '../detect.ts'
import { isRecord } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import { readYaml } from '../yaml/read.ts'

type Kustomization = Record<string, unknown>

export async function applyOverrides({ source, environment, path }: RenderWork, directory: string): Promise<void> {
  const options = source.kustomize
  if (!options || !changesAnything(options)) return
  for (const name of kustomizationFiles) {
    const file = join(directory, name)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const kustomization = await parse(text, path === '' ? name : `${path}/${name}`)
    await writeFile(file, stringifyJson(withOverrides(kustomization, options, environment)))
    return
  }
}

function changesAnything(options: KustomizeSource): boolean {
  return Object.values(options).some((value) => value !== undefined && value !== '' && value !== false)
}

async function parse(text: string, place: string): Promise<Kustomization> {
  try {
    const { documents } = await readYaml(text)
    const value = documents[0]?.value ?? {}
    if (isRecord(value)) return value
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StageError('manifest', `${place}: ${why}`, { retry: false, cause: error })
  }
  throw new StageError('manifest', `${place}: must be a mapping`, { retry: false })
}

export function withOverrides(
  given: Kustomization,
  options: KustomizeSource,
  environment: BuildEnvironment,
): Kustomization {
  const result: Kustomization = { ...given }
  if (options.namePrefix) result.namePrefix = options.namePrefix
  if (options.nameSuffix) result.nameSuffix = options.nameSuffix
  if (options.namespace) result.namespace = options.namespace
  if (options.images?.length) result.images = withImages(list(given.images), options.images)
  if (options.replicas?.length) {
    const counts = options.replicas.map(({ name, count }) => ({ name, count: replicaCount(name, count) }))
    result.replicas = withNamed(list(given.replicas), counts)
  }
  if (options.commonLabels) addLabels(result, options, environment)
  if (options.commonAnnotations) addAnnotations(result, options, environment)
  if (options.patches?.length) result.patches = [...list(given.patches), ...options.patches]
  if (options.components?.length) result.components = [...list(given.components), ...options.components]
  return result
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function replicaCount(name: string, count: number | string): number {
  const number = typeof count === 'number' ? count : Number(count.trim() === '' ? Number.NaN : count)
  if (Number.isInteger(number) && number >= 0) return number
  const message = `kustomize.replicas: count ${JSON.stringify(count)} of ${name} is no number of replicas`
  throw new StageError('manifest', message, { retry: false })
}

/** Entries of the same name are replaced where they stand, others follow. */
function withNamed(present: unknown[], wanted: Record<string, unknown>[]): unknown[] {
  const result = [...present]
  for (const item of wanted) {
    const at = result.findIndex((other) => isRecord(other) && other.name === item.name)
    if (at >= 0) result[at] = item
    else result.push(item)
  }
  return result
}

function withImages(present: unknown[], images: string[]): unknown[] {
  let result = present
  for (const image of images.map(parseImage)) {
    const known = result.find((other) => isRecord(other) && other.name === image.name)
    // A new tag alone keeps the name that the kustomization gave the image.
    const kept = isRecord(known) && image.newName === undefined && known.newName ? { newName: known.newName } : {}
    result = withNamed(result, [{ ...kept, ...image }])
  }
  return result
}

/** `[old=]new[:tag][@digest]`. */
export function parseImage(text: string): Record<string, unknown> & { name: string } {
  const equals = text.indexOf('=')
  const replacement = text.slice(equals + 1)
  const [reference = '', digest] = replacement.split('@')
  const colon = reference.lastIndexOf(':')
  const hasTag = colon > reference.lastIndexOf('/')
  const image = hasTag ? reference.slice(0, colon) : reference
  return {
    name: equals < 0 ? image : text.slice(0, equals),
    ...(equals < 0 ? {} : { newName: image }),
    ...(hasTag ? { newTag: reference.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  }
}

function addLabels(result: Kustomization, options: KustomizeSource, environment: BuildEnvironment): void {
  const wanted = substituted(options.commonLabels, environment)
  if (!options.labelWithoutSelector) {
    const known = isRecord(result.commonLabels) ? result.commonLabels : {}
    refuseKnown(known, wanted, { force: options.forceCommonLabels, what: 'label', advice: 'forceCommonLabels' })
    result.commonLabels = { ...known, ...wanted }
    return
  }
  const entry = {
    pairs: wanted,
    includeSelectors: false,
    ...(options.labelIncludeTemplates ? { includeTemplates: true } : {}),
  }
  result.labels = [...list(result.labels), entry]
}

function addAnnotations(result: Kustomization, options: KustomizeSource, environment: BuildEnvironment): void {
  const given = options.commonAnnotations
  const wanted = options.commonAnnotationsEnvsubst ? substituted(given, environment) : { ...given }
  const known = isRecord(result.commonAnnotations) ? result.commonAnnotations : {}
  const force = options.forceCommonAnnotations
  refuseKnown(known, wanted, { force, what: 'annotation', advice: 'forceCommonAnnotations' })
  result.commonAnnotations = { ...known, ...wanted }
}

function substituted(map: Record<string, string> | undefined, environment: BuildEnvironment): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, environment.substitute(value)]))
}

interface Refusal {
  force: boolean | undefined
  what: string
  advice: string
}

function refuseKnown(known: Record<string, unknown>, wanted: Record<string, string>, refusal: Refusal): void {
  if (refusal.force) return
  const double = Object.keys(wanted).find((key) => key in known)
  if (double === undefined) return
  const message = `${refusal.what} ${double} is already in the kustomization: set ${refusal.advice} to overwrite it`
  throw new StageError('manifest', message, { retry: false })
}
