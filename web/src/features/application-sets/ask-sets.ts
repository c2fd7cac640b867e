/** ApplicationSets, and their changes as they happen. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { type AnswerOf, api, routes } from '../../lib/api.ts'
import { type StreamState, useLiveStream } from '../../lib/live-stream.ts'

export type ApplicationSet = AnswerOf<typeof routes.applicationSets.get>

export const setsKey = ['application-sets']

export function useApplicationSets() {
  return useQuery({
    queryKey: [...setsKey, 'list'],
    queryFn: async ({ signal }) => (await api.call(routes.applicationSets.list, { signal })).items,
  })
}

export function useApplicationSet({ namespace, name }: { namespace: string; name: string }) {
  return useQuery({
    queryKey: [...setsKey, 'one', namespace, name],
    queryFn: ({ signal }) =>
      api.call(routes.applicationSets.get, { params: { name }, query: { appsetNamespace: namespace }, signal }),
  })
}

/** What has happened to one lately. */
export function useEvents({ namespace, name }: { namespace: string; name: string }) {
  return useQuery({
    queryKey: [...setsKey, 'events', namespace, name],
    queryFn: async ({ signal }) => {
      const query = { appsetNamespace: namespace }
      return (await api.call(routes.applicationSets.events, { params: { name }, query, signal })).items
    },
  })
}

/** An application that a set would make, and where it would go. */
export interface PreviewedApplication {
  name: string
  place: string
}

export async function previewOf(applicationSet: ApplicationSet): Promise<PreviewedApplication[]> {
  const { applications } = await api.call(routes.applicationSets.generate, { body: { applicationSet } })
  return applications.map(({ metadata, spec: { destination } }) => {
    const { name, server, namespace } = destination ?? {}
    return { name: metadata.name, place: [name || server, namespace].filter(Boolean).join(' / ') }
  })
}

const refreshMs = 500

export function useLiveSets(): StreamState {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const refresh = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void client.invalidateQueries({ queryKey: setsKey })
    }, refreshMs)
  }
  return useLiveStream('application-sets', {
    open: (signal) => api.stream(routes.applicationSets.watch, { signal }),
    onMessage: refresh,
    onReopened: refresh,
  })
}
