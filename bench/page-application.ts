/**
 * How long the page of an application of 2,000 resources takes to open, and how it stays while it is moved about:
 * `node build.mjs --bench && node dist/bench-page-application.js`. Prints a line of JSON.
 */
import type { Page } from 'playwright-core'
import { startDemo } from '../src/demo/demo-environment.ts'
import { connect } from '../src/kube/connect.ts'
import { loadConfig } from '../src/kube/load-config.ts'
import { packageFile } from '../src/process/package-file.ts'
import { openChromium } from '../test/browser/chromium.ts'

const resources = 2000
const runs = 5
const silent = { debug() {}, info() {}, warn() {}, error() {} }

const demo = await startDemo({ samples: packageFile('samples'), port: 0, clusterPort: 0, log: silent })
const browser = await openChromium()
try {
  await declareMany()
  const context = await browser.newContext({ baseURL: demo.tiphys.url, viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const data = { username: 'admin', password: demo.tiphys.adminPassword ?? '' }
  await page.request.post('/api/v1/session', { data })
  const opened: number[] = []
  process.stderr.write('synced\n')
  for (let run = 0; run < runs; run++) {
    opened.push(await open(page))
    process.stderr.write(`opened in ${opened.at(-1)} ms\n`)
  }
  await unfold(page)
  const scrolling = await frames(page, 'tree')
  const nodes = await page.getByRole('treeitem').count()
  await page.goto('/applications/argocd/many?view=list')
  await page.getByRole('row').nth(10).waitFor()
  const listScrolling = await frames(page, 'list')
  const sorted = [...opened].sort((one, other) => one - other)
  const figures = {
    resources,
    openMs: sorted[Math.floor(runs / 2)],
    allMs: opened,
    nodesDrawn: nodes,
    scrolling,
    listScrolling,
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  await browser.close()
  await demo.stop()
}

async function declareMany(): Promise<void> {
  const files = Object.fromEntries(
    Array.from({ length: resources }, (_, index) => {
      const name = `setting-${String(index).padStart(4, '0')}`
      return [
        `many/${name}.yaml`,
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  value: "${index}"\n`,
      ]
    }),
  )
  await demo.repository.commit('Two thousand settings', files)
  const cluster = connect(await loadConfig({ kubeconfig: demo.kubeconfig }))
  await cluster.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'many', namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: demo.repository.path, path: 'many', targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: 'many' },
      syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] },
    },
  })
  const isThere = () =>
    demo.tiphys
      .applications()
      .some(
        ({ metadata, status }) =>
          metadata.name === 'many' &&
          status?.sync?.status === 'Synced' &&
          (status.resources?.length ?? 0) === resources &&
          status.operationState?.phase === 'Succeeded',
      )
  for (let tries = 0; tries < 600 && !isThere(); tries++) await new Promise((resolve) => setTimeout(resolve, 500))
  if (!isThere()) throw new Error('the application has not been synced in 5 minutes')
  await cluster.close()
}

/** From the address to the tree as it is drawn. */
async function open(page: Page): Promise<number> {
  await page.goto('about:blank')
  const started = performance.now()
  await page.goto('/applications/argocd/many', { waitUntil: 'commit' })
  await page
    .getByRole('treeitem', { name: /ConfigMap/ })
    .first()
    .waitFor()
  return Math.round(performance.now() - started)
}

/** All two thousand nodes one by one. */
async function unfold(page: Page): Promise<void> {
  await page.getByRole('treeitem', { name: /2,000/ }).click()
  await page.getByRole('treeitem', { name: /setting-0000/ }).waitFor()
}

interface Browsing {
  requestAnimationFrame(draw: (now: number) => void): number
}

interface Frames {
  perSecond: number
  /** The longest that nothing was drawn for. */
  longestMs: number
}

/** Two seconds of the wheel. */
async function frames(page: Page, view: 'tree' | 'list'): Promise<Frames> {
  const target = view === 'tree' ? page.getByRole('tree') : page.getByRole('row').nth(5)
  await target.hover()
  const counting = page.evaluate(
    () =>
      new Promise<Frames>((resolve) => {
        const { requestAnimationFrame: onFrame } = globalThis as unknown as Browsing
        const times: number[] = []
        const began = performance.now()
        const frame = (now: number) => {
          times.push(now)
          if (now - began < 2000) return void onFrame(frame)
          const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
          resolve({ perSecond: Math.round(times.length / 2), longestMs: Math.round(Math.max(...gaps)) })
        }
        onFrame(frame)
      }),
  )
  for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, 400)
  return counting
}
