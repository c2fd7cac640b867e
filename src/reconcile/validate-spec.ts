/** What is wrong with an application before anything is fetched, each fault with what to do about it. Pure. */
import { Compile } from 'typebox/compile'
import { type Application, ApplicationSpec, pinOf, sourcesOf } from '../model/index.ts'
import type { ProjectInForce } from '../project/index.ts'
import { type ApplicationContext, applicationRefusals, missingProject } from './project.ts'

const spec = Compile(ApplicationSpec)

export interface SpecContext extends ApplicationContext {
  /** undefined: there is no such project. */
  project: ProjectInForce | undefined
  /** Why it is not known which cluster is meant. */
  destinationFault?: string
}

export function specFaults(application: Application, { project, ...context }: SpecContext): string[] {
  const shape = shapeFaults(application)
  if (shape.length > 0) return shape
  return [
    ...pinFaults(application),
    ...sourceFaults(application),
    ...destinationFaults(application, context),
    ...(project ? applicationRefusals(project, application, context) : [missingProject(application)]),
  ]
}

/** Faults of types; an API server with the CRD refuses these, but the CRD installed may be an older one. */
function shapeFaults({ spec: value }: Application): string[] {
  if (spec.Check(value)) return []
  return spec.Errors(value).map(({ instancePath, message }) => `spec${instancePath.replaceAll('/', '.')} ${message}`)
}

/** Nothing is deployed meanwhile: it would be what somebody has rolled back from. */
function pinFaults(application: Application): string[] {
  const pin = pinOf(application)
  if (!(pin instanceof Error)) return []
  return [`${pin.message}: roll back again, or lift the pin with "tiphys app unpin ${application.metadata.name}"`]
}

function sourceFaults({ spec: value }: Application): string[] {
  if (value.sourceHydrator) return ['spec.sourceHydrator is not supported; use spec.source']
  const sources = sourcesOf(value)
  if (sources.length === 0) return ['the application has no source: set spec.source or spec.sources']
  return sources.flatMap((source, index) => {
    const name = value.sources?.length ? `spec.sources[${index}]` : 'spec.source'
    const faults: string[] = []
    if (source.repoURL.trim() === '') faults.push(`${name}.repoURL is required`)
    if (source.chart && source.path) faults.push(`${name} has both a chart and a path: keep the one that is meant`)
    if (source.chart && source.ref) faults.push(`${name} has both a chart and a ref: a ref names a Git repository`)
    if (!source.chart && !source.path && !source.ref && !source.repoURL.startsWith('oci://')) {
      faults.push(`${name} needs a path (use "." for the root of the repository), a chart or a ref`)
    }
    if (source.plugin) faults.push(`${name}.plugin is not supported`)
    return faults
  })
}

function destinationFaults(
  { spec: value }: Application,
  { cluster, destinationFault }: Pick<SpecContext, 'cluster' | 'destinationFault'>,
): string[] {
  const { server, name } = value.destination
  if (server && name) {
    return [`spec.destination has both server (${server}) and name (${name}): keep one of them`]
  }
  if (!server && !name) return ['spec.destination needs a server or a name, such as name: in-cluster']
  return cluster ? [] : [destinationFault ?? `the destination cluster ${server || name} is not known`]
}
