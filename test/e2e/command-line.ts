/** The command line against a world's cluster: each command is a process of its own, as a user would run it. */
import { type ChildProcess, execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { World } from './world.ts'

const program = fileURLToPath(new URL('../../bin/tiphys', import.meta.url))

export interface Ended {
  code: number
  out: string
  err: string
}

export function tiphysIn({ kubeconfig, controlNamespace }: World, args: string[]): Promise<Ended> {
  // Logins of whoever runs the tests are not theirs.
  return run(args, { KUBECONFIG: kubeconfig, TIPHYS_NAMESPACE: controlNamespace, TIPHYS_CONFIG_DIR: '/nonexistent' })
}

/** `input`: what standard input says. */
export function run(args: string[], env: Record<string, string>, input = ''): Promise<Ended> {
  const { child, ended } = start(args, env)
  child.stdin?.end(input)
  return ended
}

export function start(args: string[], env: Record<string, string>): { child: ChildProcess; ended: Promise<Ended> } {
  const clean = { PATH: process.env.PATH, HOME: process.env.HOME, ARGOCD_CONFIG_DIR: '/nonexistent' }
  let done: (ended: Ended) => void = () => {}
  const ended = new Promise<Ended>((resolve) => {
    done = resolve
  })
  const child = execFile(process.execPath, [program, ...args], { env: { ...clean, ...env } }, (error, out, err) =>
    done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
  )
  return { child, ended }
}
