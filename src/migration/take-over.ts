/** Everything that is found in an installation, the gravest first. Pure. */
import type { KubeObject } from '../model/index.ts'
import { applicationFindings } from './applications.ts'
import { connectionFindings } from './connections.ts'
import type { Finding, Level } from './finding.ts'
import { settingsFindings } from './settings.ts'
import { workloadFindings } from './workloads.ts'

const order: Level[] = ['stop', 'lost', 'decide', 'differs']

/** `objects`: what `admin export` takes, with the Deployments and StatefulSets of the namespace. */
export function takeOver(objects: KubeObject[], namespace: string): Finding[] {
  const findings = [
    ...workloadFindings(objects, namespace),
    ...settingsFindings(objects),
    ...connectionFindings(objects),
    ...applicationFindings(objects),
  ]
  return findings.sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level))
}
