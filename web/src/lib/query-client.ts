/** One store of what the server has answered; a page asks by key, and hears when something is newer. */
import { QueryClient } from '@tanstack/react-query'
import { hasStatus, isUnreachable } from './api.ts'

export function createQueryClient(onSignedOut: () => void): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // Streams say when something has changed.
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        retry: (failures, error) => isUnreachable(error) && failures < 5,
        retryDelay: (attempt) => Math.min(8000, 500 * 2 ** attempt),
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
  const onError = (error: unknown) => {
    if (hasStatus(error, 401)) onSignedOut()
  }
  client.getQueryCache().config.onError = onError
  client.getMutationCache().config.onError = onError
  return client
}
