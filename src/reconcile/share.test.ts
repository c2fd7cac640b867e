import { expect, test } from 'vitest'
import { type Application, annotation } from '../model/index.ts'
import { looksAfter, mayStillWrite, type Share } from './share.ts'

interface State {
  holder?: string
  running?: string
  uid?: string
}

function application({ holder, running, uid = '1' }: State): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: 'shop',
      namespace: 'argocd',
      uid,
      ...(holder && { annotations: { [annotation.holder]: holder } }),
    },
    spec: { project: 'default', destination: {} },
    status: running ? { operationState: { operation: {}, phase: 'Running', message: '', startedAt: running } } : {},
  } as Application
}

const share = (ours: boolean, me: string | undefined = 'me/1', live: string[] = ['other/1']): Share => ({
  isOurs: () => ours,
  holder: () => me,
  isLive: (holder) => live.includes(holder),
  onChange: () => () => {},
})
const looks = (state: State, one: Share) => looksAfter(application(state), one, 'argocd')
const noon = '2026-01-01T12:00:00Z'

test('what is under way stays with who has begun it, as long as that one lives', () => {
  expect(looks({ holder: 'other/1', running: noon }, share(true))).toBe(false)
  expect(looks({ holder: 'gone/1', running: noon }, share(true))).toBe(true)
  expect(looks({ holder: 'gone/1', running: noon }, share(false))).toBe(false)
  expect(looks({ holder: 'me/1', running: noon }, share(false))).toBe(true)
})

test('what this process began under a Lease that it has lost is not its own any more', () => {
  expect(looks({ holder: 'me/1', running: noon }, share(false, 'me/2'))).toBe(false)
})

test('who was the last says nothing once all has ended', () => {
  expect(looks({ holder: 'other/1' }, share(true))).toBe(true)
  expect(looks({ holder: 'me/1' }, share(false))).toBe(false)
})

test('without a Lease nothing is ours', () => {
  const lost: Share = { ...share(true), holder: () => undefined }
  expect(looks({}, lost)).toBe(false)
  expect(mayStillWrite(application({}), application({}), undefined)).toBe(false)
})

test('a write that was decided upon is off once another has begun something', () => {
  const may = (before: State, now: State) => mayStillWrite(application(before), application(now), 'me/1')
  expect(may({ holder: 'other/1' }, { holder: 'other/1' })).toBe(true)
  expect(may({}, { holder: 'other/1', running: noon })).toBe(false)
  // The same one as before, at something new.
  expect(may({ holder: 'other/1' }, { holder: 'other/1', running: noon })).toBe(false)
  expect(may({ holder: 'gone/1', running: noon }, { holder: 'gone/1', running: noon })).toBe(true)
  expect(may({ holder: 'me/1', running: noon }, { holder: 'other/1', running: noon })).toBe(false)
  // Somebody has rewritten all annotations meanwhile.
  expect(may({ holder: 'me/1', running: noon }, { running: noon })).toBe(true)
  expect(may({}, { uid: '2' })).toBe(false)
})
