// Bundles src/ into dist/ for Node; a fraction of a second, so npm scripts run it before they need it.
import { rm } from 'node:fs/promises'

import { build } from 'esbuild'

const bench = { bench: 'bench/bench.ts', 'bench-cluster': 'bench/cluster-process.ts' }

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: { tiphys: 'src/main.ts', ...(process.argv.includes('--bench') && bench) },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
})
