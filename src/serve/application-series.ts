/** Series of metrics that each application has: read off when somebody asks, a few applications at a time, so that nobody waits for them. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Application } from '../model/index.ts'

export interface Sample {
  labels: Record<string, string>
  value: number
}

export interface Family {
  name: string
  help: string
  type: 'counter' | 'gauge'
  /** Those of one application. */
  samples(application: Application): Sample[]
}

/** Others get their turn after so many milliseconds. */
const sliceMs = 5

/** In Prometheus' text format, version 0.0.4. */
export async function seriesText(families: readonly Family[], applications: readonly Application[]): Promise<string> {
  const texts = families.map(({ name, help, type }) => [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`])
  let since = performance.now()
  for (const application of applications) {
    if (performance.now() - since > sliceMs) {
      await breathe()
      since = performance.now()
    }
    families.forEach(({ name, samples }, index) => {
      for (const sample of samples(application)) texts[index]?.push(line(name, sample))
    })
  }
  return texts.map((lines) => `${lines.join('\n')}\n`).join('\n')
}

function line(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`)
  return `${name}{${pairs.join()}} ${value}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
