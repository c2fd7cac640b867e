import { expect, test } from 'vitest'
import { routes } from './index.ts'
import { openApi } from './open-api.ts'
import type { Route } from './route.ts'

const all = Object.values(routes).flatMap((operations) => Object.values(operations)) as Route[]
const document = openApi(all, '0.0.0')

function at(path: string): unknown {
  return path.split('/').reduce<unknown>((value, step) => Object(value)[step], document)
}

test('every reference leads to a schema', () => {
  const found = new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]*)"/g)].map(([, path = '']) => path))
  expect(found.size).toBeGreaterThan(20)
  for (const path of found) expect(at(path), path).toBeTypeOf('object')
})

test('what an AppProject and an ApplicationSet may say is described, also in generators within generators', () => {
  expect(at('components/schemas/v1alpha1AppProject/properties/spec/properties/sourceRepos')).toMatchObject({
    type: 'array',
  })
  const set = 'components/schemas/v1alpha1ApplicationSet/properties/spec/properties'
  const generator = { $ref: '#/components/schemas/v1alpha1ApplicationSetGenerator' }
  expect(at(`${set}/generators/items`)).toEqual(generator)
  const matrix = 'components/schemas/v1alpha1ApplicationSetGenerator/properties/matrix'
  expect(at(`${matrix}/properties/generators/items`)).toEqual(generator)
  expect(at(`${set}/template/properties/spec`)).toEqual({ $ref: '#/components/schemas/v1alpha1ApplicationSpec' })
})
