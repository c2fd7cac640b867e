/** `app delete` and `app confirm-deletion`: the end of applications, and what they leave behind. */
import type { Application } from '../../model/index.ts'
import { approval, cascades } from '../../operation/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import type { Applications } from './applications.ts'

export interface DeleteFlags {
  cascade: boolean
  propagationPolicy: string
}

/** Asks for the deletion; one that is under way already is only let go of its resources, if that is asked for. */
export async function deleteApplication(
  applications: Applications,
  { metadata }: Application,
  { cascade, propagationPolicy }: DeleteFlags,
): Promise<void> {
  const propagation = cascade ? (propagationPolicy === 'background' ? 'background' : 'default') : 'orphan'
  if (!metadata.deletionTimestamp || !cascade) {
    const finalizers = cascades(metadata.finalizers, propagation)
    await applications.patch(metadata.name, { metadata: { finalizers } })
  }
  if (!metadata.deletionTimestamp) await applications.delete(metadata.name)
}

/** Resolves to what the applications have left behind, in words. */
export async function untilGone(applications: Applications, gone: Application[], timeout: number): Promise<string[]> {
  const deadline = timeout > 0 ? Date.now() + timeout * 1000 : Number.POSITIVE_INFINITY
  for (const { metadata } of gone) {
    for (;;) {
      const now = await applications.find(metadata.name)
      if (now?.metadata.uid !== metadata.uid) break
      if (Date.now() > deadline) {
        const problem = now?.status?.conditions?.find(({ type }) => type === 'DeletionError')
        const why = problem ? `: ${problem.message}` : ''
        throw new CommandError(`${metadata.name} is still there after ${timeout} s${why}`, { code: exitCode.negative })
      }
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  return (await Promise.all(gone.map((application) => applications.warnings(application, 'ResourcesLeft')))).flat()
}

/** Confirms what asks for it with `Delete=confirm` or `Prune=confirm`. */
export async function confirmDeletion(applications: Applications, name: string, now: Date): Promise<void> {
  await applications.get(name)
  await applications.patch(name, approval(now))
}
