/** Gitea, and Forgejo, which speaks the same. */
import { Fields, Flag, type Static, Text, Texts } from '../../model/schema.ts'
import { mapAtOnce } from '../at-once.ts'
import { type HostKind, path, segments } from './git-host.ts'
import { pullRequest } from './github.ts'
import { notThere } from './not-there.ts'
import { SecretRef } from './secret-ref.ts'

export const GiteaSpec = Fields({
  api: Text,
  tokenRef: SecretRef,
  owner: Text,
  repo: Text,
  labels: Texts,
  allBranches: Flag,
  excludeArchivedRepos: Flag,
  insecure: Flag,
})
type GiteaSpec = Static<typeof GiteaSpec>

interface Repository {
  id: number
  name: string
  ssh_url: string
  html_url: string
  default_branch: string
  archived?: boolean
}

interface Branch {
  name: string
  commit: { id: string }
}

const requestsAtOnce = 5

export const gitea: HostKind<GiteaSpec> = {
  publicApi: undefined,
  apiOf: (address) => `${address.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`,
  repositories({ owner = '', allBranches, excludeArchivedRepos }, { api, isHttps }) {
    return {
      async repositories() {
        const found = await api.list<Repository>(path`/orgs/${owner}/repos?limit=50`)
        if (!found) throw notThere(`the organization ${owner}`)
        const wanted = found.filter(({ archived }) => !(excludeArchivedRepos && archived))
        return mapAtOnce(wanted, requestsAtOnce, async ({ id, name, ssh_url, html_url, default_branch }) => {
          const labels = (await api.list<{ name: string }>(path`/repos/${owner}/${name}/labels?limit=50`)) ?? []
          return {
            id,
            organization: owner,
            repository: name,
            url: isHttps ? html_url : ssh_url,
            defaultBranch: default_branch,
            labels: labels.map((label) => label.name),
          }
        })
      },
      async branches({ repository, defaultBranch }) {
        const branches = path`/repos/${owner}/${repository}/branches`
        const one = async () => [await api.get<Branch>(`${branches}/${segments(defaultBranch)}`)]
        const found = allBranches ? await api.list<Branch>(`${branches}?limit=50`) : await one()
        return (found ?? []).flatMap((branch) => (branch ? [{ branch: branch.name, sha: branch.commit.id }] : []))
      },
      async hasPath({ repository }, branch, file) {
        const contents = `${path`/repos/${owner}/${repository}/contents/`}${segments(file)}`
        return (await api.get(`${contents}${path`?ref=${branch}`}`)) !== undefined
      },
    }
  },
  async pullRequests({ owner = '', repo = '', labels = [] }, { api }) {
    const found = await api.list<Parameters<typeof pullRequest>[0]>(
      path`/repos/${owner}/${repo}/pulls?state=open&limit=50`,
    )
    if (!found) throw notThere(`the repository ${owner}/${repo}`)
    return found.map(pullRequest).filter((pull) => labels.every((label) => pull.labels.includes(label)))
  },
}
