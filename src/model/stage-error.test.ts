import { expect, test } from 'vitest'
import { StageError } from './stage-error.ts'

test('no error tells a password that stands in an address', () => {
  const { message } = new StageError('manifest', 'app.yaml refers to https://ann:p@ss@host/x?ref=v1: gone', {
    retry: false,
  })
  expect(message).toBe('app.yaml refers to https://host/x?ref=v1: gone')
})
