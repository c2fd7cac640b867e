import { expect, test } from 'vitest'
import { type Application, annotation } from '../model/index.ts'
import { openImagePushes } from './image-pushes.ts'

const web = { registry: 'ghcr.io', repository: 'acme/web' }

function installation({ areOurs }: { areOurs: boolean }) {
  const looked: string[] = []
  const patches: [string, object][] = []
  const application = (name: string, annotations: Record<string, string> = {}) =>
    ({ metadata: { name, annotations } }) as Application
  const pushes = openImagePushes({
    controlPlane: {
      applications: () => [application('shop'), application('mail')],
      patch: async (name, patch) => {
        patches.push([name, patch])
        return application(name)
      },
    },
    instanceOf: ({ metadata }) => metadata.name,
    imagesOf: ({ metadata }) => (metadata.name === 'shop' ? [web] : []),
    areOurs: () => areOurs,
    lookAnew: (name) => looked.push(name),
    clock: { now: () => 0 },
    log: { warn() {} },
  })
  const told = (at: string) => application('shop', { [annotation.imagePushed]: at })
  return { looked, patches, pushes, told, application }
}

const patchOf = (value: string | null) => ({ metadata: { annotations: { [annotation.imagePushed]: value } } })

test('whoever keeps the images looks at the applications that follow one at once', () => {
  const { pushes, looked, patches } = installation({ areOurs: true })
  pushes.pushed(web)
  pushes.pushed({ ...web, repository: 'acme/other' })
  expect([looked, patches]).toEqual([['shop'], []])
})

test('whoever does not leaves word on those applications', () => {
  const { pushes, looked, patches, told } = installation({ areOurs: false })
  pushes.pushed(web)
  expect([looked, patches]).toEqual([[], [['shop', patchOf('1970-01-01T00:00:00.000Z')]]])
  pushes.heed(told('1970-01-01T00:00:00.000Z'))
  expect([looked, patches.length], 'the word is for another').toEqual([[], 1])
})

test('a word is heeded once and taken away, and another one is heeded again', () => {
  const { pushes, looked, patches, told, application } = installation({ areOurs: true })
  for (const word of ['a', 'a', 'b']) pushes.heed(told(word))
  expect(looked).toEqual(['shop', 'shop'])
  expect(patches).toEqual([
    ['shop', patchOf(null)],
    ['shop', patchOf(null)],
  ])
  pushes.heed(application('shop'))
  pushes.heed(told('b'))
  expect(looked).toHaveLength(3)
})
