/** Whether a chart's templates can see which APIs the cluster has. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** By looking for the word: templates cannot reach the capabilities without it. Packed subcharts count as yes. */
export async function asksForApiVersions(chart: string): Promise<boolean> {
  const entries = await readdir(chart, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    if (/\.(tgz|tar\.gz)$/.test(entry.name)) return true
    if ((await readFile(join(entry.parentPath, entry.name))).includes('Capabilities')) return true
  }
  return false
}
