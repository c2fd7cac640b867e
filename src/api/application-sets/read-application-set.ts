/** An ApplicationSet as a client sends it. */
import { Compile } from 'typebox/compile'
import { type ApplicationSet, applicationSetSchema } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'

const schema = Compile(applicationSetSchema)

const generators = [
  'list',
  'clusters',
  'git',
  'scmProvider',
  'clusterDecisionResource',
  'pullRequest',
  'matrix',
  'merge',
  'plugin',
]

/** Throws InvalidArgument. What is null in it stays: values of charts may mean it. */
export function readApplicationSet(given: unknown, controlNamespace: string): ApplicationSet {
  const { metadata, spec } = Object(given) as Partial<ApplicationSet>
  if (!metadata?.name) throw new ApiError('InvalidArgument', 'the ApplicationSet has no metadata.name')
  if (!schema.Check({ spec })) {
    const [first] = schema.Errors({ spec })
    const where = (first?.instancePath ?? '').slice(1).replaceAll('/', '.')
    throw new ApiError(
      'InvalidArgument',
      `the field ${where} of the ApplicationSet ${first?.message ?? 'is not understood'}`,
    )
  }
  const read = spec as ApplicationSet['spec']
  refuseTemplatedProject(read)
  for (const [at, generator] of read.generators.entries()) refuseUnknown(generator, at)
  const { name, namespace = controlNamespace, labels, annotations, finalizers } = metadata
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace, labels, annotations, finalizers },
    spec: read,
  }
}

/** Nobody could tell whether the caller may create applications there. */
function refuseTemplatedProject({ template }: ApplicationSet['spec']): void {
  const project: unknown = template.spec?.project
  if (typeof project === 'string' && project.includes('{{')) {
    throw new ApiError(
      'InvalidArgument',
      'spec.template.spec.project holds a template: through the API it has to be one project',
    )
  }
}

function refuseUnknown(generator: Record<string, unknown>, at: number): void {
  const names = generators.filter((name) => generator[name] !== undefined && generator[name] !== null)
  if (names.length === 1) return
  const what = names.length === 0 ? 'is none that is known' : `is several at once: ${names.join(', ')}`
  throw new ApiError('InvalidArgument', `spec.generators[${at}] ${what}: give one of ${generators.join(', ')}`)
}
