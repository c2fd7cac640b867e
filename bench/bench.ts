/** `npm run bench`: one of the benchmarks, its figures as a table and as JSON. */
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { adminPassword } from './api-load.ts'
import { applicationSetFigures } from './application-set.ts'
import { BenchEnvironment, follow, inMegabytes, installDefinitions } from './bench-environment.ts'
import { clusterFigures } from './clusters.ts'
import { loopFigures } from './loop.ts'
import { oneRepositoryFigures } from './one-repository.ts'
import { installSettled, pageFigures } from './page-load.ts'
import { type Workload, writeRepository } from './workload.ts'

const { values: flags } = parseArgs({
  options: {
    applications: { type: 'string', default: '100' },
    resources: { type: 'string', default: '10' },
    concurrency: { type: 'string', default: '32' },
    idle: { type: 'string', default: '60' },
    hooks: { type: 'boolean', default: false },
    api: { type: 'boolean', default: false },
    /** How long the load lasts at least. */
    'load-seconds': { type: 'string', default: '60' },
    /** Measures the page instead. */
    page: { type: 'boolean', default: false },
    /** Measures so many clusters instead. */
    clusters: { type: 'string' },
    /** Measures one ApplicationSet with all applications instead. */
    set: { type: 'boolean', default: false },
    /** Measures what commits to the one repository of all applications cost instead. */
    'one-repository': { type: 'boolean', default: false },
    minutes: { type: 'string', default: '3' },
    json: { type: 'string' },
    /** A folder for CPU profiles of Tiphys. */
    profile: { type: 'string' },
  },
})
const workload: Workload = {
  applications: Number(flags.applications),
  resources: Number(flags.resources),
  hooks: flags.hooks,
}
const idleSeconds = Number(flags.idle)
const bench = new BenchEnvironment(flags.profile)
const { note } = bench

async function runPage(): Promise<void> {
  const { kubeconfig, client } = await bench.openCluster('tiphys')
  await installDefinitions(client)
  const load = { applications: workload.applications, minutes: Number(flags.minutes), rate: 50 }
  await installSettled(client, load)
  const { tiphys, metricsUrl } = await bench.startTiphys(kubeconfig)
  const [, url = ''] = await tiphys.printed(/"url":"([^"]+)"/)
  const password = await adminPassword(client)
  await pageFigures(client, { ...load, note, tiphys, metricsUrl, url, password })
  await tiphys.stop()
  await client.close()
}

async function runClusters(count: number): Promise<void> {
  const repository = writeRepository(bench.folder, { ...workload, applications: count })
  const placesFile = join(bench.folder, 'clusters')
  const sandboxes = bench.start([join(import.meta.dirname, 'bench-clusters.js'), placesFile, String(count)])
  await sandboxes.printed(/ready/)
  const { kubeconfig, client } = await bench.openCluster('tiphys')
  await installDefinitions(client)
  const { all, until, close } = await follow(client)
  const { tiphys, metricsUrl } = await bench.startTiphys(kubeconfig)
  await clusterFigures(client, { note, placesFile, repository, tiphys, metricsUrl, idleSeconds, all, until })
  await tiphys.stop()
  await close()
  await client.close()
}

function run(): Promise<void> {
  if (flags.clusters) return runClusters(Number(flags.clusters))
  if (flags.page) return runPage()
  if (flags.set) return applicationSetFigures(bench, { applications: workload.applications, idleSeconds })
  if (flags['one-repository']) return oneRepositoryFigures(bench, workload)
  const { api } = flags
  const [concurrency, loadSeconds] = [Number(flags.concurrency), Number(flags['load-seconds'])]
  return loopFigures(bench, { workload, concurrency, idleSeconds, ...(api && { loadSeconds }) })
}

try {
  const what = flags.clusters ? `${flags.clusters} clusters` : `${workload.applications} applications`
  const machine = `${cpus().length} x ${cpus()[0]?.model}, ${inMegabytes(totalmem())}, Node ${process.version}`
  console.log(`${what} x ${workload.resources} resources, ${machine}\n`)
  await run()
  const result = { date: new Date().toISOString(), ...workload, node: process.version, figures: bench.figures }
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`)
  else console.log(`\n${JSON.stringify(result)}`)
} finally {
  await bench.close()
}
