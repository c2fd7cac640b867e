/** GitLab. */
import { Fields, Flag, type Static, Text, Texts } from '../../model/schema.ts'
import { type HostKind, path } from './git-host.ts'
import { notThere } from './not-there.ts'
import { SecretRef } from './secret-ref.ts'

export const GitlabSpec = Fields({
  api: Text,
  tokenRef: SecretRef,
  group: Text,
  includeSubgroups: Flag,
  includeSharedProjects: Flag,
  includeArchivedRepos: Flag,
  topic: Text,
  allBranches: Flag,
  project: Text,
  labels: Texts,
  pullRequestState: Text,
  insecure: Flag,
})
type GitlabSpec = Static<typeof GitlabSpec>

interface Project {
  id: number
  path: string
  namespace: { full_path: string }
  ssh_url_to_repo: string
  http_url_to_repo: string
  default_branch?: string | null
  topics?: string[]
  tag_list?: string[]
}

interface Branch {
  name: string
  commit: { id: string }
}

interface MergeRequest {
  iid: number
  title: string
  source_branch: string
  target_branch: string
  sha?: string | null
  labels?: string[]
  author?: { username: string } | null
}

export const gitlab: HostKind<GitlabSpec> = {
  publicApi: 'https://gitlab.com',
  apiOf: (address) => `${address.replace(/\/+$/, '').replace(/\/api\/v4$/, '')}/api/v4`,
  repositories(spec, { api, isHttps }) {
    const { group = '', includeSubgroups = false, includeSharedProjects = true, includeArchivedRepos, topic } = spec
    return {
      async repositories() {
        const asked = new URLSearchParams({
          per_page: '100',
          include_subgroups: String(includeSubgroups),
          with_shared: String(includeSharedProjects),
          ...(topic && { topic }),
          ...(includeArchivedRepos && { archived: 'true' }),
        })
        const found = await api.list<Project>(`${path`/groups/${group}/projects`}?${asked}`)
        if (!found) throw notThere(`the group ${group}`)
        return found.map((project) => ({
          id: project.id,
          organization: project.namespace.full_path,
          repository: project.path,
          url: isHttps ? project.http_url_to_repo : project.ssh_url_to_repo,
          defaultBranch: project.default_branch ?? '',
          labels: project.topics?.length ? project.topics : (project.tag_list ?? []),
        }))
      },
      async branches({ id, defaultBranch }) {
        const branches = path`/projects/${id}/repository/branches`
        const one = async () => (defaultBranch ? [await api.get<Branch>(`${branches}${path`/${defaultBranch}`}`)] : [])
        const found = spec.allBranches ? await api.list<Branch>(`${branches}?per_page=100`) : await one()
        return (found ?? []).flatMap((branch) => (branch ? [{ branch: branch.name, sha: branch.commit.id }] : []))
      },
      async hasPath({ id }, branch, file) {
        const asFile = await api.get(path`/projects/${id}/repository/files/${file}?ref=${branch}`)
        if (asFile !== undefined) return true
        const below = await api.list(path`/projects/${id}/repository/tree?path=${file}&ref=${branch}`)
        return below !== undefined && below.length > 0
      },
    }
  },
  async pullRequests({ project = '', labels = [], pullRequestState }, { api }) {
    const asked = new URLSearchParams({
      per_page: '100',
      ...(labels.length > 0 && { labels: labels.join(',') }),
      ...(pullRequestState && { state: pullRequestState }),
    })
    const found = await api.list<MergeRequest>(`${path`/projects/${project}/merge_requests`}?${asked}`)
    if (!found) throw notThere(`the project ${project}`)
    return found.map(({ iid, title, source_branch, target_branch, sha, labels: named, author }) => ({
      number: iid,
      title,
      branch: source_branch,
      targetBranch: target_branch,
      headSha: sha ?? '',
      labels: named ?? [],
      author: author?.username ?? '',
    }))
  },
}
