/** The recordings: one trace is a scenario of requests with the answers a real API server gave. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Step {
  name: string
  note?: string
  waits?: string
  request: {
    method: string
    path: string
    headers?: Record<string, string>
    body?: unknown
    as?: string
    userAgent?: string
    /** Values to take from an earlier step's answer. */
    uses?: { at: string; step: string; from: string }[]
  }
  response: {
    status: number
    headers: Record<string, string | string[]>
    body: unknown
    /** The body holds only the fields that matter. */
    partial?: boolean
    /** The body is an array of the lines of a stream. */
    stream?: boolean
  }
}

export interface Trace {
  name: string
  about: string
  /** Paths whose values differ between runs. */
  volatile: string[]
  steps: Step[]
}

const folder = new URL('../fixtures/traces/', import.meta.url)

export function traceNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
}

export function readTrace(name: string): Trace {
  const text = readFileSync(new URL(`${name}.json`, folder), 'utf8')
  return { name, ...(JSON.parse(text) as Omit<Trace, 'name'>) }
}
