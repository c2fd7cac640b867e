/**
 * The page with thousands of applications: how soon it is there, how soon a filter answers, whether scrolling is smooth, and
 * what stays in memory while statuses change. The Applications say `argocd.argoproj.io/skip-reconcile: "true"`, so that their
 * statuses are what this benchmark writes, and no controller works beside the browser for what has nothing to do with a page.
 */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright-core'
import type { KubeClient } from '../src/kube/kube-client.ts'
import { type Application, annotation } from '../src/model/index.ts'
import { openChromium } from '../test/browser/chromium.ts'
import { atOnce } from './at-once.ts'
import type { MeasuredProcess } from './measured-process.ts'
import { type Marked, noteWhenThere, scrollDown, untilOnlyMatching } from './page-probes.ts'
import { type Note, percentile, spent } from './reactions.ts'
import { applicationOf } from './workload.ts'

export interface PageLoad {
  applications: number
  /** Of changes of statuses. */
  minutes: number
  /** Changes a second. */
  rate: number
}

interface PageContext extends PageLoad {
  note: Note
  tiphys: MeasuredProcess
  /** Of its metrics. */
  metricsUrl: string
  url: string
  password: string
}

const milliseconds = (values: number[]) =>
  `${Math.round(percentile(values, 0.5))} ms, ${Math.round(Math.max(...values))} ms`

/** As they are once everything has been synced: some in trouble, as in any fleet. */
export async function installSettled(client: KubeClient, { applications }: PageLoad): Promise<void> {
  const indexes = Array.from({ length: applications }, (_, index) => index)
  await atOnce(indexes, 16, (index) => client.create(settled(index), { fieldManager: 'bench' }))
}

const revision = '3fa2c1d09b7e4c5f8a6d2b1c0e9f8d7c6b5a4f3e'
const teams = ['checkout', 'search', 'billing', 'platform', 'mobile']

function settled(index: number): Application {
  const base = applicationOf(index, 'https://git.example.com/fleet.git')
  const at = new Date(Date.now() - (index % 5000) * 60_000).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    ...base,
    metadata: {
      ...base.metadata,
      labels: { team: teams[index % teams.length] ?? '', tier: index % 3 === 0 ? 'web' : 'worker' },
      annotations: { [annotation.skipReconcile]: 'true' },
    },
    status: {
      ...statusOf(index % 400 === 7 ? 'Degraded' : 'Healthy', index % 250 === 3 ? 'OutOfSync' : 'Synced'),
      operationState: {
        operation: { sync: { revision } },
        phase: 'Succeeded',
        startedAt: at,
        finishedAt: at,
        message: 'successfully synced (all tasks run)',
        syncResult: { revision },
      },
      resources: Array.from({ length: 10 }, (_, number) => ({
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
        namespace: base.metadata.name,
        name: `part-${number}`,
        status: 'Synced' as const,
        health: { status: 'Healthy' as const },
      })),
    },
  }
}

function statusOf(health: 'Healthy' | 'Progressing' | 'Degraded', sync: 'Synced' | 'OutOfSync') {
  return { health: { status: health }, sync: { status: sync, revision } }
}

export async function pageFigures(client: KubeClient, context: PageContext): Promise<void> {
  const browser = await openChromium()
  try {
    await figuresIn(browser, client, context)
  } finally {
    await browser.close()
  }
}

async function figuresIn(browser: Browser, client: KubeClient, context: PageContext): Promise<void> {
  const { note, url, password, applications } = context
  const browsing = await browser.newContext({ baseURL: url, locale: 'en-GB', viewport: { width: 1440, height: 900 } })
  const signedIn = await browsing.request.post('/api/v1/session', { data: { username: 'admin', password } })
  if (!signedIn.ok()) throw new Error(`signing in was answered ${signedIn.status()}`)
  const page = await browsing.newPage()
  await page.addInitScript(noteWhenThere, new Intl.NumberFormat('en').format(applications))
  const session = await browsing.newCDPSession(page)
  // What the page itself takes, however many others the machine works for.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  note('load average of the machine', loadavg()[0]?.toFixed(1) ?? '')
  await page.goto('/swagger.json')
  note('a page with next to nothing on it: frames a second', (await framesOf(page, 3000)).perSecond)

  const loads: number[] = []
  const busy: number[] = []
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.goto('about:blank')
    const before = await busyMs(session)
    loads.push(await load(page))
    busy.push((await busyMs(session)) - before)
  }
  const [cold = 0, ...warm] = loads
  note('first page, nothing in the browser’s cache', `${Math.round(cold)} ms`)
  note('first page: median, worst of 5', milliseconds(warm))
  note('  of which CPU of the page: median, worst', milliseconds(busy))
  await noteKeystrokes(page, session, 'at rest', note)
  await noteScrolling(page, session, 'at rest', note)
  const changes = changeStatuses(client, context)
  try {
    await sleep(2000)
    const how = `with ${context.rate} changes a second`
    await noteKeystrokes(page, session, how, note)
    await noteScrolling(page, session, how, note)
    await noteMemory(page, session, { context, changes })
  } finally {
    await changes.stop()
  }
}

async function load(page: Page): Promise<number> {
  await page.goto('/applications')
  const there = await page.waitForFunction(() => (globalThis as Marked).thereAt)
  return Number(await there.jsonValue())
}

const searches = ['0073', '512', '88', '9091']

async function noteKeystrokes(page: Page, session: CDPSession, how: string, note: Note): Promise<void> {
  const before = await busyMs(session)
  const times = await keystrokes(page)
  const busy = ((await busyMs(session)) - before) / times.length
  const nine = Math.round(percentile(times, 0.9))
  note(`a letter in the search until only what matches is drawn, ${how}: median, worst`, milliseconds(times))
  note('  nine of ten within, each', `${nine} ms, ${times.map((time) => Math.round(time)).join(' ')}`)
  note('  CPU of the page, of a letter', `${busy.toFixed(0)} ms`)
}

/** Milliseconds of CPU that the main thread of the page has taken. */
async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
}

async function keystrokes(page: Page): Promise<number[]> {
  const search = page.getByRole('searchbox')
  const times: number[] = []
  for (const text of searches) {
    for (let length = 1; length <= text.length; length++) {
      const measured = page.evaluate(untilOnlyMatching, text.slice(0, length))
      await search.press(text.charAt(length - 1))
      times.push(await measured)
    }
    await search.fill('')
    await sleep(300)
  }
  return times
}

async function framesOf(page: Page, forMs: number) {
  const frames = await page.evaluate(scrollDown, forMs)
  const perSecond = (frames.length / frames.reduce((sum, ms) => sum + ms, 0)) * 1000
  return { frames, perSecond: perSecond.toFixed(0) }
}

async function noteScrolling(page: Page, session: CDPSession, how: string, note: Note): Promise<void> {
  const before = await busyMs(session)
  const { frames, perSecond } = await framesOf(page, 5000)
  const busy = ((await busyMs(session)) - before) / frames.length
  note(`scrolling ${how}: frames a second, 99 % within`, `${perSecond}, ${percentile(frames, 0.99).toFixed(0)} ms`)
  note('  CPU of the page, of a frame', `${busy.toFixed(1)} ms`)
  const rows = await page.evaluate(() => document.querySelectorAll('tbody tr').length)
  note('  rows drawn', String(rows))
}

interface Changes {
  /** So far. */
  written(): number
  stop(): Promise<void>
}

/** Each to an application of its own: it begins to progress, and some seconds later has come to rest again. */
function changeStatuses(client: KubeClient, { applications, rate }: PageLoad): Changes {
  let count = 0
  let written = 0
  const underWay = new Set<Promise<unknown>>()
  const timer = setInterval(() => {
    const index = (Math.floor(count / 2) * 37) % applications
    const status = count % 2 === 0 ? statusOf('Progressing', 'Synced') : statusOf('Healthy', 'Synced')
    const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd' }
    const { name } = applicationOf(index, '').metadata
    count++
    const write = client
      .patch({ ...target, name }, { status }, { type: 'merge' })
      .then(
        () => written++,
        // A machine that is busy with other things: how many have been written is told.
        () => undefined,
      )
      .finally(() => underWay.delete(write))
    underWay.add(write)
  }, 1000 / rate)
  return {
    written: () => written,
    async stop() {
      clearInterval(timer)
      await Promise.allSettled(underWay)
    },
  }
}

async function noteMemory(
  page: Page,
  session: CDPSession,
  { context, changes }: { context: PageContext; changes: Changes },
): Promise<void> {
  const { note, minutes, tiphys, metricsUrl } = context
  let requests = 0
  page.on('request', () => requests++)
  const busyBefore = await busyMs(session)
  const heaps = [await heapOf(session)]
  const before = await tiphys.usage(metricsUrl)
  const writtenBefore = changes.written()
  const startedAt = performance.now()
  for (let half = 0; half < minutes * 2; half++) {
    await sleep(30_000)
    heaps.push(await heapOf(session))
  }
  const seconds = (performance.now() - startedAt) / 1000
  const after = await tiphys.usage(metricsUrl)
  note('changes a second that were written', ((changes.written() - writtenBefore) / seconds).toFixed(1))
  note(`heap of the page, each half minute of ${minutes}`, `${heaps.join(', ')} MB`)
  const busy = ((await busyMs(session)) - busyBefore) / seconds / 10
  note('CPU of the page, of one core', `${busy.toFixed(0)} %`)
  note('requests of the page a second', (requests / seconds).toFixed(2))
  note('CPU of Tiphys, of one core', `${((spent(after, before) / seconds) * 100).toFixed(0)} %`)
}

/** Without what only waits to be collected. */
async function heapOf(session: CDPSession): Promise<string> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return (usedSize / 1e6).toFixed(1)
}
