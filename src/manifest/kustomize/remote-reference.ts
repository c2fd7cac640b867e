/** What a remote reference of a kustomization means: a directory of a Git repository, or one file. */

export type RemoteReference =
  | { kind: 'repository'; repoURL: string; path: string; targetRevision: string }
  | { kind: 'file'; url: string }

/** Whether a reference that is no path of the repository can be an address at all. */
export function isRemote(reference: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/|git::|[\w.-]+@[\w.-]+:)|[?&](ref|version)=|^(www\.)?(github|gitlab|bitbucket)\.\w+[/:]/i.test(
    reference,
  )
}

/** The forms that Kustomize documents: `HOST/ORG/REPO/PATH?ref=R`, `…REPO.git/PATH`, `…//PATH`, `USER@HOST:ORG/REPO`. */
export function parseReference(text: string): RemoteReference {
  const plain = text.replace(/^git::/i, '')
  const [address = '', query = ''] = splitQuery(plain)
  const parameters = new URLSearchParams(query)
  const ref = parameters.get('ref') ?? parameters.get('version')
  if (isFile(address) && ref === null) return { kind: 'file', url: plain }
  const { host, rest } = splitHost(address)
  const { repository, path } = splitPath(rest)
  return { kind: 'repository', repoURL: host + repository, path, targetRevision: ref ?? 'HEAD' }
}

function splitQuery(text: string): string[] {
  const mark = text.indexOf('?')
  return mark < 0 ? [text] : [text.slice(0, mark), text.slice(mark + 1)]
}

function isFile(address: string): boolean {
  return /^https?:\/\//i.test(address) && /\.(ya?ml|json)$/i.test(address) && !/\.git\/|[^:]\/\//.test(address)
}

/** The part up to where the repository's path begins, with a scheme. */
function splitHost(address: string): { host: string; rest: string } {
  const url = /^([a-z][a-z0-9+.-]*:\/\/[^/]+\/)(.*)$/i.exec(address)
  if (url) return { host: url[1] ?? '', rest: url[2] ?? '' }
  const scp = /^([\w.-]+@[\w.-]+:)(.*)$/.exec(address)
  if (scp) return { host: scp[1] ?? '', rest: scp[2] ?? '' }
  const slash = address.search(/[/:]/)
  return { host: `https://${address.slice(0, slash)}/`, rest: address.slice(slash + 1) }
}

function splitPath(rest: string): { repository: string; path: string } {
  const double = rest.indexOf('//')
  if (double >= 0) return { repository: rest.slice(0, double), path: trim(rest.slice(double + 2)) }
  const azure = /^(.*?_git\/[^/]+)(?:\/(.*))?$/.exec(rest) ?? /^(.*?\.git)(?:\/(.*))?$/.exec(rest)
  if (azure) return { repository: azure[1] ?? '', path: trim(azure[2] ?? '') }
  const [organisation = '', repository = '', ...path] = rest.split('/')
  return { repository: `${organisation}/${repository}`, path: trim(path.join('/')) }
}

function trim(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}
