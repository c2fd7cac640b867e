/** Connects to a repository once, to find out whether it can be read with the credentials that are given. */
import { type RepositoryConnection, StageError } from '../model/index.ts'
import type { Downloader } from './download.ts'
import { type Git, gitError } from './git.ts'
import { checkLocalPath } from './git-copy.ts'
import type { GithubTokens } from './github-app.ts'
import { openHelmIndex } from './helm-index.ts'
import { openOciClient, registryOrigin } from './oci-client.ts'
import { openRemoteGit } from './remote-git.ts'
import { parseAddress } from './repository-address.ts'

export interface TestMeans {
  git: Git
  githubTokens: GithubTokens
  allowLocal: boolean
  downloaderFor(connection: RepositoryConnection, origin: string): Downloader
}

/** Throws a StageError that says what is wrong. */
export async function testConnection(url: string, connection: RepositoryConnection, means: TestMeans): Promise<void> {
  const { type = 'git', enableOCI, unsupported } = connection
  if (unsupported) throw new StageError('source', `${url}: ${unsupported}`, { retry: false })
  if (type === 'oci' || (type === 'helm' && (enableOCI || !/^https?:/i.test(url))))
    await testRegistry(url, connection, means)
  else if (type === 'helm')
    await openHelmIndex(url, { downloader: means.downloaderFor(connection, url), connection }).charts()
  else await testGit(url, connection, means)
}

async function testGit(
  url: string,
  connection: RepositoryConnection,
  { git, githubTokens, allowLocal }: TestMeans,
): Promise<void> {
  const address = parseAddress(url)
  if (address.transport === 'local') await checkLocalPath(url)
  const remote = openRemoteGit({ git, address, githubTokens, allowLocal, connection: () => connection })
  try {
    await remote.run(['ls-remote', '--', url, 'HEAD'])
  } catch (error) {
    throw gitError('listing the branches', url, error)
  }
}

/** A registry tells what is in it only by name, so that its door is all that can be tried. */
async function testRegistry(
  url: string,
  connection: RepositoryConnection,
  { downloaderFor }: TestMeans,
): Promise<void> {
  const [host = '', ...path] = url
    .replace(/^oci:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/')
  const client = openOciClient({
    host,
    connection,
    downloader: downloaderFor(connection, registryOrigin(host, connection)),
  })
  await client.ping()
  // Of one artifact, its tags can be listed; below a registry's folder of charts nothing can.
  if (connection.type === 'oci') await client.get(path.join('/'), 'tags/list?n=1', { limit: 1024 * 1024 })
}
