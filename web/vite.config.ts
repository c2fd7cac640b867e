/** Builds the page into dist/web, with every file compressed beside itself. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { routes } from '../src/contract/index.ts'

const target = process.env.TIPHYS_URL ?? 'http://127.0.0.1:8080'
const outDir = join(import.meta.dirname, '../dist/web')

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), contractRoutes(), compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    // Types, scripts and fonts of one version have names of their own, and are kept by browsers for good.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target }, '/terminal': { target, ws: true } } },
})

/** The page needs of each route its method and address; the schemas are known to its types only. */
function contractRoutes(): Plugin {
  const id = 'virtual:routes'
  return {
    name: 'contract-routes',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined
      const slim = Object.fromEntries(
        Object.entries(routes).map(([noun, operations]) => [
          noun,
          Object.fromEntries(
            Object.entries(operations).map(([name, { method, path }]) => [
              name,
              { id: `${noun}.${name}`, method, path },
            ]),
          ),
        ]),
      )
      return `export const routes = ${JSON.stringify(slim)}`
    },
  }
}

function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true })
      await Promise.all(files.filter((file) => /\.(js|css|svg)$/.test(file)).map(compress))
    },
  }
}

async function compress(file: string): Promise<void> {
  const content = await readFile(join(outDir, file))
  await writeFile(join(outDir, `${file}.gz`), gzipSync(content, { level: 9 }))
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
  await writeFile(join(outDir, `${file}.br`), brotliCompressSync(content, { params }))
}
