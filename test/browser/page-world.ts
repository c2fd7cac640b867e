/** What a test of the page works in: a whole demo, and a browser that has signed in to it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect, inject } from 'vitest'
import { type DemoEnvironment, startDemo } from '../../src/demo/demo-environment.ts'
import { packageFile } from '../../src/process/package-file.ts'
import { openChromium } from './chromium.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

export interface PageWorld {
  demo: DemoEnvironment
  browser: Browser
  /** A page of its own with nobody signed in. */
  newPage(options?: Parameters<Browser['newContext']>[0]): Promise<Page>
  /** A page on which somebody has signed in; the administrator unless told otherwise. */
  signedIn(path?: string, user?: { name: string; password: string }): Promise<Page>
  close(): Promise<void>
}

export async function openPageWorld(): Promise<PageWorld> {
  if (!inject('hasBrowser')) return nothing
  const demo = await startDemo({ samples: packageFile('samples'), port: 0, clusterPort: 0, log: silent })
  const browser = await openChromium()
  const contexts: BrowserContext[] = []

  async function newPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: demo.tiphys.url, locale: 'en-GB', ...options })
    contexts.push(context)
    const page = await context.newPage()
    failOnFaults(page)
    return page
  }

  return {
    demo,
    browser,
    newPage,
    async signedIn(path = '/', user = { name: 'admin', password: demo.tiphys.adminPassword ?? '' }) {
      const page = await newPage()
      const answer = await page.request.post('/api/v1/session', {
        data: { username: user.name, password: user.password },
      })
      expect(answer.status(), await answer.text()).toBe(200)
      await page.goto(path)
      return page
    },
    async close() {
      for (const context of contexts) await context.close()
      await browser.close()
      await demo.stop()
    },
  }
}

/** Every test is skipped: nobody looks at it. */
const nothing = { close: async () => {} } as PageWorld

const faults = new WeakMap<Page, string[]>()

/** Scripts that fail and what the content policy has refused: `expectNoFaults` tells. */
function failOnFaults(page: Page): void {
  const found: string[] = []
  faults.set(page, found)
  page.on('pageerror', (error) => found.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) found.push(message.text())
  })
}

export function expectNoFaults(page: Page): void {
  expect(faults.get(page)).toEqual([])
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Nothing serious or critical by the rules of WCAG 2.2 A and AA. `within`: a selector of the part that is looked at. */
export async function expectAccessible(page: Page, within = 'html'): Promise<void> {
  // Not as a script element, which the content policy refuses.
  await page.evaluate(axe)
  const violations = await page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as {
      axe: { run(part: string, options: object): Promise<{ violations: Violation[] }> }
    }
    const found = await axe.run(part, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
  }, within)
  expect(violations).toEqual([])
}

interface Violation {
  id: string
  impact: string
  nodes: { html: string; failureSummary: string }[]
}
