/** How much the programs that render may use here: by the memory of this container or machine, and what is set. */
import { totalmem } from 'node:os'
import { type Limits, limitsWithin } from '../manifest/limits.ts'
import { milliValue } from '../model/index.ts'

export interface RenderLimitInputs {
  env: Record<string, string | undefined>
  /** argocd-cmd-params-cm. */
  parameters: Record<string, string>
  /** Of all processes here together. */
  memoryBytes?: number
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

export function renderLimits(inputs: RenderLimitInputs): Pick<Limits, 'memoryBytes' | 'parallel'> {
  const { env, parameters, memoryBytes: total = memoryHere(), log } = inputs
  const wrong = (name: string, text: string) =>
    log.warn({}, `${name} is ${JSON.stringify(text)}, which is not understood: it is chosen by the memory there is`)
  const memoryText = env.TIPHYS_RENDER_MEMORY?.trim()
  const memoryBytes = memoryText ? milliValue(memoryText) / 1000 : 0
  if (memoryText && memoryBytes < 1024) wrong('TIPHYS_RENDER_MEMORY', memoryText)
  const countText = (env.ARGOCD_REPO_SERVER_PARALLELISM_LIMIT ?? parameters['reposerver.parallelism.limit'])?.trim()
  const parallel = Number(countText || 0)
  // As in Argo CD, none or fewer is no limit of somebody's.
  if (!Number.isInteger(parallel)) wrong('reposerver.parallelism.limit', countText ?? '')
  const limits = limitsWithin(total, {
    ...(memoryBytes >= 1024 && { memoryBytes }),
    ...(Number.isInteger(parallel) && parallel >= 1 && { parallel }),
  })
  const inMiB = (bytes: number) => Math.floor(bytes / 1024 ** 2)
  const found = { memoryMiB: inMiB(total), eachMiB: inMiB(limits.memoryBytes), atOnce: limits.parallel }
  log.info(found, 'so much memory is there, and so much of it for each program that renders')
  return limits
}

/** Of the control group, if there is a limit. */
function memoryHere(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
