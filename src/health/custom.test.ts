import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { HealthAssessor } from './assessor.ts'

const widget = (fields: object = {}, kind = 'Widget'): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind,
  metadata: { name: 'w' },
  ...fields,
})

function assessor(settings: Record<string, string>) {
  const warnings: string[] = []
  const made = new HealthAssessor({ warn: (message) => warnings.push(message), now: () => new Date(0) })
  made.configure(settings)
  return Object.assign(made, { warnings })
}

function health(script: string, object = widget()) {
  return assessor({ 'resource.customizations.health.example.com_Widget': script }).assess(object)
}

describe('the answer of a script', () => {
  test('is the health of the object', () => {
    const script = `
      if obj.status ~= nil and obj.status.phase == "Up" then return { status = "Healthy" } end
      return { status = "Degraded", message = "phase is " .. tostring(obj.status and obj.status.phase) }`
    expect(health(script, widget({ status: { phase: 'Up' } }))).toEqual({ status: 'Healthy' })
    expect(health(script)).toEqual({ status: 'Degraded', message: 'phase is nil' })
  })

  test.each(['return {}', 'return nil', 'hs = {}'])('%s: the kind has no health', (script) => {
    expect(health(script, widget({ status: { conditions: [{ type: 'Ready', status: 'False' }] } }))).toBeUndefined()
  })

  const key = 'resource.customizations.health.example.com_Widget of argocd-cm'
  test.each([
    ['return { status = "Fine" }', `${key} returns the status "Fine": it has to be Healthy`],
    ['return { message = "x" }', `${key} returns the status null: it has to be Healthy`],
    ['return "Healthy"', `${key} returns "Healthy": it has to return a table with a status`],
    ['return 42', `${key} returns 42: it has to return a table`],
    ['\nreturn obj.status.phase', `${key}, line 2: attempt to index a nil value (field 'status')`],
    ['return {', `${key}, line 1: unexpected symbol`],
    ['while true do end', `${key}: ran for more than 1`],
    ['return { status = print }', `${key}: the result's status is a function`],
  ])('%s: Unknown, with where it stands and what is wrong', (script, message) => {
    const found = health(script)
    expect(found?.status).toBe('Unknown')
    expect(found?.message).toContain(message)
  })

  test('does not count while the object is being deleted', () => {
    const going = widget({ metadata: { name: 'w', deletionTimestamp: '2026-01-01T00:00:00Z' } })
    expect(health('return { status = "Healthy" }', going)?.status).toBe('Progressing')
  })
})

describe('which script counts', () => {
  const says = (status: string) => `return { status = "${status}" }`

  test('one for a kind of the core group has no group in its key', () => {
    const made = assessor({ 'resource.customizations.health.ConfigMap': says('Suspended') })
    expect(made.assess({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } })?.status).toBe('Suspended')
    expect(made.assess({ apiVersion: 'example.com/v1', kind: 'ConfigMap', metadata: { name: 'c' } })).toBeUndefined()
  })

  test('it comes before what is built in, and before our own rules', () => {
    const made = assessor({
      'resource.customizations.health.apps_Deployment': says('Suspended'),
      'resource.customizations.health.cert-manager.io_Certificate': says('Degraded'),
    })
    expect(made.assess({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } })?.status).toBe(
      'Suspended',
    )
    expect(
      made.assess({ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'c' } })?.status,
    ).toBe('Degraded')
  })

  test('in the one key for all, wildcards match; names come before them, and keys of their own before all', () => {
    const all = `
"*.com/*":
  health.lua: ${says('Unknown')}
example.com/*:
  health.lua: ${says('Degraded')}
example.com/Widget:
  health.lua: ${says('Suspended')}
`
    const made = assessor({ 'resource.customizations': all })
    expect(made.assess(widget({}, 'Other'))?.status).toBe('Degraded')
    expect(made.assess(widget())?.status).toBe('Suspended')
    expect(made.assess({ ...widget(), apiVersion: 'other.com/v1' })?.status).toBe('Unknown')
    const both = assessor({
      'resource.customizations': all,
      'resource.customizations.health.example.com_Widget': says('Healthy'),
    })
    expect(both.assess(widget())?.status).toBe('Healthy')
  })

  test('the one key for all opens libraries in its own way', () => {
    const all = `
example.com/Widget:
  health.lua.useOpenLibs: true
  health.lua: 'return { status = "Healthy", message = type(coroutine) }'
`
    expect(assessor({ 'resource.customizations': all }).assess(widget())?.message).toBe('table')
  })

  test.each([
    ['resource.customizations', '- a', 'is no map of kinds'],
    ['resource.customizations', 'a: [', 'cannot be read, and is left out'],
    ['resource.customizations', 'example.com/Widget: { health.lua: { a: 1 } }', 'is no text: begin it with "|"'],
    ['resource.customizations.health.a_b_c', 'return {}', 'names no kind'],
    ['resource.customizations.health.', 'return {}', 'names no kind'],
  ])('%s: %s is reported, and the rest counts', (key, text, message) => {
    const made = assessor({ [key]: text, 'resource.customizations.health.Pod': says('Suspended') })
    expect(made.warnings.join()).toContain(message)
    expect(made.assess({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } })?.status).toBe('Suspended')
  })

  test('open libraries add coroutines, and nothing that reaches the machine', () => {
    const script =
      'return { status = "Healthy", message = type(coroutine) .. type(io) .. type(os.execute) .. type(os.getenv) }'
    const settings = { 'resource.customizations.health.example.com_Widget': script }
    expect(assessor(settings).assess(widget())?.message).toBe('nilnilnilnil')
    const open = { ...settings, 'resource.customizations.useOpenLibs.example.com_Widget': 'true' }
    expect(assessor(open).assess(widget())?.message).toBe('tablenilnilnil')
  })
})

test('a script that has run for too long again and again is not run any more, until it is changed', () => {
  const key = 'resource.customizations.health.example.com_Widget'
  const made = assessor({ [key]: 'while obj.spec.endless do end return { status = "Healthy" }' })
  const [endless, short] = [widget({ spec: { endless: true } }), widget({ spec: { endless: false } })]
  const status = (object: KubeObject) => made.assess(object)?.status
  for (let at = 0; at < 4; at++) expect(status(endless)).toBe('Unknown')
  expect(status(short)).toBe('Healthy')
  for (let at = 0; at < 5; at++) expect(status(endless)).toBe('Unknown')
  expect(made.assess(short)?.message).toContain('is not run again until it is changed')
  made.configure({ [key]: 'return { status = "Healthy" }' })
  expect(status(endless)).toBe('Healthy')
})

test('settings that change count from then on; others leave everything as it was', () => {
  const made = assessor({ 'resource.customizations.health.example.com_Widget': 'return { status = "Healthy" }' })
  const before = made.rules
  made.configure({
    'resource.customizations.health.example.com_Widget': 'return { status = "Healthy" }',
    'timeout.reconciliation': '5s',
  })
  expect(made.rules).toBe(before)
  made.configure({ 'resource.customizations.health.example.com_Widget': 'return { status = "Degraded" }' })
  expect(made.rules).not.toBe(before)
  expect(made.assess(widget())?.status).toBe('Degraded')
  made.configure({})
  expect(made.assess(widget())).toBeUndefined()
})
