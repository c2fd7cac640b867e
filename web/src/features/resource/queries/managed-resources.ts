/** Resources as Git and as the cluster have them, asked again when either side has changed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type Application, api, type ResourceDiff, routes } from '../../../lib/api.ts'
import { addressText, applicationKey, home, type ObjectAddress } from './object-address.ts'

export interface Managed {
  /** undefined: not known yet. */
  resources: ResourceDiff[] | undefined
  error: unknown
}

export interface ManagedQuestion {
  /** All of them unless given. */
  address?: ObjectAddress
  /** Tells also what others have set and Git leaves open. */
  undeclared?: boolean
  /** Something that changes when the answer may have. */
  version: string
}

/** Many changes in a row are one question. */
const pauseMs = 400

export function useManagedResources(application: Application, question: ManagedQuestion): Managed {
  const { address, undeclared = false } = question
  const version = useSettled(question.version)
  const { data, error } = useQuery({
    queryKey: applicationKey(application, 'managed', address ? addressText(address) : '*', undeclared, version),
    queryFn: ({ signal }) =>
      api.call(routes.applicationResources.managed, {
        params: { applicationName: application.metadata.name },
        query: { ...home(application), ...address, undeclared },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    // Whole objects are long, and nobody asks for an old version again.
    gcTime: 10_000,
  })
  const all = data?.items
  return { resources: address ? all?.filter((one) => isAt(one, address)) : all, error: data ? undefined : error }
}

/** An empty group or namespace in a query means any. */
function isAt({ group = '', namespace = '' }: ResourceDiff, address: ObjectAddress): boolean {
  return group === address.group && namespace === address.namespace
}

/** What an application's comparison rests on: it changes when the comparison may. */
export function comparisonVersion({ metadata, spec, status }: Application): string {
  const { sync, resources = [], reconciledAt } = status ?? {}
  const states = resources.map((one) => `${one.kind}/${one.namespace}/${one.name}:${one.status}`).join()
  const rules = JSON.stringify(spec.ignoreDifferences ?? [])
  return [metadata.resourceVersion, reconciledAt, sync?.revision, sync?.revisions, rules, states].join('|')
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
