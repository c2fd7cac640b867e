import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import type { Caller } from './caller.ts'
import { ProjectTokenService } from './project-tokens.ts'
import { openInstallation, project } from './test-installation.ts'

const role = {
  name: 'dev',
  groups: ['devs'],
  policies: ['p, proj:team:dev, applications, sync, team/*, allow'],
  jwtTokens: [{ iat: 5, id: 'old' }],
}
const caller = (subject: string, groups: string[] = []): Caller => ({
  kind: 'sso',
  name: subject,
  issuer: 'https://id',
  groups,
  subjects: { subject, groups },
})
const [admin, member, stranger] = [caller('admin'), caller('m', ['devs']), caller('s', ['others'])]

async function open() {
  const installation = await openInstallation({
    projects: [project('team', { roles: [role, { name: 'lead' }] }), project('other', { roles: [role] })],
  })
  return { installation, service: new ProjectTokenService(installation.access) }
}

test('the token of a role may what the role may in its project, and nothing elsewhere', async () => {
  const { installation, service } = await open()
  const token = await service.create(member, { project: 'team', role: 'dev', lifetime: 60 })
  expect(decodeJwt(token)).toMatchObject({ iss: 'argocd', sub: 'proj:team:dev' })
  const holder = await installation.access.callerOf(token)
  expect(holder).toMatchObject({ kind: 'project-role', name: 'proj:team:dev', subjects: { tokenProject: 'team' } })
  const may = (object: string) =>
    installation.access.enforcerOf(holder).may({ resource: 'applications', action: 'sync', object }).allowed
  expect([may('team/web'), may('other/web')]).toEqual([true, false])
  installation.now += 61_000
  await expect(installation.access.callerOf(token)).rejects.toMatchObject({ kind: 'unauthenticated' })
})

test('a token is listed in spec and status, and gone from both when it is deleted', async () => {
  const { installation, service } = await open()
  const token = await service.create(admin, { project: 'team', role: 'dev', id: 'new' })
  const lists = () => {
    const team = installation.projects.get('team')
    const status = team?.status as { jwtTokensByRole: Record<string, { items: unknown[] }> }
    return [team?.spec.roles?.[0]?.jwtTokens, status.jwtTokensByRole.dev?.items]
  }
  const both = [
    { iat: 5, id: 'old' },
    { iat: installation.access.seconds(), id: 'new' },
  ]
  expect(lists()).toEqual([both, both])
  expect(installation.projects.get('team')?.spec.roles?.[1]).toEqual({ name: 'lead' })
  await service.delete(admin, { project: 'team', role: 'dev', id: 'new' })
  expect(lists()).toEqual([[{ iat: 5, id: 'old' }], [{ iat: 5, id: 'old' }]])
  await expect(installation.access.callerOf(token)).rejects.toMatchObject({ reason: 'proj:team:dev has no such token' })
  await service.delete(admin, { project: 'team', role: 'dev', iat: 5 })
  expect(lists()).toEqual([[], []])
})

test('an id is used once', async () => {
  const { service } = await open()
  await expect(service.create(admin, { project: 'team', role: 'dev', id: 'old' })).rejects.toMatchObject({
    kind: 'invalid',
  })
})

test('who may not update the project gets one answer, whether the project is there or not', async () => {
  const { service } = await open()
  for (const name of ['team', 'other', 'none']) {
    await expect(service.create(stranger, { project: name, role: 'dev' })).rejects.toMatchObject({
      kind: 'forbidden',
      message: 'permission denied',
    })
    await expect(service.delete(stranger, { project: name, role: 'dev', id: 'old' })).rejects.toMatchObject({
      kind: 'forbidden',
    })
  }
  await expect(service.create(member, { project: 'team', role: 'lead' })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(service.create(admin, { project: 'team', role: 'none' })).rejects.toMatchObject({ kind: 'not-found' })
})
