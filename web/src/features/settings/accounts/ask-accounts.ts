/** Local accounts. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'

export type Account = AnswerOf<typeof routes.accounts.get>

export const accountsKey = ['accounts']

export function useAccounts() {
  return useQuery({
    queryKey: [...accountsKey, 'list'],
    queryFn: async ({ signal }) => (await api.call(routes.accounts.list, { signal })).items,
  })
}

export function useAccount(name: string) {
  return useQuery({
    queryKey: [...accountsKey, 'one', name],
    queryFn: ({ signal }) => api.call(routes.accounts.get, { params: { name }, signal }),
  })
}
