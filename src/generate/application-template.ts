/** One set of parameters and the template: an Application. Pure. */
import {
  type Application,
  type ApplicationSet,
  applyMergePatch,
  finalizer,
  messageOf,
  type ObjectMeta,
} from '../model/index.ts'
import { type Dict, isDict, readYaml } from '../template/index.ts'
import { invalid } from './generators/generator.ts'
import type { Parameters } from './parameters.ts'
import type { TextFiller } from './text/text-filler.ts'

export type ApplicationTemplate = ApplicationSet['spec']['template']

/** The template of a generator, and what it leaves out from that of the set. */
export function mergedTemplate(own: unknown, whole: ApplicationTemplate): ApplicationTemplate {
  return (isDict(own) ? filledUp(own, whole as unknown as Dict) : whole) as ApplicationTemplate
}

/** What is empty counts as left out, as in Argo CD: a false cannot lie on top of a true. */
function filledUp(own: Dict, whole: Dict): Dict {
  const result: Dict = { ...own }
  for (const [key, value] of Object.entries(whole)) {
    const mine = own[key]
    if (isDict(mine) && isDict(value)) result[key] = filledUp(mine, value)
    else if (isEmpty(mine)) result[key] = value
  }
  return result
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isDict(value)) return Object.keys(value).length === 0
  return value === undefined || value === null || value === '' || value === false || value === 0
}

/** Throws a StageError when the template cannot be filled in, or makes something that is no Application. */
export function applicationFrom(
  template: ApplicationTemplate,
  parameters: Parameters,
  { set, filler }: { set: ApplicationSet; filler: TextFiller },
): Application {
  const { templatePatch, syncPolicy } = set.spec
  const filled = filler.fillAll(template, parameters) as ApplicationTemplate
  const drafted = { metadata: { ...filled.metadata }, spec: filled.spec }
  const patched = templatePatch ? patchedWith(drafted, filler.fill(templatePatch, parameters)) : drafted
  const { name = '', labels, annotations, finalizers = [] } = patched.metadata
  const own = finalizers.length === 0 && !syncPolicy?.preserveResourcesOnDeletion ? [finalizer.resources] : finalizers
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      // Nobody makes applications in a namespace by an ApplicationSet of another.
      namespace: set.metadata.namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(own.length > 0 && { finalizers: own }),
    },
    spec: { ...patched.spec, project: filled.spec.project || 'default' },
  }
}

interface Draft {
  metadata: Partial<ObjectMeta>
  spec: Application['spec']
}

function patchedWith(draft: Draft, text: string): Draft {
  let patch: unknown
  try {
    patch = readYaml(text)
  } catch (error) {
    throw invalid(`templatePatch makes no YAML: ${messageOf(error)}`)
  }
  if (patch === null) return draft
  if (!isDict(patch)) throw invalid('templatePatch makes no mapping: it has to hold metadata or spec')
  const patched = applyMergePatch(draft, patch) as Partial<Draft>
  if (!isDict(patched.metadata) || !isDict(patched.spec)) {
    throw invalid('templatePatch makes something of metadata or spec that is no mapping')
  }
  const { metadata, spec } = patched as Draft
  const finalizers = [...new Set([...(draft.metadata.finalizers ?? []), ...(metadata.finalizers ?? [])])]
  return { metadata: { ...metadata, ...(finalizers.length > 0 && { finalizers }) }, spec }
}
