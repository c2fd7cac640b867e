import { expect, test } from 'vitest'
import { StageError } from '../../model/index.ts'
import { openConnections } from './connections.ts'

const failure = new StageError('source', 'away', { retry: true })

/** Hosts that answer only when they are told to. */
function opened() {
  const asked: string[] = []
  const answers = new Map<string, (error?: Error) => void>()
  let now = 0
  const connections = openConnections({
    stages: {
      clock: { now: () => now },
      sources: {
        test(url) {
          asked.push(url)
          return new Promise((resolve, reject) => answers.set(url, (error) => (error ? reject(error) : resolve())))
        },
      },
    },
    registered: { trusting: (_url, connection) => connection },
  })
  return {
    asked,
    answer: (url: string, error?: Error) => answers.get(url)?.(error),
    pass: (ms: number) => {
      now += ms
    },
    stateBy: (patience: Promise<void>, url: string, refresh = false) =>
      connections.stateBy(patience, { url, fields: {} }, { refresh }),
    stateOf: (url: string, refresh = false) => connections.stateOf({ url, fields: {} }, { refresh }),
  }
}

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1))
const url = 'https://git.example.com/a'

test('who has waited long enough is told that it is being tried, and the answer is there the next time', async () => {
  const { asked, answer, stateBy, stateOf } = opened()
  expect(await stateBy(Promise.resolve(), url)).toMatchObject({ status: 'Unknown', message: 'It is being tried.' })
  expect(await stateBy(Promise.resolve(), url, true)).toMatchObject({ status: 'Unknown' })
  answer(url)
  expect(await stateOf(url)).toMatchObject({ status: 'Successful' })
  expect(asked).toEqual([url])
})

test('a host that does not answer keeps its own repositories waiting, and not those of others', async () => {
  const { asked, stateBy } = opened()
  for (let at = 0; at < 200; at++) void stateBy(soon(), `https://away.example.com/${at}`)
  void stateBy(soon(), url)
  await soon()
  expect(asked.filter((one) => one.startsWith('https://away.'))).toHaveLength(4)
  expect(asked).toContain(url)
})

test('a failure is remembered for a minute from its end, and what works for an hour', async () => {
  const { asked, answer, pass, stateBy, stateOf } = opened()
  const failing = stateBy(new Promise(() => {}), url)
  await soon()
  pass(30_000)
  answer(url, failure)
  expect(await failing).toMatchObject({ status: 'Failed' })
  await soon()
  pass(59_000)
  expect(await stateOf(url)).toMatchObject({ status: 'Failed' })
  expect(asked).toHaveLength(1)
  pass(1_000)
  const again = stateOf(url)
  await soon()
  answer(url)
  expect(await again).toMatchObject({ status: 'Successful' })
  await soon()
  pass(3_599_000)
  await stateOf(url)
  expect(asked).toHaveLength(2)
})
