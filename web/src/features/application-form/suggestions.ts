/** What can be chosen in the fields, as the API knows it; who may not ask is suggested nothing. */
import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type ApplicationSource, api, routes } from '../../lib/api.ts'

const none: string[] = []
const lasting = { staleTime: 60_000, retry: false } as const

export function useProjects(): string[] {
  const { data } = useQuery({
    queryKey: ['suggested', 'projects'],
    queryFn: async ({ signal }) => {
      const { items } = await api.call(routes.projects.list, { signal })
      return items.map(({ metadata }) => metadata.name)
    },
    ...lasting,
  })
  return data ?? none
}

export function useClusters(): string[] {
  const { data } = useQuery({
    queryKey: ['suggested', 'clusters'],
    queryFn: async ({ signal }) => {
      const { items } = await api.call(routes.clusters.list, { signal })
      return items.map(({ name, server }) => name || server || '').filter(Boolean)
    },
    ...lasting,
  })
  return data ?? none
}

/** Those that are registered, and those that other applications use. */
export function useRepositories(): string[] {
  const { data } = useQuery({
    queryKey: ['suggested', 'repositories'],
    queryFn: async ({ signal }) => {
      const [registered, used] = await Promise.all([
        api.call(routes.repositories.list, { signal }).then(
          ({ items }) => items.map(({ repo }) => repo ?? ''),
          () => none,
        ),
        api
          .call(routes.applications.list, {
            query: { counts: true, limit: 1, fields: 'items.metadata.name' },
            signal,
          })
          .then(({ counts }) => Object.keys(counts?.facets.repo ?? {})),
      ])
      return [...new Set([...registered, ...used])].filter(Boolean)
    },
    ...lasting,
  })
  return data ?? none
}

interface InRepository {
  repo: string
  project: string
}

export function useRevisions({ repo, project }: InRepository, enabled: boolean): string[] {
  const { data } = useQuery({
    queryKey: ['suggested', 'refs', repo, project],
    queryFn:
      enabled && repo !== ''
        ? async ({ signal }) => {
            const route = repo.startsWith('oci://') ? routes.repositories.ociTags : routes.repositories.refs
            const found = await api.call(route, { params: { repo }, query: { appProject: project }, signal })
            return [...(found.branches ?? []), ...(found.tags ?? [])]
          }
        : skipToken,
    ...lasting,
  })
  return data ?? none
}

export function usePaths({ repo, project }: InRepository, revision: string, enabled: boolean): string[] {
  const { data } = useQuery({
    queryKey: ['suggested', 'paths', repo, project, revision],
    queryFn:
      enabled && repo !== ''
        ? async ({ signal }) => {
            const query = { appProject: project, ...(revision && { revision }) }
            const { items } = await api.call(routes.repositories.apps, { params: { repo }, query, signal })
            return items.map(({ path }) => path ?? '').filter(Boolean)
          }
        : skipToken,
    ...lasting,
  })
  return data ?? none
}

export function useCharts({ repo, project }: InRepository, enabled: boolean): { name: string; versions: string[] }[] {
  const { data } = useQuery({
    queryKey: ['suggested', 'charts', repo, project],
    queryFn:
      enabled && repo !== ''
        ? async ({ signal }) => {
            const query = { appProject: project }
            const { items } = await api.call(routes.repositories.helmCharts, { params: { repo }, query, signal })
            return items.map(({ name = '', versions = [] }) => ({ name, versions }))
          }
        : skipToken,
    ...lasting,
  })
  return data ?? []
}

/** What a source is, and what of it can be set. */
export function useDetails(source: ApplicationSource, { appName, project }: { appName: string; project: string }) {
  const place = source.chart || source.path
  return useQuery({
    queryKey: ['suggested', 'details', source.repoURL, place, source.targetRevision, project],
    queryFn:
      source.repoURL && place
        ? ({ signal }) =>
            api.call(routes.repositories.appDetails, {
              params: { repo: source.repoURL },
              body: { source, appName, appProject: project },
              signal,
            })
        : skipToken,
    ...lasting,
  })
}

/** Nobody is asked about an address that is still being typed. */
export function useSettled<Value>(value: Value, ms = 400): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
