/** Under which names the answers about one application are kept, and how the server is told which one is meant. */

export interface ApplicationName {
  /** Links made for Argo CD leave it out where it is the usual one. */
  namespace?: string | undefined
  name: string
}

export function applicationKey({ namespace = '', name }: ApplicationName, ...question: unknown[]): unknown[] {
  return ['application', namespace, name, ...question]
}

export function home({ namespace }: ApplicationName): { appNamespace?: string } {
  return namespace ? { appNamespace: namespace } : {}
}
