/** What an Application may say, as the server describes it: for completion and checks while it is written as YAML. */
import { useQuery } from '@tanstack/react-query'
import type { JsonSchema } from '../../ui/json-schema.ts'

export function useApplicationSchema(): JsonSchema | undefined {
  const { data } = useQuery({
    queryKey: ['swagger'],
    queryFn: async ({ signal }) => (await (await fetch('/swagger.json', { signal })).json()) as object,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return data && ({ ...data, $ref: '#/components/schemas/v1alpha1Application' } as JsonSchema)
}
