/** Series of metrics that each application has: read off when somebody asks, a few applications at a time, so that nobody waits for them. */
import type { Application } from '../model/index.ts'
import { makeWay } from '../process/fair-turn.ts'

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

/** In Prometheus' text format, version 0.0.4. */
export async function seriesText(families: readonly Family[], applications: readonly Application[]): Promise<string> {
  const texts = families.map(({ name, help, type }) => [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`])
  for (const application of applications) {
    await makeWay()
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
