import { expect, test } from 'vitest'
import { rightColumns, rightQuestions, rightsRows } from './rights-matrix.ts'

test('for all projects everything is asked, for one what is in it', () => {
  expect(rightQuestions('*')).toMatchObject({
    'applications:sync': { resource: 'applications', action: 'sync', object: '*/*' },
    'clusters:get': { resource: 'clusters', action: 'get', object: '*' },
  })
  expect(rightQuestions('shop')).toMatchObject({ 'logs:get': { object: 'shop/*' } })
  expect(rightQuestions('shop')).not.toHaveProperty('clusters:get')
})

test('every action has a column', () => {
  for (const { actions } of rightsRows('*')) expect(rightColumns).toEqual(expect.arrayContaining(actions))
})

test('no more is asked at once than the server answers', () => {
  expect(Object.keys(rightQuestions('*')).length).toBeLessThanOrEqual(200)
})
