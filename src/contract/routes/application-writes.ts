/** Applications: declaring them, changing what is declared, and deleting them. */
import { Type } from '../../model/schema.ts'
import { Application, ApplicationSpec } from '../application-kinds.ts'
import { body } from '../body.ts'
import { loosely, Nothing, query } from '../named.ts'
import { route } from '../route.ts'
import { home } from './applications.ts'

const Declared = loosely(Application)

const Patch = body('applicationApplicationPatchRequest', {
  name: Type.String(),
  patch: Type.String(),
  patchType: Type.String(),
  appNamespace: Type.String(),
  project: Type.String(),
})

const path = '/api/v1/applications/{name}'
const validate = { validate: Type.Boolean() }

export const applicationWrites = {
  create: route({
    id: 'applications.create',
    method: 'POST',
    path: '/api/v1/applications',
    summary: 'Declare an application; with `upsert`, also where there is another one of its name',
    permission: 'applications:create',
    query: query({ upsert: Type.Boolean(), ...validate }),
    body: Declared,
    answer: Application,
  }),
  update: route({
    id: 'applications.update',
    method: 'PUT',
    path,
    summary: 'Replace spec, labels, annotations and finalizers; everything else of the body is left alone',
    permission: 'applications:update',
    query: query({ ...validate, project: Type.String() }),
    body: Declared,
    answer: Application,
  }),
  patch: route({
    id: 'applications.patch',
    method: 'PATCH',
    path,
    summary: 'Patch what is declared, by a JSON patch, or a JSON merge patch (`patchType: merge`), given as text',
    permission: 'applications:update',
    body: Patch,
    answer: Application,
  }),
  updateSpec: route({
    id: 'applications.updateSpec',
    method: 'PUT',
    path: `${path}/spec`,
    summary: 'Replace the spec',
    permission: 'applications:update',
    query: query({ ...home, ...validate }),
    body: loosely(ApplicationSpec),
    answer: ApplicationSpec,
  }),
  delete: route({
    id: 'applications.delete',
    method: 'DELETE',
    path,
    summary: 'Delete an application, and its resources unless `cascade=false` or `propagationPolicy=orphan`',
    permission: 'applications:delete',
    query: query({ ...home, cascade: Type.Boolean(), propagationPolicy: Type.String() }),
    answer: Nothing,
  }),
  confirmDeletion: route({
    id: 'applications.confirmDeletion',
    method: 'POST',
    path: `${path}/confirm-deletion`,
    summary: 'Confirm the deletion or pruning of what asks for it by `Delete=confirm` or `Prune=confirm`',
    permission: 'applications:update',
    query: query(home),
    answer: Application,
  }),
}
