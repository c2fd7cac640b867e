/** GitHub, and GitHub Enterprise. */
import { Fields, Flag, type Static, Text, Texts } from '../../model/schema.ts'
import { type HostKind, type PullRequest, path, segments } from './git-host.ts'
import { notThere } from './not-there.ts'
import { SecretRef } from './secret-ref.ts'

export const GithubSpec = Fields({
  api: Text,
  tokenRef: SecretRef,
  organization: Text,
  allBranches: Flag,
  excludeArchivedRepos: Flag,
  owner: Text,
  repo: Text,
  labels: Texts,
})
type GithubSpec = Static<typeof GithubSpec>

interface Repository {
  id: number
  name: string
  owner: { login: string }
  ssh_url: string
  clone_url: string
  default_branch: string
  archived?: boolean
  topics?: string[]
}

interface Branch {
  name: string
  commit: { sha: string }
}

interface Pull {
  number: number
  title: string
  head: { ref: string; sha: string }
  base: { ref: string }
  labels?: { name: string }[]
  user?: { login: string } | null
}

export const github: HostKind<GithubSpec> = {
  publicApi: 'https://api.github.com',
  apiOf(address) {
    const base = address.replace(/\/+$/, '')
    const { hostname } = new URL(base)
    if (/\/api\/v3$/.test(base) || hostname.startsWith('api.') || hostname.includes('.api.')) return base
    return `${base}/api/v3`
  },
  repositories({ organization = '', allBranches, excludeArchivedRepos }, { api, isHttps }) {
    return {
      async repositories() {
        const found = await api.list<Repository>(path`/orgs/${organization}/repos?per_page=100`)
        if (!found) throw notThere(`the organization ${organization}`)
        return found
          .filter(({ archived }) => !(excludeArchivedRepos && archived))
          .map(({ id, name, owner, ssh_url, clone_url, default_branch, topics = [] }) => ({
            id,
            organization: owner.login,
            repository: name,
            url: isHttps ? clone_url : ssh_url,
            defaultBranch: default_branch,
            labels: topics,
          }))
      },
      async branches({ organization: owner, repository, defaultBranch }) {
        const branches = path`/repos/${owner}/${repository}/branches`
        const one = async () => [await api.get<Branch>(`${branches}${path`/${defaultBranch}`}`)]
        const found = allBranches ? await api.list<Branch>(`${branches}?per_page=100`) : await one()
        return (found ?? []).flatMap((branch) => (branch ? [{ branch: branch.name, sha: branch.commit.sha }] : []))
      },
      async hasPath({ organization: owner, repository }, branch, file) {
        const contents = `${path`/repos/${owner}/${repository}/contents/`}${segments(file)}`
        return (await api.get(`${contents}${path`?ref=${branch}`}`)) !== undefined
      },
    }
  },
  async pullRequests({ owner = '', repo = '', labels = [] }, { api }) {
    const found = await api.list<Pull>(path`/repos/${owner}/${repo}/pulls?per_page=100`)
    if (!found) throw notThere(`the repository ${owner}/${repo}`)
    return found.map(pullRequest).filter((pull) => labels.every((label) => pull.labels.includes(label)))
  },
}

/** Gitea tells them in the same words. */
export function pullRequest({ number, title, head, base, labels, user }: Pull): PullRequest {
  return {
    number,
    title,
    branch: head.ref,
    targetBranch: base.ref,
    headSha: head.sha,
    labels: (labels ?? []).map(({ name }) => name),
    author: user?.login ?? '',
  }
}
