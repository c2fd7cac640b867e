/** Who looks at the page, and how the installation is set up. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { type AnswerOf, api, hasStatus, routes, type Settings } from './api.ts'

export type User = AnswerOf<typeof routes.session.userInfo>

export interface Session {
  user: User
  settings: Settings
  /** Signed in, or the installation lets anybody look. */
  isAdmitted: boolean
  /** Somebody else, or nobody, is signed in from now on. */
  changed(): Promise<void>
}

const Context = createContext<Session | undefined>(undefined)

export function useSession(): Session {
  const session = useContext(Context)
  if (!session) throw new Error('there is no session above this component')
  return session
}

interface SessionProviderProps {
  loading: ReactNode
  failed(error: unknown, retry: () => void): ReactNode
  children: ReactNode
}

const key = ['session']

export function SessionProvider({ loading, failed, children }: SessionProviderProps) {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const [user, settings] = await Promise.all([
        api.call(routes.session.userInfo, { signal }),
        api.call(routes.settings.get, { signal }),
      ])
      return { user, settings, isAdmitted: user.loggedIn === true || (await admitsAnonymous(signal)) }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (data) {
    const changed = async () => {
      // What somebody else was shown is no longer shown.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] })
      await refetch()
    }
    return <Context value={{ ...data, changed }}>{children}</Context>
  }
  return error ? failed(error, () => void refetch()) : loading
}

async function admitsAnonymous(signal: AbortSignal): Promise<boolean> {
  try {
    const params = { resource: 'applications', action: 'get', subresource: '*/*' }
    await api.call(routes.accounts.canI, { params, signal })
    return true
  } catch (error) {
    if (hasStatus(error, 401)) return false
    throw error
  }
}
