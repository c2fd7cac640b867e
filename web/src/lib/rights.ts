/** What the user may do, asked of the server for all that a page shows at once: what is forbidden is not offered. */
import { useQuery } from '@tanstack/react-query'
import { api, routes } from './api.ts'
import { useSession } from './session.tsx'

export interface RightQuestion {
  /** Such as `applications`. */
  resource: string
  /** Such as `sync` or `action/apps/Deployment/restart`. */
  action: string
  /** What it is done to: `project/name`, or a name; `*` for any. */
  object: string
}

/**
 * `const rights = useRights({ sync: { resource: 'applications', action: 'sync', object: 'default/shop' } })`: `rights.sync` is
 * true, false, or undefined while it is not known.
 */
export function useRights<Name extends string>(questions: Record<Name, RightQuestion>): Partial<Record<Name, boolean>> {
  const { user, isAdmitted } = useSession()
  const names = Object.keys(questions) as Name[]
  const asked = names.map((name) => questions[name])
  const { data } = useQuery({
    queryKey: ['rights', user.username, asked],
    queryFn: ({ signal }) => api.call(routes.accounts.canIEach, { body: { questions: asked }, signal }),
    enabled: isAdmitted && names.length > 0,
    staleTime: 60_000,
  })
  return Object.fromEntries(names.map((name, index) => [name, data?.values[index]])) as Partial<Record<Name, boolean>>
}
