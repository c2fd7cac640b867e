/** Whether the project of an application permits what an action has come to. */
import { load } from 'js-yaml'
import type { ImpactedResource } from '../../action/index.ts'
import type { KubeClient } from '../../kube/kube-client.ts'
import { type Application, type AppProject, describeKey, type KubeObject, keyOf } from '../../model/index.ts'
import { projectInForce, readGlobalProjects, refusal } from '../../project/index.ts'
import { CommandError } from '../exit-code.ts'

const cluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }

export interface ActionOutcome {
  application: Application
  impacted: ImpactedResource[]
  /** What argocd-cm says. */
  settings: Record<string, string>
}

/** Throws before anything is written. */
export async function mustBePermitted(client: KubeClient, outcome: ActionOutcome): Promise<void> {
  const { application, impacted, settings } = outcome
  const projects = await projectsOf(client, application.metadata.namespace ?? '')
  const name = application.spec.project
  const project = projects.get(name)
  if (!project) throw new CommandError(`the project ${name} of ${application.metadata.name} is not there`)
  const rules = readGlobalProjects(settings.globalProjects ? load(settings.globalProjects) : undefined)
  const inForce = projectInForce(project, { rules, find: (other) => projects.get(other) })
  const resources = await client.apiResources()
  for (const { operation, resource } of impacted) {
    const key = keyOf(resource)
    const namespaced = resources.find(key.group, key.kind)?.namespaced ?? key.namespace !== ''
    const fault = refusal(inForce, { kind: 'object', key, namespaced, cluster })
    if (fault) throw new CommandError(`the action would ${operation} ${describeKey(key)}: ${fault}`)
  }
}

async function projectsOf(client: KubeClient, namespace: string): Promise<Map<string, AppProject>> {
  const type = (await client.apiResources()).find('argoproj.io', 'AppProject')
  const projects = new Map<string, AppProject>()
  if (!type) return projects
  for await (const object of client.list(type, { namespace }) as AsyncIterable<KubeObject>) {
    projects.set(object.metadata.name, object as AppProject)
  }
  return projects
}
