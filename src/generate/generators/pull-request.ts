/** The `pullRequest` generator: one set of parameters for each pull request that is open. */
import { Fields, Flag, Text, Type } from '../../model/schema.ts'
import { chooseHost } from '../hosts/choose-host.ts'
import type { PullRequest } from '../hosts/git-host.ts'
import { NotThere } from '../hosts/not-there.ts'
import type { Parameters } from '../parameters.ts'
import { slug } from '../text/names.ts'
import { matcher } from './filter.ts'
import { type Generator, type GeneratorContext, Repeated, requeueAfterMs, specReader, withValues } from './generator.ts'

const Filter = Fields({ branchMatch: Text, targetBranchMatch: Text, titleMatch: Text })
const readSpec = specReader(
  'pullRequest',
  Type.Intersect([Repeated, Fields({ filters: Type.Array(Filter), continueOnRepoNotFoundError: Flag })]),
)

const defaultRequeueSeconds = 1800

export const pullRequestGenerator: Generator = {
  async parameters(given, context) {
    const { filters = [], continueOnRepoNotFoundError, values } = readSpec(given)
    const tests = filters.map(({ branchMatch, targetBranchMatch, titleMatch }) => {
      const branch = matcher('branchMatch', branchMatch)
      const target = matcher('targetBranchMatch', targetBranchMatch)
      const title = matcher('titleMatch', titleMatch)
      return (pull: PullRequest) => branch(pull.branch) && target(pull.targetBranch) && title(pull.title)
    })
    const pulls = await pullRequestsOf(given, context, continueOnRepoNotFoundError === true)
    return pulls
      .filter((pull) => tests.length === 0 || tests.some((test) => test(pull)))
      .map((pull) => withValues(parametersOf(pull, context), values, context))
  },
  lookAgainMs: (spec) => requeueAfterMs(spec, defaultRequeueSeconds),
}

type Spec = Parameters

async function pullRequestsOf(spec: Spec, context: GeneratorContext, mayBeGone: boolean): Promise<PullRequest[]> {
  try {
    return await (await chooseHost(spec, context)).pullRequests()
  } catch (error) {
    if (error instanceof NotThere && mayBeGone) return []
    throw error
  }
}

function parametersOf(pull: PullRequest, { filler }: GeneratorContext): Parameters {
  const slugOf = (branch: string) => slug(branch.replaceAll('_', '-'))
  return {
    number: String(pull.number),
    title: pull.title,
    branch: pull.branch,
    branch_slug: slugOf(pull.branch),
    target_branch: pull.targetBranch,
    target_branch_slug: slugOf(pull.targetBranch),
    head_sha: pull.headSha,
    head_short_sha: pull.headSha.slice(0, 8),
    head_short_sha_7: pull.headSha.slice(0, 7),
    author: pull.author,
    ...(filler.isGoTemplate && { labels: pull.labels }),
  }
}
