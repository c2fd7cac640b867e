/** Reading projects, and what belongs to them. */

import { clusterRecords } from '../../clusters/index.ts'
import { routes } from '../../contract/index.ts'
import type { AppProject } from '../../model/index.ts'
import { globalProjectNames, openWindows, projectInForce } from '../../project/index.ts'
import { shownCluster } from '../clusters/show-cluster.ts'
import { type Handler, handler } from '../handler.ts'
import { eventsOf } from '../object-events.ts'
import { repositoryRecords } from '../repositories/repository-records.ts'
import { shownRepository } from '../repositories/show-repository.ts'
import type { Services } from '../services.ts'
import { findProject, projectQuestion } from './find-project.ts'
import { normaliseTokens } from './role-tokens.ts'

export function projectReadHandlers(services: Services): Handler[] {
  const { controlPlane, client, stages } = services
  const toGet = { controlPlane, action: 'get' } as const
  const globalsOf = (project: AppProject) =>
    globalProjectNames(project, stages.settings.globalProjects).flatMap((name) => controlPlane.project(name) ?? [])

  return [
    handler(routes.projects.list, async (call) => {
      const { name: wanted } = call.query
      const items = call.visible(controlPlane.projects(), ({ metadata: { name } }) => projectQuestion(name, 'get'))
      return { metadata: {}, items: wanted ? items.filter(({ metadata: { name } }) => name === wanted) : items }
    }),
    handler(routes.projects.get, async (call) => normaliseTokens(findProject(call, call.params.name, toGet))),
    handler(routes.projects.globalProjects, async (call) => ({
      items: globalsOf(findProject(call, call.params.name, toGet)),
    })),
    handler(routes.projects.detailed, async (call) => {
      const { name } = call.params
      const project = findProject(call, name, toGet)
      const { spec } = projectInForce(project, { rules: stages.settings.globalProjects, find: controlPlane.project })
      const clusters = clusterRecords(controlPlane).filter((cluster) => cluster.project === name)
      const repositories = repositoryRecords(controlPlane).filter((repository) => repository.project === name)
      return {
        project: normaliseTokens({ ...project, spec }),
        globalProjects: globalsOf(project),
        repositories: repositories.map((repository) => shownRepository(repository)),
        clusters: clusters.map((cluster) => shownCluster(cluster, services)),
      }
    }),
    handler(routes.projects.events, async (call) => eventsOf(findProject(call, call.params.name, toGet), client)),
    handler(routes.projects.syncWindows, async (call) => {
      const { spec } = findProject(call, call.params.name, toGet)
      return { windows: openWindows(spec.syncWindows ?? [], stages.clock.now()) }
    }),
  ]
}
