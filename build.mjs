// Bundles src/ into dist/ for Node, a fraction of a second, so npm scripts run it before they need it; and web/ into dist/web
// for browsers, where something of it has changed.
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

const { dependencies, optionalDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
// typebox is hundreds of small files: bundled, the command line starts in half the time.
const external = [
  ...Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => name !== 'typebox'),
  // Benchmarks drive a browser.
  'playwright-core',
  '@sparticuz/chromium',
]

const bench = {
  bench: 'bench/bench.ts',
  'bench-cluster': 'bench/cluster-process.ts',
  'bench-clusters': 'bench/clusters-process.ts',
  'bench-api-clients': 'bench/api-clients.ts',
  'bench-page-application': 'bench/page-application.ts',
}

const screenshots = { screenshots: 'web/screenshots/screenshots.ts' }

await mkdir('dist', { recursive: true })
for (const name of await readdir('dist')) if (name !== 'web') await rm(join('dist', name), { recursive: true })
await build({
  entryPoints: {
    tiphys: 'src/main.ts',
    ...(process.argv.includes('--bench') && bench),
    ...(process.argv.includes('--screenshots') && screenshots),
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external,
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
})

const pageSources = ['web', 'src/contract', 'src/model', 'package-lock.json', 'build.mjs']
const built = await newest(['dist/web/index.html'])
if (built < (await newest(pageSources))) {
  const { build: buildPage } = await import('vite')
  await buildPage({ configFile: 'web/vite.config.ts', logLevel: 'warn' })
}

/** When the newest of these files, or of those below these folders, was last changed; 0 where there are none. */
async function newest(paths) {
  const times = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => undefined)
      if (!found?.isDirectory()) return found?.mtimeMs ?? 0
      return newest((await readdir(path)).map((name) => join(path, name)))
    }),
  )
  return Math.max(0, ...times)
}
