/** What an object of a kind may say, as the server describes it: for completion and checks while it is written as YAML. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { JsonSchema } from './json-schema.ts'

/** `part`: only that of it, such as `spec`. */
export function useKindSchema(
  kind: 'Application' | 'ApplicationSet' | 'AppProject',
  part?: string,
): JsonSchema | undefined {
  const { data } = useQuery({
    queryKey: ['swagger'],
    queryFn: async ({ signal }) => (await (await fetch('/swagger.json', { signal })).json()) as object,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const below = part === undefined ? '' : `/properties/${part}`
  // The same one each time: an editor sets itself up anew for another.
  return useMemo(
    () => data && ({ ...data, $ref: `#/components/schemas/v1alpha1${kind}${below}` } as JsonSchema),
    [data, kind, below],
  )
}
