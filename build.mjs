// Bundles src/ into dist/ for Node; a fraction of a second, so npm scripts run it before they need it.
import { readFile, rm } from 'node:fs/promises'
import { build } from 'esbuild'

const { dependencies, optionalDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
// typebox is hundreds of small files: bundled, the command line starts in half the time.
const external = Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => name !== 'typebox')

const bench = {
  bench: 'bench/bench.ts',
  'bench-cluster': 'bench/cluster-process.ts',
  'bench-api-clients': 'bench/api-clients.ts',
}

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: { tiphys: 'src/main.ts', ...(process.argv.includes('--bench') && bench) },
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
