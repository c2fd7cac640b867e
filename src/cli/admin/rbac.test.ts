import { expect, test } from 'vitest'
import { policyIn } from './rbac.ts'

test('a policy is lines by themselves, or the ConfigMap of an installation', async () => {
  const lines = 'p, role:a, applications, get, */*, allow\n'
  expect(await policyIn(lines, 'file')).toEqual({ 'policy.csv': lines })
  const map = `apiVersion: v1\nkind: ConfigMap\ndata:\n  policy.default: role:a\n  policy.csv: |\n    ${lines}`
  expect(await policyIn(map, 'file')).toEqual({ 'policy.default': 'role:a', 'policy.csv': lines })
  expect(await policyIn(JSON.stringify({ kind: 'ConfigMap', data: { a: 'b' } }), 'file')).toEqual({ a: 'b' })
  await expect(policyIn('kind: Secret\n', 'file')).rejects.toThrow(/neither/)
})
