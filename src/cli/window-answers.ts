/** What `tiphys windows` answers: the permissions of the Applications among some objects. Pure. */
import { load } from 'js-yaml'
import type { Application, AppProject, KubeObject } from '../model/index.ts'
import { projectInForce, readGlobalProjects, type WindowVerdict, windowsFor, windowVerdict } from '../project/index.ts'
import { CommandError, exitCode } from './exit-code.ts'

export interface Answer {
  application: string
  project: string
  /** RFC 3339. */
  at: string
  automated: Permission
  manual: Permission
}

export interface Permission {
  permitted: boolean
  reason: string
  /** RFC 3339; when what is refused will be permitted. */
  until?: string
}

export function answersOf(objects: KubeObject[], at: Date): Answer[] {
  const applications = objects.filter(({ kind }) => kind === 'Application') as Application[]
  const projects = objects.filter(({ kind }) => kind === 'AppProject') as AppProject[]
  if (applications.length === 0)
    throw new CommandError('there is no Application in the files', { code: exitCode.usage })
  const find = (name: string) => projects.find(({ metadata }) => metadata.name === name)
  const rules = globalProjectsOf(objects)
  return applications.map((application) => {
    const name = application.spec.project || 'default'
    const project = find(name)
    if (!project) throw new CommandError(`the project ${name} of ${application.metadata.name} is in none of the files`)
    const { server, name: clusterName, namespace = '' } = application.spec.destination ?? {}
    const windows = windowsFor(projectInForce(project, { rules, find }).spec, {
      name: application.metadata.name,
      namespace,
      clusters: clusterNames(server, clusterName),
    })
    const ask = (manual: boolean) => permissionOf(windowVerdict(windows, { manual, now: at.getTime() }))
    return {
      application: application.metadata.name,
      project: name,
      at: timestamp(at.getTime()),
      automated: ask(false),
      manual: ask(true),
    }
  })
}

function globalProjectsOf(objects: KubeObject[]) {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'argocd-cm')
  const text = (map?.data as Record<string, string> | undefined)?.globalProjects
  return readGlobalProjects(text ? load(text) : undefined)
}

const inCluster = ['in-cluster', 'https://kubernetes.default.svc']

/** The one cluster whose name and address are known without asking any. */
function clusterNames(server: string | undefined, name: string | undefined): string[] {
  const given = [server, name].filter((text) => text !== undefined && text !== '') as string[]
  return given.some((text) => inCluster.includes(text)) ? inCluster : given
}

function permissionOf({ permitted, reason, until }: WindowVerdict): Permission {
  return { permitted, reason, ...(until !== undefined && { until: timestamp(until) }) }
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
