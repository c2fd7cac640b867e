import { expect, test } from 'vitest'
import { run } from './run.ts'

const shell = (script: string, more: object = {}): ReturnType<typeof run> =>
  run('/bin/sh', {
    args: ['-c', script],
    env: { PATH: '/usr/bin:/bin' },
    timeLimitMs: 10_000,
    outputLimit: 1000,
    ...more,
  })

test('gives the output, and nothing of our own environment', async () => {
  process.env.TIPHYS_TEST_SECRET = 'secret'
  const { stdout, stderr } = await shell('cat; echo "$TIPHYS_TEST_SECRET"; echo problem >&2', { input: 'in ' })
  expect(stdout.toString()).toBe('in \n')
  expect(stderr).toBe('problem')
})

test('a program that fails, hangs, floods, is missing or is cancelled is an error that says so', async () => {
  await expect(shell('echo wrong >&2; exit 3')).rejects.toMatchObject({ failure: 'exit', message: 'wrong' })
  await expect(shell('exit 3')).rejects.toMatchObject({ failure: 'exit', message: 'ended with code 3' })
  await expect(shell('sleep 60', { timeLimitMs: 200 })).rejects.toMatchObject({
    failure: 'time',
    message: 'took longer than 0.2 s and was stopped',
  })
  await expect(shell('yes')).rejects.toMatchObject({ failure: 'output' })
  const missing = run('/nonexistent', { args: [], env: {}, timeLimitMs: 1000, outputLimit: 1000 })
  await expect(missing).rejects.toMatchObject({ failure: 'missing' })
  await expect(shell('sleep 60', { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ failure: 'aborted' })
  await expect(shell('true', { signal: AbortSignal.abort() })).rejects.toMatchObject({ failure: 'aborted' })
})

test('what a stopped program had started is stopped with it', async () => {
  const started = Date.now()
  await expect(shell('(sleep 30; echo late) & wait', { timeLimitMs: 200 })).rejects.toMatchObject({ failure: 'time' })
  // The pipe would stay open as long as a grandchild lives.
  expect(Date.now() - started).toBeLessThan(5_000)
})

test('a program that is given time to tidy up uses it, and is killed when it takes longer', async () => {
  const tidying = shell("trap 'echo tidied >&2; exit 1' TERM; sleep 60 & wait", { timeLimitMs: 300, graceMs: 5_000 })
  await expect(tidying).rejects.toMatchObject({ failure: 'time', stderr: 'tidied' })
  const started = Date.now()
  const stubborn = shell("trap '' TERM; sleep 60 & wait; sleep 60", { timeLimitMs: 300, graceMs: 300 })
  await expect(stubborn).rejects.toMatchObject({ failure: 'time' })
  expect(Date.now() - started).toBeLessThan(5_000)
})

test('a program that wants too much memory fails and not we', async () => {
  const hungry = run(process.execPath, {
    args: ['-e', 'const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1))'],
    env: {},
    timeLimitMs: 20_000,
    outputLimit: 1000,
    memoryLimit: 512 * 1024 * 1024,
  })
  await expect(hungry).rejects.toMatchObject({ failure: 'exit' })
})
