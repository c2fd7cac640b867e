import { expect, test } from 'vitest'
import type { Application } from './application.ts'
import { pinnedForm, pinOf } from './pin.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web', targetRevision: 'main' }
const values = { repoURL: 'https://git.example.com/values.git', ref: 'values' }

function application(pin: string | undefined, history: object[]): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', ...(pin !== undefined && { annotations: { 'tiphys.dev/pin': pin } }) },
    spec: { project: 'default', destination: {}, source: { ...source, path: 'new' } },
    status: { history: history.map((entry, id) => ({ id, deployedAt: '2026-01-01T00:00:00Z', ...entry })) },
  }
}

test('without a pin the application stays as it is', () => {
  const plain = application(undefined, [{ revision: 'aaa', source }])
  expect(pinnedForm(plain)).toBe(plain)
})

test('a pinned application has the sources that were deployed then, each at its revision', () => {
  const one = pinnedForm(
    application('{"id":0}', [
      { revision: 'aaa', source },
      { revision: 'bbb', source },
    ]),
  )
  expect(one.spec.source).toEqual({ ...source, targetRevision: 'aaa' })
  const two = pinnedForm(application('{"id":0}', [{ revisions: ['aaa', 'ccc'], sources: [source, values] }]))
  expect(two.spec.source).toBeUndefined()
  expect(two.spec.sources).toEqual([
    { ...source, targetRevision: 'aaa' },
    { ...values, targetRevision: 'ccc' },
  ])
})

test.each(['', 'latest', '{}', '[1]', 'null'])('%j is no pin, and that is told', (text) => {
  const broken = application(text, [{ revision: 'aaa', source }])
  expect(pinOf(broken)).toBeInstanceOf(Error)
  expect(pinnedForm(broken)).toBe(broken)
})

test('a pin to a history entry that is gone is told', () => {
  expect(pinOf(application('{"id":7}', []))).toMatchObject({ message: expect.stringMatching(/entry 7/) })
})
