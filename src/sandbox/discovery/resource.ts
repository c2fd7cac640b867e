/** What the server knows of one resource of one group version: its names, scope, verbs and subresources. */

/** One entry of an APIResourceList, as discovery serves it. */
export interface ApiResource {
  name: string
  singularName: string
  namespaced: boolean
  kind: string
  verbs: string[]
  group?: string
  version?: string
  shortNames?: string[]
  categories?: string[]
  storageVersionHash?: string
}

/** What a custom resource definition says of one of its versions, beyond discovery. */
export interface CustomVersion {
  /** The definition's name, plural.group. */
  definition: string
  storageVersion: string
}

export interface Resource {
  group: string
  version: string
  /** Plural, lower case. */
  name: string
  kind: string
  /** The kind of a list; a custom resource may name its own. */
  listKind: string
  namespaced: boolean
  verbs: ReadonlySet<string>
  subresources: ReadonlyMap<string, ApiResource>
  /** The store's bucket: versions of one resource share it. */
  bucket: string
  custom?: CustomVersion
}

/** `apps/v1`, or `v1` of the core group. */
export function groupVersion({ group, version }: { group: string; version: string }): string {
  return group ? `${group}/${version}` : version
}

/** `deployments.apps`, or `pods` of the core group: how messages name a resource. */
export function qualifiedName({ group, name }: { group: string; name: string }): string {
  return group ? `${name}.${group}` : name
}
