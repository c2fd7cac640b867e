import { expect, test, vi } from 'vitest'
import { HealthAssessor } from '../health/index.ts'
import { type KubeObject, keyOf } from '../model/index.ts'
import type { LiveView } from './compare.ts'
import { healthOf } from './live-facts.ts'

function view(apiVersion: string, kind: string, fields: object, full: boolean): LiveView {
  const object: KubeObject = { apiVersion, kind, metadata: { name: kind.toLowerCase(), uid: kind }, ...fields }
  return { key: keyOf(object), object, contentHash: '', full }
}

function assessor(settings: Record<string, string> = {}): HealthAssessor {
  const made = new HealthAssessor({ warn: expect.unreachable, now: () => new Date(0) })
  made.configure(settings)
  return made
}

const ingress = view('networking.k8s.io/v1', 'Ingress', { spec: {}, status: {} }, true)
const certificate = (full: boolean) => view('cert-manager.io/v1', 'Certificate', {}, full)
const crashing = { phase: 'Running', containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] }

test('an object of which only metadata is kept is no cause, but what it owns may be', () => {
  const message = (children: Record<string, LiveView[]>) =>
    healthOf(ingress, (uid) => children[uid] ?? [], assessor())?.message
  expect(message({ Ingress: [certificate(true)] })).toMatch(/^Certificate certificate: /)
  expect(message({ Ingress: [certificate(false)] })).toBe(message({}))
  const pod = view('v1', 'Pod', { status: crashing }, false)
  expect(message({ Ingress: [certificate(false)], Certificate: [pod] })).toMatch(/^Pod pod: CrashLoopBackOff/)
})

test('scripts see whole objects only', () => {
  const script = { 'resource.customizations.health.Pod': 'return { status = obj.spec.containers[1].name }' }
  const pod = view('v1', 'Pod', { status: crashing }, false)
  const health = healthOf(ingress, (uid) => (uid === 'Ingress' ? [pod] : []), assessor(script))
  expect(health?.message).toMatch(/^Pod pod: CrashLoopBackOff/)
})

test('health is found anew when the rules have changed, and only then', () => {
  const deployment = view('apps/v1', 'Deployment', { spec: {}, status: {} }, true)
  const rules = assessor({ 'resource.customizations.health.apps_Deployment': 'return { status = "Suspended" }' })
  const assess = vi.spyOn(rules, 'assess')
  for (let look = 0; look < 3; look++) expect(healthOf(deployment, () => [], rules)?.status).toBe('Suspended')
  expect(assess).toHaveBeenCalledTimes(1)
  rules.configure({})
  expect(healthOf(deployment, () => [], rules)?.status).toBe('Progressing')
  expect(assess).toHaveBeenCalledTimes(2)
})
