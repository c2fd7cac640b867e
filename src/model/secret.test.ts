import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KubeObject } from './kube-object.ts'
import { withoutSecretValues } from './secret.ts'

function secret(fields: object): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...fields }
}

test('a value that a server repeats is masked, in every spelling', () => {
  const object = secret({ data: { a: 'aHVudGVyMg==' }, stringData: { b: 'pass "word"' } })
  const message = 'cannot take hunter2, aHVudGVyMg== or "pass \\"word\\"": no'
  expect(withoutSecretValues(message, object)).toBe('cannot take ++++++++, ++++++++ or "++++++++": no')
})

test('a whole object that a server repeats is masked', () => {
  const message = 'Secret "s" is invalid: patch: Invalid value: "{\\"data\\":{\\"a\\":\\"eA==\\"}}": expected a map'
  expect(withoutSecretValues(message, secret({}))).toBe(
    'Secret "s" is invalid: patch: Invalid value: "++++++++": expected a map',
  )
})

test('messages about other objects stay as they are', () => {
  const message = 'Deployment "a" is invalid: spec.replicas: Invalid value: -1: must not be negative'
  expect(withoutSecretValues(message, { ...secret({}), kind: 'Deployment', apiVersion: 'apps/v1' })).toBe(message)
})

test('whatever the values are, none of them is left', () => {
  const value = fc.string({ minLength: 4, maxLength: 20 }).filter((text) => !'++++++++'.includes(text))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), fc.string(), (values, around) => {
      const object = secret({ stringData: Object.fromEntries(values.map((text, at) => [`k${at}`, text])) })
      const told = withoutSecretValues(`${values.join(' and ')} are wrong`, object)
      for (const text of values) expect(told.replaceAll('++++++++', '\u0000')).not.toContain(text)
      expect(withoutSecretValues(around, secret({}))).toBe(around)
    }),
  )
})

test('a Secret that does not have the shape of one keeps its values to itself too', () => {
  const about = (fields: object) => withoutSecretValues('got &{hunter-two [hunter-two]}', secret(fields))
  for (const fields of [
    { data: 'hunter-two' },
    { stringData: ['hunter-two'] },
    { data: { a: { b: ['hunter-two'] } } },
  ]) {
    expect(about(fields)).toBe('got &{++++++++ [++++++++]}')
  }
  expect(about({ data: null })).toBe('got &{hunter-two [hunter-two]}')
})
