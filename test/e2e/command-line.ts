/** The command line against a world's cluster: each command is a process of its own, as a user would run it. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { World } from './world.ts'

const program = fileURLToPath(new URL('../../bin/tiphys', import.meta.url))

export interface Ended {
  code: number
  out: string
  err: string
}

export function tiphysIn({ kubeconfig, controlNamespace }: World, args: string[]): Promise<Ended> {
  const env = { ...process.env, KUBECONFIG: kubeconfig, TIPHYS_NAMESPACE: controlNamespace }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}
