import { expect, test } from 'vitest'
import type { AppProject } from '../../model/index.ts'
import { normaliseTokens } from './role-tokens.ts'

function project(spec: AppProject['spec'], status?: object): AppProject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'shop' },
    spec,
    ...(status && { status }),
  }
}

test('tokens stand in both places, the newest first, each once, and older ones get an id', () => {
  const roles = [{ name: 'ci', jwtTokens: [{ iat: 1 }, { iat: 2, id: 'b' }] }, { name: 'none' }]
  const status = {
    jwtTokensByRole: {
      ci: {
        items: [
          { iat: 3, id: 'c' },
          { iat: 2, id: 'b' },
        ],
      },
      gone: { items: [{ iat: 4 }] },
    },
  }
  const tokens = [
    { iat: 3, id: 'c' },
    { iat: 2, id: 'b' },
    { iat: 1, id: '1' },
  ]
  const normal = normaliseTokens(project({ roles }, status))
  expect(normal.spec.roles).toEqual([
    { name: 'ci', jwtTokens: tokens },
    { name: 'none', jwtTokens: [] },
  ])
  expect(normal.status).toEqual({ jwtTokensByRole: { ci: { items: tokens }, none: { items: [] } } })
})

test('a project without roles stays as it is', () => {
  const plain = project({ sourceRepos: ['*'] })
  expect(normaliseTokens(plain)).toBe(plain)
})
