/** A project as a client sends it. */
import { Compile } from 'typebox/compile'
import { type AppProject, AppProjectSpec } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { withoutNulls } from '../without-nulls.ts'
import { validateProject } from './validate-project.ts'
import { normalisePolicies } from './validate-roles.ts'

const spec = Compile(AppProjectSpec)

/** Throws InvalidArgument. `name`: as the address has it, which counts. */
export function readProject(given: unknown, namespace: string, name?: string): AppProject {
  if (typeof given !== 'object' || given === null) throw new ApiError('InvalidArgument', 'the request has no project')
  const { metadata: sent, spec: sentSpec = {}, status } = withoutNulls(given as Partial<AppProject>)
  const metadata = { ...sent, name: name ?? sent?.name ?? '', namespace }
  if (sent?.namespace && sent.namespace !== namespace) {
    throw new ApiError(
      'InvalidArgument',
      `projects are kept in the namespace ${namespace}: leave metadata.namespace out`,
    )
  }
  if (!spec.Check(sentSpec)) {
    const [first] = spec.Errors(sentSpec)
    const where = `spec${(first?.instancePath ?? '').replaceAll('/', '.')}`
    throw new ApiError('InvalidArgument', `the field ${where} of the project ${first?.message ?? 'is not understood'}`)
  }
  const read: AppProject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata, spec: sentSpec }
  if (sentSpec.roles) read.spec = { ...sentSpec, roles: normalisePolicies(sentSpec.roles) }
  validateProject(read)
  return status === undefined ? read : { ...read, status }
}
