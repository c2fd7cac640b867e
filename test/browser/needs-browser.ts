/** Without a browser that starts, the tests of the page are skipped, and everybody is told. */
import type { TestProject } from 'vitest/node'
import { openChromium } from './chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    hasBrowser: boolean
  }
}

export default async function setup(project: TestProject): Promise<void> {
  try {
    await (await openChromium()).close()
    project.provide('hasBrowser', true)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    process.stderr.write(
      `\n!! No browser starts here: every test in test/browser is SKIPPED.\n!! Install chromium, or name one in CHROMIUM_PATH. (${reason})\n\n`,
    )
    project.provide('hasBrowser', false)
  }
}
