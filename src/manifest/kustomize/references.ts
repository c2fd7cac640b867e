/** Everything that a kustomization refers to. */
import { isRecord } from '../documents.ts'

export type Kustomization = Record<string, unknown>

export interface References {
  /** Directories with kustomizations of their own, files, or addresses. */
  bases: string[]
  files: string[]
}

const baseFields = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators']
const pathFields = ['crds', 'configurations', 'patchesStrategicMerge']
const objectFields = ['patches', 'patchesJson6902', 'replacements']

export function referencesOf(kustomization: Kustomization): References {
  const bases = baseFields.flatMap((field) => strings(kustomization[field]))
  const files = pathFields.flatMap((field) => strings(kustomization[field]))
  for (const item of objectFields.flatMap((field) => records(kustomization[field]))) files.push(...strings([item.path]))
  for (const generator of ['configMapGenerator', 'secretGenerator'].flatMap((field) => records(kustomization[field]))) {
    files.push(...strings(generator.files).map((entry) => entry.slice(entry.indexOf('=') + 1)))
    files.push(...strings(generator.envs), ...strings([generator.env]))
  }
  if (isRecord(kustomization.openapi)) files.push(...strings([kustomization.openapi.path]))
  return { bases, files }
}

/** The kustomization with other references in place of some of its bases. */
export function replaceBases(kustomization: Kustomization, replacements: Map<string, string>): Kustomization {
  const result = { ...kustomization }
  for (const field of baseFields) {
    const entries = result[field]
    if (!Array.isArray(entries)) continue
    result[field] = entries.map((entry: unknown) =>
      typeof entry === 'string' ? (replacements.get(entry) ?? entry) : entry,
    )
  }
  return result
}

/** Entries on more than one line are YAML written in place of a path. */
function strings(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : []
  return items.filter((item) => typeof item === 'string').filter((item) => item !== '' && !item.includes('\n'))
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}
