/** `tiphys admin top`: which applications cost most, from the metrics of all replicas. */
import { Command } from 'commander'
import { messageOf } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { printJson, printTable } from '../output.ts'

interface TopFlags {
  metrics: string[]
  sort: string
  limit: number
  output: string
}

export interface ApplicationCost {
  namespace: string
  name: string
  looks: number
  lookSeconds: number
  renderSeconds: number
  syncSeconds: number
  objects: number
}

const fields = {
  looks: 'tiphys_app_looks_total',
  lookSeconds: 'tiphys_app_look_seconds_total',
  renderSeconds: 'tiphys_app_render_seconds_total',
  syncSeconds: 'argocd_app_sync_duration_seconds_total',
  objects: 'tiphys_app_live_objects',
} as const
type Field = keyof typeof fields

const orders: Record<string, Field> = {
  looks: 'looks',
  look: 'lookSeconds',
  render: 'renderSeconds',
  sync: 'syncSeconds',
  objects: 'objects',
}

export function topCommand(): Command {
  return new Command('top')
    .description('show which applications cost most since the start: looks, rendering, syncs, objects')
    .option('--metrics <url...>', 'where metrics are read, of each replica', ['http://localhost:8082/metrics'])
    .option('--sort <what>', `by ${Object.keys(orders).join(', ')}`, 'look')
    .option('--limit <number>', 'how many; 0: all', Number, 20)
    .option('-o, --output <format>', 'table or json', 'table')
    .action(async ({ metrics, sort, limit, output }: TopFlags) => {
      const by = orders[sort]
      if (!by || !Number.isInteger(limit) || limit < 0 || !['table', 'json'].includes(output)) {
        const message = `--sort takes ${Object.keys(orders).join(', ')}; --limit a number; --output table or json`
        throw new CommandError(message, { code: exitCode.usage })
      }
      const costs = costsIn(await Promise.all(metrics.map(read))).sort((one, other) => other[by] - one[by])
      const shown = limit === 0 ? costs : costs.slice(0, limit)
      process.stdout.write(output === 'json' ? printJson(shown) : table(shown))
    })
}

async function read(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    if (answer.ok) return await answer.text()
    throw new Error(`it answers with ${answer.status}`)
  } catch (cause) {
    const how = 'start "tiphys serve" with --metrics-port, and name the address with --metrics'
    throw new CommandError(`no metrics at ${url}: ${messageOf(cause)}: ${how}`, { cause })
  }
}

const line = /^(\w+)\{(.*)\} (\S+)$/
const labelPair = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** Of several replicas what each has done is added up; objects are seen by all of them. */
export function costsIn(texts: string[]): ApplicationCost[] {
  const costs = new Map<string, ApplicationCost>()
  for (const text of texts) {
    for (const one of text.split('\n')) {
      const [, metric, labels = '', value] = line.exec(one) ?? []
      const field = (Object.keys(fields) as Field[]).find((key) => fields[key] === metric)
      if (!field) continue
      const { namespace = '', name = '' } = Object.fromEntries(
        [...labels.matchAll(labelPair)].map(([, key = '', text = '']) => [key, text]),
      )
      const cost = costs.get(`${namespace}/${name}`) ?? nothing(namespace, name)
      costs.set(`${namespace}/${name}`, cost)
      cost[field] = field === 'objects' ? Math.max(cost.objects, Number(value)) : cost[field] + Number(value)
    }
  }
  return [...costs.values()]
}

function nothing(namespace: string, name: string): ApplicationCost {
  return { namespace, name, looks: 0, lookSeconds: 0, renderSeconds: 0, syncSeconds: 0, objects: 0 }
}

function table(costs: ApplicationCost[]): string {
  const seconds = (value: number) => value.toFixed(2)
  const rows = costs.map((cost) => [
    `${cost.namespace}/${cost.name}`,
    String(cost.looks),
    seconds(cost.lookSeconds),
    seconds(cost.renderSeconds),
    seconds(cost.syncSeconds),
    String(cost.objects),
  ])
  return printTable(['APPLICATION', 'LOOKS', 'LOOK S', 'RENDER S', 'SYNC S', 'OBJECTS'], rows)
}
