/** The page follows what happens: rows are changed in place, and counts are asked again, but never more often than needed. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type ApplicationEvent, api, routes } from '../../../lib/api.ts'
import { type StreamState, useLiveStream } from '../../../lib/live-stream.ts'
import { attentionStandings, standingOf } from '../../../lib/standing.ts'
import { attentionKey } from '../attention/attention.ts'
import { countsKey } from './count-applications.ts'
import { type ListRequest, listKey, type RowPages } from './list-applications.ts'
import { withEvents } from './live-rows.ts'
import { comparing } from './order.ts'
import { keyOf, rowFields } from './rows.ts'
import { throttled } from './throttled.ts'

const fields = ['result.type', ...rowFields.map((field) => `result.application.${field}`)].join()

/** What comes within this is shown at once. */
const batchMs = 250
const recountMs = 2000
const settleMs = 300

interface LiveOptions {
  request: ListRequest
  /** Of the list, once it is there. */
  version: string | undefined
  /** `namespace/name` of those that are shown as in need of attention. */
  attention: ReadonlySet<string>
}

export function useLiveApplications({ request, version, attention }: LiveOptions): StreamState {
  const client = useQueryClient()
  const latest = useRef({ request, attention })
  latest.current = { request, attention }
  // Sorting otherwise needs no other stream.
  const question = JSON.stringify(request.query)
  const opened = useRef<{ question: string; version: string } | undefined>(undefined)
  if (version !== undefined && opened.current?.question !== question) opened.current = { question, version }

  const live = useMemo(() => {
    const current = () => latest.current.request
    const recount = throttled(recountMs, () => void client.invalidateQueries({ queryKey: countsKey(current().query) }))
    const lookAgain = throttled(recountMs, () => void client.invalidateQueries({ queryKey: attentionKey }))
    let waiting: ApplicationEvent[] = []
    const show = throttled(batchMs, () => {
      const events = waiting
      waiting = []
      const compare = comparing(current().sort)
      client.setQueryData<RowPages>(listKey(current()), (data) =>
        data ? { ...data, pages: withEvents(data.pages, events, compare) } : data,
      )
      if (events.some(concernsAttention)) lookAgain.soon()
      recount.soon()
    })
    function concernsAttention({ application }: ApplicationEvent): boolean {
      return latest.current.attention.has(keyOf(application)) || attentionStandings.includes(standingOf(application))
    }
    return {
      add(event: ApplicationEvent) {
        waiting.push(event)
        show.soon()
      },
      forget() {
        waiting = []
      },
      askAll() {
        void client.invalidateQueries({ queryKey: listKey(current()) })
        recount.soon()
        lookAgain.soon()
      },
      stop() {
        for (const one of [recount, lookAgain, show]) one.stop()
      },
    }
  }, [client])
  useEffect(() => live.stop, [live])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was told of another question is not shown
  useEffect(() => live.forget, [live, question])

  const settled = useSettled(question)
  const isReady = opened.current?.question === question && settled === question
  return useLiveStream(isReady ? question : undefined, {
    open: (signal) =>
      api.stream(routes.applicationStreams.applications, {
        query: { ...request.query, fields, resourceVersion: opened.current?.version ?? '' },
        signal,
      }),
    onMessage: live.add,
    onReopened: live.askAll,
  })
}

/** Who is still typing needs no stream for each letter. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
