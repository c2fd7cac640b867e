/** What is known of the revisions of an application's sources: their commits and charts. */
import { routes } from '../../contract/index.ts'
import { type Application, type ApplicationSource, StageError, withoutPassword } from '../../model/index.ts'
import { refusal } from '../../project/index.ts'
import { missingProject, projectOf } from '../../reconcile/project.ts'
import { signatureInWords } from '../../reconcile/revision-signature.ts'
import type { Stages } from '../../reconcile/stages.ts'
import { ApiError } from '../api-error.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { readChartFile } from './chart-file.ts'
import { type Asking, observedApplications } from './observed-application.ts'
import { requestedSource, type SourceQuery } from './requested-source.ts'

type ProjectSources = ReturnType<Stages['sources']['forProject']>

interface Read {
  source: ApplicationSource
  reader: ProjectSources
}

type RevisionCall = Asking & { params: { name: string; revision: string }; query: SourceQuery }

export function applicationRevisionHandlers(services: Services): Handler[] {
  const { stages } = services
  const applications = observedApplications(services)

  function sourceOf(call: RevisionCall) {
    const application = applications.find(call, call.params.name)
    const source = requestedSource(application, call.query)
    const project = permittingProject(application, source, stages)
    return { source, project, reader: stages.sources.forProject(project.name) }
  }

  return [
    handler(routes.applicationSources.revisionMetadata, async (call) => {
      const { source, project, reader } = sourceOf(call)
      const { signal } = call
      if (source.chart !== undefined) throw notThis(source, 'a chart has no commits: ask for its chartdetails')
      const revision = await commitId(source, call, reader)
      const commit = await reader.commit(source, revision, signal)
      if (!commit) throw notThis(source, 'it has no commits')
      const signatureInfo = await signatureInWords({ project, source, revision, signal }, stages)
      const { author, date, message, tags } = commit
      return { author, date, message, ...(tags.length > 0 && { tags }), ...(signatureInfo && { signatureInfo }) }
    }),
    handler(routes.applicationSources.chartDetails, async (call) => {
      const { description, home, maintainers } = await chartOf(sourceOf(call), call)
      return { description, home, maintainers }
    }),
    handler(routes.applicationSources.ociMetadata, async (call) => {
      const found = sourceOf(call)
      const { source } = found
      if (/^https?:/i.test(source.repoURL)) throw notThis(source, 'it is not in an OCI registry')
      const { description, home, sources, maintainers, version } = await chartOf(found, call)
      return { authors: maintainers.join(', '), description, docsUrl: home, sourceUrl: sources[0] ?? '', version }
    }),
  ]
}

/** Whoever may change an application can name any repository in it: the project decides which are told of. */
function permittingProject(application: Application, { repoURL }: ApplicationSource, stages: Stages) {
  const project = projectOf(application, stages)
  if (!project) throw new ApiError('FailedPrecondition', missingProject(application))
  const refused = refusal(project, { kind: 'source', repoURL })
  if (refused) throw new ApiError('FailedPrecondition', refused)
  return project
}

async function commitId(source: ApplicationSource, { params, signal }: RevisionCall, reader: ProjectSources) {
  const { revision } = await reader.resolve({ ...source, targetRevision: params.revision }, { signal })
  return revision
}

async function chartOf({ source, reader }: Read, { params, signal }: RevisionCall) {
  if (source.chart === undefined) throw notThis(source, 'it is no chart')
  const tree = await reader.tree(source, params.revision, signal)
  const file = await tree.read('Chart.yaml').catch((cause: unknown) => {
    throw new StageError('source', `chart ${source.chart} has no Chart.yaml`, { retry: false, cause })
  })
  return await readChartFile(file.toString())
}

function notThis({ repoURL, chart }: ApplicationSource, why: string): ApiError {
  return new ApiError('InvalidArgument', `${chart ?? withoutPassword(repoURL)}: ${why}`)
}
