/** `tiphys health`: the health of objects in files, with no cluster. */
import { Command } from 'commander'
import type { HealthAssessor } from '../health/index.ts'
import { type KubeObject, keyOf } from '../model/index.ts'
import { exitCode } from './exit-code.ts'
import { readObjects, readSettings } from './objects.ts'

interface HealthFlags {
  config?: string
  exitCode?: boolean
}

export function healthCommand(): Command {
  return new Command('health')
    .argument('<files...>', 'files with objects as kubectl prints them; "-" reads standard input')
    .option('--config <file>', 'argocd-cm with resource.customizations')
    .option('--exit-code', 'end with 1 when an object is Progressing, Degraded, Missing or Unknown')
    .action(async (files: string[], flags: HealthFlags) => {
      // Loaded only here: it brings the virtual machine for scripts.
      const { HealthAssessor } = await import('../health/index.ts')
      const assessor = new HealthAssessor({
        warn: (message) => void process.stderr.write(`warning: ${message}\n`),
        now: () => new Date(),
      })
      assessor.configure(await readSettings(flags.config))
      const objects = await readObjects(files)
      const lines = healthLines(objects, assessor)
      process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      const bad = lines.some(({ status }) => status !== null && status !== 'Healthy' && status !== 'Suspended')
      if (bad && flags.exitCode) process.exitCode = exitCode.negative
    })
}

/** In the order of the objects; `status` is null for a kind without health. */
export function healthLines(objects: KubeObject[], assessor: HealthAssessor) {
  const children = ownedObjects(objects)
  return objects.map((object) => {
    const { group, kind, namespace, name } = keyOf(object)
    const health = assessor.assess(object)
    const explained = assessor.explain(
      object,
      (uid) => children.get(uid) ?? [],
      (other) => (other === object ? health : assessor.assess(other)),
    )
    const cause = explained && (explained.cause?.length ?? 0) > 1 ? `${kind} ${name} → ${explained.message}` : undefined
    return {
      group,
      kind,
      namespace,
      name,
      status: health?.status ?? null,
      message: health?.message ?? '',
      ...(cause !== undefined && { cause }),
    }
  })
}

function ownedObjects(objects: KubeObject[]): Map<string, KubeObject[]> {
  const owned = new Map<string, KubeObject[]>()
  for (const object of objects) {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const siblings = owned.get(uid)
      if (siblings) siblings.push(object)
      else owned.set(uid, [object])
    }
  }
  return owned
}
