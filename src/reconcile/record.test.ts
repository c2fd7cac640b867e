import { expect, test } from 'vitest'
import type { Application, OperationState } from '../model/index.ts'
import { newMemory } from './memory.ts'
import { RevisionRecords } from './record.ts'

interface Recorded {
  compared?: string
  deployed?: string
  startedAt?: string
}

function recorded({ compared, deployed, startedAt = '10:00' }: Recorded): Application {
  return {
    status: {
      ...(compared && { sync: { status: 'Synced', revision: compared } }),
      ...(deployed && { operationState: { startedAt, syncResult: { revision: deployed } } as OperationState }),
    },
  } as Application
}

/** A replica that was started at 100, and has found the sources to be at `known`. */
function replica(known?: string) {
  const memory = newMemory()
  const records = new RevisionRecords(100)
  const find = (revision: string) => {
    memory.rendered = { revisions: [revision], manifests: [], sourceTypes: [], findings: [], servedKinds: {} }
  }
  if (known) find(known)
  return {
    find,
    written: (record: Recorded, now: number) => records.notice('shop', recorded(record), now),
    /** Since when the sources have to have been asked; undefined: what is known of them stands. */
    look(record: Recorded): number | undefined {
      memory.sourcesDueAt = 1_000_000
      records.heed('shop', recorded(record), memory)
      return memory.sourcesDueAt === 0 ? memory.sourcesSince : undefined
    },
  }
}

test('of what was on record at the start, everything is asked that was not asked since', () => {
  const { look, find } = replica()
  const record = { compared: 'two', deployed: 'two' }
  expect(look(record)).toBe(100)
  find('two')
  expect(look(record)).toBeUndefined()
})

test('what another writes is asked for from when it was noticed, whenever the application is looked at', () => {
  const { look, written, find } = replica('one')
  expect(look({ compared: 'one', deployed: 'one' })).toBeUndefined()
  const deployed = { compared: 'one', deployed: 'two', startedAt: '10:01' }
  written(deployed, 140)
  written(deployed, 150)
  expect(look(deployed)).toBe(140)
  expect(look(deployed)).toBeUndefined()
  const compared = { ...deployed, compared: 'two' }
  written(compared, 160)
  expect(look(compared)).toBe(160)
  find('two')
  expect(look(compared)).toBeUndefined()
})

test('the same revision deployed once more by another is asked for as well', () => {
  const { look, written } = replica('two')
  written({ compared: 'two', deployed: 'one' }, 140)
  expect(look({ compared: 'two', deployed: 'one' })).toBe(140)
  const again = { compared: 'two', deployed: 'one', startedAt: '10:02' }
  written(again, 150)
  expect(look(again)).toBe(150)
})

test('what this replica has written itself asks for nothing more', () => {
  const { look, find } = replica('one')
  expect(look({ compared: 'one', deployed: 'one' })).toBeUndefined()
  // A commit elsewhere in the repository: compared, and nothing to deploy.
  find('two')
  expect(look({ compared: 'one', deployed: 'one' })).toBe(100)
  expect(look({ compared: 'two', deployed: 'one' })).toBeUndefined()
  expect(look({ compared: 'two', deployed: 'two', startedAt: '10:01' })).toBeUndefined()
  find('three')
  expect(look({ compared: 'two', deployed: 'two', startedAt: '10:01' })).toBeUndefined()
})

test('where nothing is on record there is nothing to be older than', () => {
  expect(replica().look({})).toBeUndefined()
})
