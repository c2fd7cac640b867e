import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openPrompt } from './prompt.ts'

function opened(text: string) {
  const input = new PassThrough()
  const output = new PassThrough()
  input.end(text)
  return { prompt: openPrompt({ input, output }), shown: () => String(output.read() ?? '') }
}

test('answers come from the lines of standard input, and secrets are not shown', async () => {
  const { prompt, shown } = opened('ann\nsecret word\n')
  expect(await prompt.ask('Name: ')).toBe('ann')
  expect(await prompt.askSecret('Password: ')).toBe('secret word')
  expect(shown()).toBe('Name: Password: ')
  prompt.close()
})

test('where nobody sits, nothing is agreed to, and a missing answer is told', async () => {
  const { prompt } = opened('')
  expect(await prompt.confirm('Go on?')).toBe(false)
  await expect(prompt.ask('Name: ')).rejects.toThrow(/no answer to "Name:"/)
  prompt.close()
})
