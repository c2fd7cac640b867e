/** What the policies decide, and what is wrong in them. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, api, type BodyOf, routes } from '../../../lib/api.ts'

export type PolicyQuestion = BodyOf<typeof routes.rbac.explain>
export type Explanation = AnswerOf<typeof routes.rbac.explain>

export function useExplanation(question: PolicyQuestion | undefined) {
  return useQuery({
    queryKey: ['rbac', 'explain', question],
    queryFn: ({ signal }) => api.call(routes.rbac.explain, { body: question ?? nothing, signal }),
    enabled: question !== undefined,
    // Policies are changed outside of this page.
    staleTime: 0,
  })
}

const nothing: PolicyQuestion = { resource: '', action: '', object: '' }

export function usePolicyProblems() {
  return useQuery({
    queryKey: ['rbac', 'problems'],
    queryFn: ({ signal }) => api.call(routes.rbac.problems, { signal }),
  })
}
