/** Makes docs/screenshots/ from the running product: `npm run screenshots`. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { type DemoEnvironment, startDemo } from '../../src/demo/demo-environment.ts'
import { packageFile } from '../../src/process/package-file.ts'
import { openChromium } from '../../test/browser/chromium.ts'
import { shots } from './shots.ts'

export interface Scene {
  demo: DemoEnvironment
  page: Page
}

export interface Shot {
  name: string
  path: string
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  /** What has been done before the picture is taken. */
  prepare?(scene: Scene): Promise<void>
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const folder = packageFile('docs/screenshots')
await mkdir(folder, { recursive: true })
const demo = await startDemo({ samples: packageFile('samples'), port: 0, clusterPort: 0, log: silent })
const browser = await openChromium()
try {
  await untilSettled(demo)
  for (const shot of shots) await take(shot, { demo, browser })
} finally {
  await browser.close()
  await demo.stop()
}

async function take(shot: Shot, { demo, browser }: { demo: DemoEnvironment; browser: Browser }): Promise<void> {
  const { name, path, theme = 'light', width = 1440, height = 900, prepare } = shot
  const context = await browser.newContext({
    baseURL: demo.tiphys.url,
    colorScheme: theme,
    locale: 'en-GB',
    viewport: { width, height },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const username = 'admin'
  if (path !== '/login') {
    await page.request.post('/api/v1/session', { data: { username, password: demo.tiphys.adminPassword ?? '' } })
  }
  await page.goto(path)
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined)
  await prepare?.({ demo, page })
  await sleep(600)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await context.close()
  process.stdout.write(`docs/screenshots/${name}.png\n`)
}

async function untilSettled({ tiphys }: DemoEnvironment): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (tiphys.applications().every(({ status }) => status?.health?.status === 'Healthy')) return
    await sleep(200)
  }
  throw new Error('the applications of the demo are not healthy after a minute')
}
