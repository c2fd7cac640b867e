/** How the objects of requests are written. */

interface ApplicationName {
  project: string
  name: string
  namespace?: string | undefined
  /** Applications of this namespace are written without it. */
  controlNamespace: string
}

/** `<project>/<name>`, or `<project>/<namespace>/<name>` outside the control namespace. */
export function applicationObject({ project, name, namespace, controlNamespace }: ApplicationName): string {
  return namespace && namespace !== controlNamespace ? `${project}/${namespace}/${name}` : `${project}/${name}`
}

/** A cluster by its server and by its name: policies may write either. A name that looks like `<project>/…` is no name. */
export function clusterObjects({
  server,
  name,
  project,
}: {
  server: string
  name?: string
  project?: string
}): string[] {
  const spellings = name && name !== server && !name.includes('/') ? [server, name] : [server]
  return project ? spellings.map((spelling) => `${project}/${spelling}`) : spellings
}

export function repositoryObject({ url, project }: { url: string; project?: string }): string {
  return project ? `${project}/${url}` : url
}
