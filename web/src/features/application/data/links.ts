/** The links out of the page that the installation has for this application. */
import { useQuery } from '@tanstack/react-query'
import { api, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'

export interface OuterLink {
  title: string
  url: string
}

export function useLinks(named: ApplicationName): OuterLink[] {
  const { data } = useQuery({
    queryKey: applicationKey(named, 'links'),
    queryFn: ({ signal }) =>
      api.call(routes.links.ofApplication, { params: { name: named.name }, query: home(named), signal }),
    staleTime: 5 * 60_000,
  })
  return data?.items ?? []
}
