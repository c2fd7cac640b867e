// Bundles src/ into dist/ for Node; a fraction of a second, so npm scripts run it before they need it.
import { rm } from 'node:fs/promises'

import { build } from 'esbuild'

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: { tiphys: 'src/main.ts' },
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
