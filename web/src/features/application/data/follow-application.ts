/** One application and its tree, as they are at every moment: asked once, then told by two streams. */
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type Application, type ApplicationTree, api, hasStatus, routes } from '../../../lib/api.ts'
import { type StreamState, useLiveStream } from '../../../lib/live-stream.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'

export interface FollowedApplication {
  application: Application | undefined
  tree: ApplicationTree | undefined
  /** Why there is nothing to show. */
  error: unknown
  /** Why there is no tree, in the server's words. */
  treeError: unknown
  /** It was there, and has been deleted. */
  isGone: boolean
  /** What is shown may be out of date. */
  isStale: boolean
  retry(): void
}

export function useFollowedApplication(named: ApplicationName): FollowedApplication {
  const { application, error, isGone, state, refetch } = useApplication(named)
  const isThere = application !== undefined && !isGone
  const { tree, treeError, state: treeState } = useTree(named, isThere)
  return {
    application,
    tree,
    error,
    treeError,
    isGone,
    isStale: isThere && (state === 'lost' || treeState === 'lost'),
    retry: () => void refetch(),
  }
}

function useApplication(named: ApplicationName) {
  const client = useQueryClient()
  const key = applicationKey(named)
  const [isGone, setGone] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.call(routes.applications.get, { params: named, query: home(named), signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  })
  const uid = data?.metadata.uid
  const state = useLiveStream(data && !isGone ? `${key.join('/')}/${uid}` : undefined, {
    open: (signal) => {
      const known = client.getQueryData<Application>(key)?.metadata
      const query = { name: named.name, appNamespace: known?.namespace, resourceVersion: known?.resourceVersion }
      return api.stream(routes.applicationStreams.applications, { query: defined(query), signal })
    },
    onMessage: ({ type, application }) => {
      if (type === 'DELETED') setGone(true)
      else if (isNewer(application, client.getQueryData<Application>(key))) client.setQueryData(key, application)
    },
    // The stream tells only what is newer: that it has gone is known by asking.
    onReopened: () => void refetch(),
  })
  const isMissing = hasStatus(error, 404) && data !== undefined
  return { application: data, error: data ? undefined : error, isGone: isGone || isMissing, state, refetch }
}

/** What was asked for last may come after what a stream has told. */
function isNewer({ metadata }: Application, known: Application | undefined): boolean {
  if (!known || known.metadata.uid !== metadata.uid) return true
  return Number(metadata.resourceVersion ?? 0) >= Number(known.metadata.resourceVersion ?? 0)
}

/** A tree is told whole: more often than this it is not drawn. */
const treePauseMs = 250

function useTree(named: ApplicationName, isThere: boolean): Followed {
  const client = useQueryClient()
  const key = applicationKey(named, 'tree')
  const latest = useRef<ApplicationTree>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const { data } = useQuery<ApplicationTree>({ queryKey: key, queryFn: skipToken, staleTime: Number.POSITIVE_INFINITY })
  const [treeError, setTreeError] = useState<unknown>()
  useEffect(() => () => clearTimeout(timer.current), [])
  const show = () => {
    timer.current = undefined
    client.setQueryData(key, latest.current)
  }
  const state: StreamState = useLiveStream(isThere ? key.join('/') : undefined, {
    open: (signal) => noting(named, signal, setTreeError),
    onMessage: (tree) => {
      const isFirst = latest.current === undefined
      latest.current = tree
      setTreeError(undefined)
      if (isFirst) show()
      else timer.current ??= setTimeout(show, treePauseMs)
    },
  })
  return { tree: data, treeError, state }
}

interface Followed {
  tree: ApplicationTree | undefined
  treeError: unknown
  state: StreamState
}

/** The stream's own words on why there is no tree. */
async function* noting(named: ApplicationName, signal: AbortSignal, note: (error: unknown) => void) {
  const params = { applicationName: named.name }
  try {
    yield* api.stream(routes.applicationStreams.tree, { params, query: home(named), signal })
  } catch (error) {
    if (!signal.aborted) note(error)
    throw error
  }
}

function defined<Values extends Record<string, string | undefined>>(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]))
}
