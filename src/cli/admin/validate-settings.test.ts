import { expect, test } from 'vitest'
import type { InstallationSettings } from './settings-source.ts'
import { settingGroups, validateSettings } from './validate-settings.ts'

function problemsOf(
  settings: Record<string, string>,
  more: Partial<InstallationSettings> = {},
): Record<string, string[]> {
  const installation = { settings, parameters: {}, policy: undefined, secret: () => undefined, ...more }
  const reports = validateSettings(installation, settingGroups)
  return Object.fromEntries(reports.map(({ group, problems }) => [group, problems]))
}

test('an installation that sets nothing has no problems', () => {
  expect(problemsOf({})).toEqual({ general: [], accounts: [], rbac: [], sso: [], 'resource-overrides': [] })
})

test('each fault is told by the reader that it matters to', () => {
  const found = problemsOf(
    {
      'application.resourceTrackingMethod': 'guess',
      globalProjects: '{',
      'accounts.ann': 'login, fly',
      'dex.config': 'connectors: []',
      'resource.customizations.actions.apps_Deployment': '- no map',
      'resource.customizations.health.a_b_c': 'return {}',
    },
    { policy: { 'policy.csv': 'p, role:a' } },
  )
  expect(found.general?.join()).toMatch(/guess[\s\S]*globalProjects/)
  expect(found.accounts?.join()).toMatch(/fly/)
  expect(found.rbac?.join()).toMatch(/policy\.csv, line 1/)
  expect(found.sso?.join()).toMatch(/runs no Dex/)
  expect(found['resource-overrides']?.join()).toMatch(/a_b_c[\s\S]*no map/)
})

test('a script is compiled and not run', () => {
  const health = (text: string) =>
    problemsOf({ 'resource.customizations.health.example.com_Widget': text })['resource-overrides']
  expect(health('return obj.status.no.such.field')).toEqual([])
  expect(health('local x = 1\nif x then\nreturn {}')?.[0]).toMatch(/Widget/)
  expect(health('error("run")')).toEqual([])
})
