/** Objects that commands read from files or from standard input, as kubectl prints them. */
import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { readYaml } from '../manifest/yaml/read.ts'
import { type Application, type KubeObject, messageOf, parseJson } from '../model/index.ts'
import { CommandError } from './exit-code.ts'

/** Every object of the files in their order: YAML documents, JSON, lists of objects and kinds that are lists. */
export async function readObjects(files: string[]): Promise<KubeObject[]> {
  const objects: KubeObject[] = []
  for (const file of files) {
    for (const value of await valuesOf(file)) objects.push(...objectsOf(value, nameOf(file)))
  }
  return objects
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file
}

async function valuesOf(file: string): Promise<unknown[]> {
  const text = await readText(file)
  // Much faster than YAML, where it is JSON; several JSON documents in one text are left to YAML.
  if (/^\s*[[{]/.test(text)) {
    try {
      return [parseJson(text)]
    } catch {}
  }
  try {
    return (await readYaml(text)).documents.map(({ value }) => value)
  } catch (cause) {
    const line = (cause as { line?: number }).line
    throw new CommandError(`${nameOf(file)}${line ? `:${line}` : ''}: invalid YAML: ${messageOf(cause)}`, { cause })
  }
}

export async function readText(file: string): Promise<string> {
  try {
    // Not by the name /dev/stdin, which cannot be opened when it is a socket.
    return file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8')
  } catch (cause) {
    throw new CommandError(`${nameOf(file)} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

function objectsOf(value: unknown, place: string): KubeObject[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap((item) => objectsOf(item, place))
  const { apiVersion, kind, items, metadata } = (typeof value === 'object' ? value : {}) as Partial<KubeObject>
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
    throw new CommandError(`${place} holds something without apiVersion or kind, which is no Kubernetes object`)
  }
  if (kind.endsWith('List') && Array.isArray(items)) return items.flatMap((item) => objectsOf(item, place))
  return [{ ...(value as KubeObject), metadata: { ...metadata, name: metadata?.name ?? '' } }]
}

/** What a file with argocd-cm says; without a file nothing. */
export async function readSettings(file: string | undefined): Promise<Record<string, string>> {
  if (file === undefined) return {}
  const maps = (await readObjects([file])).filter(({ kind }) => kind === 'ConfigMap')
  const found = maps.find(({ metadata }) => metadata.name === 'argocd-cm') ?? maps[0]
  if (!found) throw new CommandError(`${nameOf(file)} holds no ConfigMap: give the file of argocd-cm`)
  return (found.data ?? {}) as Record<string, string>
}

/** The Application in a file; without a file none. */
export async function readApplication(file: string | undefined): Promise<Application | undefined> {
  if (file === undefined) return undefined
  const found = (await readObjects([file])).find(({ kind }) => kind === 'Application')
  if (!found) throw new CommandError(`${nameOf(file)} holds no Application`)
  return { ...found, spec: found.spec ?? {} } as Application
}
