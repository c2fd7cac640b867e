/** Creating, changing and deleting projects. */

import { deepEqual } from 'fast-equals'
import { routes } from '../../contract/index.ts'
import { type AppProject, mergePatch, type ObjectMeta } from '../../model/index.ts'
import { clusterFor } from '../../reconcile/stages.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { differentSpec } from '../different-spec.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { existingProject, findProject, projectQuestion } from './find-project.ts'
import { readProject } from './read-project.ts'
import { normaliseTokens } from './role-tokens.ts'
import { furtherQuestions, lostApplications } from './update-effects.ts'

export function projectWriteHandlers(services: Services): Handler[] {
  const { controlPlane, stages } = services
  const stored = storedObjects(services)
  const membersOf = (project: string) =>
    controlPlane.applications().filter(({ spec }) => (spec.project || 'default') === project)

  async function recorded(call: Call, { before, after }: { before: AppProject; after: AppProject }) {
    const { name } = after.metadata
    const change = {
      reason: 'ResourceUpdated',
      did: 'updated project',
      object: name,
      subject: after,
      before,
      after,
    } as const
    await audit(call, change, services)
    return after
  }

  return [
    handler(routes.projects.create, async (call) => {
      const { project: given, upsert } = call.body
      const name = given?.metadata?.name ?? ''
      call.require(projectQuestion(name, 'create'))
      const wanted = readProject(given, controlPlane.namespace)
      const existing = controlPlane.project(name)
      if (!existing) {
        const created = await stored.create({ ...wanted, metadata: freshMetadata(wanted.metadata) })
        await audit(
          call,
          { reason: 'ResourceCreated', did: 'created project', object: name, subject: created, after: created },
          services,
        )
        return created as AppProject
      }
      if (!upsert) {
        if (deepEqual(existing.spec, wanted.spec)) return existing
        throw differentSpec('project')
      }
      call.require(projectQuestion(name, 'update'))
      for (const question of furtherQuestions({ before: existing.spec, after: wanted.spec })) call.require(question)
      const changed = await stored.change(existing, (current) => mergePatch(current, { ...current, spec: wanted.spec }))
      return recorded(call, { before: existing, after: changed as AppProject })
    }),
    handler(routes.projects.update, async (call) => {
      const { name } = call.params
      const existing = findProject(call, name, { controlPlane, action: 'update' })
      const wanted = normaliseTokens(readProject(call.body.project, controlPlane.namespace, name))
      refuseStale(wanted.metadata, existing)
      for (const question of furtherQuestions({ before: existing.spec, after: wanted.spec })) call.require(question)
      const change = { name, before: existing.spec, after: wanted.spec }
      const lost = lostApplications(change, membersOf(name), ({ spec }) =>
        clusterFor(spec.destination, stages.clusters),
      )
      if (lost) throw new ApiError('InvalidArgument', `${lost}: change or move them first`)
      const changed = await stored.change(existing, (current) =>
        mergePatch(current, updated(current as AppProject, wanted)),
      )
      return recorded(call, { before: existing, after: changed as AppProject })
    }),
    handler(routes.projects.delete, async (call) => {
      const { name } = call.params
      call.require(projectQuestion(name, 'delete'))
      if (name === 'default') {
        throw new ApiError('InvalidArgument', 'the project default is part of every installation: it cannot be deleted')
      }
      const project = existingProject(name, controlPlane)
      const { length } = membersOf(name)
      if (length > 0) {
        throw new ApiError(
          'InvalidArgument',
          `${length} applications are in the project ${name}: move or delete them first`,
        )
      }
      await stored.remove(project)
      await audit(
        call,
        { reason: 'ResourceDeleted', did: 'deleted project', object: name, subject: project, before: project },
        services,
      )
      return {}
    }),
  ]
}

/** What only the server writes is not taken over from an object that was copied. */
function freshMetadata({ name, namespace, labels, annotations, finalizers }: ObjectMeta): ObjectMeta {
  return { name, namespace, labels, annotations, finalizers }
}

/** Whoever changes what somebody else has changed meanwhile has to look again. */
function refuseStale({ resourceVersion }: ObjectMeta, { metadata }: AppProject): void {
  if (resourceVersion === undefined || resourceVersion === metadata.resourceVersion) return
  throw new ApiError('Aborted', `the project ${metadata.name} has changed meanwhile: load it again, then change it`)
}

function updated(current: AppProject, { spec, status, metadata }: AppProject): AppProject {
  const { labels, annotations, finalizers } = metadata
  return { ...current, spec, status, metadata: { ...current.metadata, labels, annotations, finalizers } }
}
