/** The habits of kinds with a status: it is the server's, and the generation counts the changes of the rest. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import type { FieldFault } from '../status.ts'
import type { Kind } from './kind.ts'

const served = new Set(['apiVersion', 'kind', 'metadata', 'status'])

function contentNames(...objects: KubeObject[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))].filter((name) => !served.has(name))
}

/** Whether anything but metadata and status differs. */
export function contentChanged(object: KubeObject, old: KubeObject): boolean {
  return contentNames(object, old).some((name) => !deepEqual(object[name], old[name]))
}

function takeStatus(object: KubeObject, old: KubeObject): void {
  if (old.status === undefined) delete object.status
  else object.status = structuredClone(old.status)
}

function takeContent(object: KubeObject, old: KubeObject): void {
  for (const name of contentNames(object, old)) {
    if (old[name] === undefined) delete object[name]
    else object[name] = structuredClone(old[name])
  }
}

/** A few kinds keep their labels, too, from an update of their status. */
export function takeContentAndLabels(object: KubeObject, old: KubeObject): void {
  takeContent(object, old)
  if (old.metadata.labels === undefined) delete object.metadata.labels
  else object.metadata.labels = structuredClone(old.metadata.labels)
}

export interface StatusOptions {
  /** The status of a new object. */
  initial?(object: KubeObject): Record<string, unknown>
  /** The kind has no metadata.generation. */
  uncounted?: boolean
}

/** The parts of a Kind that such kinds share. */
export function withStatus({ initial = () => ({}), uncounted = false }: StatusOptions = {}): Kind {
  return {
    prepareForCreate(object) {
      object.status = initial(object)
      if (!uncounted) object.metadata.generation = 1
    },
    prepareForUpdate: takeStatus,
    prepareForStatusUpdate: takeContent,
    ...(uncounted ? {} : { generationGrows: contentChanged }),
  }
}

/** Kinds without a status that count generations all the same. */
export const counted: Kind = {
  prepareForCreate(object) {
    object.metadata.generation = 1
  },
  generationGrows: contentChanged,
}

/** The same rules for a change as for a new object, and then those of the change. */
export function validating(
  rules: (object: KubeObject) => FieldFault[],
  change: (object: KubeObject, old: KubeObject) => FieldFault[] = () => [],
): Pick<Kind, 'validate' | 'validateUpdate'> {
  return { validate: rules, validateUpdate: (object, old) => [...rules(object), ...change(object, old)] }
}
