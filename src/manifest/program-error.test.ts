import { expect, test } from 'vitest'
import { RunError } from '../process/run.ts'
import { programError } from './program-error.ts'

const textOf = (message: string) => programError('helm', new RunError('exit', message), '/tmp/private').message

test('what includes itself is told with its first step and its cause, whatever lies between', () => {
  const step = 'template: demo/templates/a.yaml:1:19: executing "t" at <include "t" .>'
  const said = [
    'demo/templates/a.yaml:1:47',
    ...Array(1000).fill(step),
    'rendering template has a nested reference name: t',
  ]
  expect(textOf(`Error: ${said.join(': error calling include: ')}`)).toBe(
    `helm: demo/templates/a.yaml:1:47: error calling include: ${step}: error calling include: rendering template has a nested reference name: t: it goes on without end: correct what includes or calls itself`,
  )
})

test('the private directory is in no message', () => {
  expect(textOf('Error: open /tmp/private/files/a.yaml: no such file')).toBe('helm: open a.yaml: no such file')
})

test('whether to try again is told by how it ended', () => {
  expect(programError('helm', new RunError('time', 'took long'), '/x').retry).toBe(true)
  expect(programError('helm', new RunError('exit', 'wrong'), '/x').retry).toBe(false)
})
