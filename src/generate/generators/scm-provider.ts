/** The `scmProvider` generator: one set of parameters for each repository of an organization, or for each of its branches. */
import { Fields, type Static, Text, Texts, Type } from '../../model/schema.ts'
import { mapAtOnce } from '../at-once.ts'
import { chooseHost } from '../hosts/choose-host.ts'
import type { HostBranch, HostRepository, RepositoryHost } from '../hosts/git-host.ts'
import type { Parameters } from '../parameters.ts'
import { normalizedName } from '../text/names.ts'
import { matcher } from './filter.ts'
import { type Generator, invalid, Repeated, requeueAfterMs, specReader, withValues } from './generator.ts'

const Filter = Fields({
  repositoryMatch: Text,
  labelMatch: Text,
  branchMatch: Text,
  pathsExist: Texts,
  pathsDoNotExist: Texts,
})
type Filter = Static<typeof Filter>
const readSpec = specReader(
  'scmProvider',
  Type.Intersect([Repeated, Fields({ filters: Type.Array(Filter), cloneProtocol: Text })]),
)

const defaultRequeueSeconds = 1800
const requestsAtOnce = 5

export const scmProviderGenerator: Generator = {
  async parameters(given, context) {
    const { filters = [], cloneProtocol = 'ssh', values } = readSpec(given)
    if (!['', 'ssh', 'https'].includes(cloneProtocol)) {
      throw invalid(`scmProvider.cloneProtocol is ${JSON.stringify(cloneProtocol)}: give ssh or https`)
    }
    const host = (await chooseHost(given, context)).repositories(cloneProtocol === 'https')
    const found = await branchesOf(host, filters)
    return found.map((one) => withValues(parametersOf(one), values, context))
  },
  lookAgainMs: (spec) => requeueAfterMs(spec, defaultRequeueSeconds),
}

interface Found {
  repository: HostRepository
  branch: HostBranch
}

/** As in Argo CD: a filter that asks for anything of a branch is one of branches, and the others are of repositories. */
async function branchesOf(host: RepositoryHost, filters: Filter[]): Promise<Found[]> {
  const isOfBranch = ({ branchMatch, pathsExist, pathsDoNotExist }: Filter) =>
    branchMatch !== undefined || pathsExist !== undefined || pathsDoNotExist !== undefined
  const ofRepositories = filters.filter((filter) => !isOfBranch(filter)).map(repositoryTest)
  const ofBranches = filters.filter(isOfBranch).map((filter) => branchTest(filter, host))
  const repositories = (await host.repositories()).filter(
    (repository) => ofRepositories.length === 0 || ofRepositories.some((test) => test(repository)),
  )
  const branches = await mapAtOnce(repositories, requestsAtOnce, async (repository) =>
    (await host.branches(repository)).map((branch) => ({ repository, branch })),
  )
  const all = branches.flat()
  if (ofBranches.length === 0) return all
  const kept = await mapAtOnce(all, requestsAtOnce, async (found) => {
    for (const test of ofBranches) if (await test(found)) return true
    return false
  })
  return all.filter((_, index) => kept[index])
}

function repositoryTest({ repositoryMatch, labelMatch }: Filter): (repository: HostRepository) => boolean {
  const name = matcher('repositoryMatch', repositoryMatch)
  const label = matcher('labelMatch', labelMatch)
  return ({ repository, labels }) => name(repository) && (labelMatch === undefined || labels.some(label))
}

function branchTest(filter: Filter, host: RepositoryHost): (found: Found) => Promise<boolean> {
  const ofRepository = repositoryTest(filter)
  const name = matcher('branchMatch', filter.branchMatch)
  const { pathsExist = [], pathsDoNotExist = [] } = filter
  return async ({ repository, branch }) => {
    if (!ofRepository(repository) || !name(branch.branch)) return false
    const has = (path: string) => host.hasPath(repository, branch.branch, path.replace(/\/+$/, ''))
    for (const path of pathsExist) if (!(await has(path))) return false
    for (const path of pathsDoNotExist) if (await has(path)) return false
    return true
  }
}

function parametersOf({ repository, branch: { branch, sha } }: Found): Parameters {
  return {
    organization: repository.organization,
    repository: repository.repository,
    repository_id: repository.id,
    url: repository.url,
    branch,
    branchNormalized: normalizedName(branch),
    sha,
    short_sha: sha.slice(0, 8),
    short_sha_7: sha.slice(0, 7),
    labels: repository.labels.join(','),
  }
}
