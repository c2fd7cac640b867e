/** What credentials are for: reading sources, or pushing hydrated manifests. Each kind is kept and permitted apart. */

export const purposes = ['read', 'write'] as const
export type Purpose = (typeof purposes)[number]

/** As rights name it. */
export function repositoryResource(purpose: Purpose): 'repositories' | 'write-repositories' {
  return purpose === 'read' ? 'repositories' : 'write-repositories'
}

export function purposeIn(search: { get(name: string): string | undefined }): Purpose {
  return purposes.find((one) => one === search.get('purpose')) ?? 'read'
}
