import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Application, ApplicationStatus } from '../model/index.ts'
import { answerBadge, type BadgeApplications } from './badge.ts'
import { drawBadge } from './badge-drawing.ts'

const revision = '9b2d4f6a8c0e1d3f5a7b9c1e3d5f7a9b1c3d5e7f'
const enabled = { 'statusbadge.enabled': 'true' }

function application(name: string, project: string, status: ApplicationStatus): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name },
    spec: { project, destination: {} },
    status,
  }
}

const synced: ApplicationStatus = { sync: { status: 'Synced' }, health: { status: 'Healthy' } }
const all = [
  application('shop', 'web', {
    ...synced,
    operationState: { operation: {}, phase: 'Succeeded', startedAt: '', syncResult: { revision } },
  }),
  application('mail', 'web', synced),
  application('old', 'legacy', { sync: { status: 'OutOfSync' }, health: { status: 'Progressing' } }),
]
const applications: BadgeApplications = {
  serves: (namespace) => namespace === 'team-a',
  find: (name) => all.find(({ metadata }) => metadata.name === name),
  ofProjects: (projects) => all.filter(({ spec }) => projects.includes(spec.project)),
}

function ask(query: string, settings: Record<string, string> = enabled) {
  const { status, svg } = answerBadge(new URLSearchParams(query), applications, settings)
  const label = /aria-label="([^"]*)"/.exec(svg)?.[1]
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? []
  return { status, svg, label, width: Number(width), height: Number(height) }
}

describe('a badge', () => {
  test.each([
    ['name=shop', 'Healthy Synced'],
    ['name=old', 'Progressing OutOfSync'],
    ['name=shop&revision=true', `Healthy Synced (${revision.slice(0, 7)})`],
    ['name=shop&revision=TRUE&keepFullRevision=true', `Healthy Synced (${revision})`],
    ['name=mail&revision=true', 'Healthy Synced'],
    ['name=shop&showAppName=true', 'shop Healthy Synced'],
    ['project=web', 'Healthy Synced'],
    ['project=legacy', 'Degraded OutOfSync'],
    ['project=web&project=legacy', 'Degraded OutOfSync'],
    ['project=empty', 'Unknown Unknown'],
    ['', 'Unknown Unknown'],
    ['name=none', 'Not Found'],
    ['name=shop&namespace=team-a', 'Healthy Synced'],
    ['name=shop&namespace=other', 'Not Found'],
  ])('for %j says %j', (query, label) => {
    expect(ask(query)).toMatchObject({ status: 200, label })
  })

  test('says that nothing is known unless badges are enabled', () => {
    for (const settings of [{ 'statusbadge.enabled': 'false' }, {} as Record<string, string>])
      expect(ask('name=shop&showAppName=true&revision=true', settings).label).toBe('Unknown Unknown')
  })

  test.each(['name=%3Cscript%3E', 'name=a/b', 'namespace=..', 'project=a%22b', `name=${'a'.repeat(300)}`])(
    'is refused for what is no name: %s',
    (query) => {
      expect(ask(query)).toMatchObject({ status: 400, svg: '' })
    },
  )

  test('has colours by health and by sync', () => {
    const fills = (query: string) =>
      [...ask(query).svg.matchAll(/<rect x[^>]* fill="([^"]+)"/g)].map(([, fill]) => fill)
    const [healthy, inSync] = fills('name=shop')
    const [progressing, outOfSync] = fills('name=old')
    expect(healthy).toBe(inSync)
    expect(new Set([healthy, progressing, outOfSync]).size).toBe(3)
  })

  test('is as wide as is asked for, within reason, and as its words need otherwise', () => {
    const natural = ask('name=shop').width
    expect(ask('name=shop&width=400').width).toBe(400)
    for (const width of ['-1', '0', '1e9', '99999', 'wide', ''])
      expect(ask(`name=shop&width=${width}`).width).toBe(natural)
    expect(ask('name=shop&revision=true&keepFullRevision=true').width).toBeGreaterThan(natural + 200)
  })

  test('has a second row for the name', () => {
    expect(ask('name=shop&showAppName=true').height).toBe(2 * ask('name=shop').height)
  })
})

test('no text gets out of its place in the drawing', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('</text><script>alert(1)</script>', '" onload="alert(1)', "'&<>\u0000", ']]>', '<!--'),
  )
  const plain = drawBadge({ boxes: [{ text: 'a', colour: '#000' }], title: 'b' })
  const tags = (svg: string) => svg.match(/<[a-zA-Z/!?][^>]*>/g)?.map((tag) => tag.replace(/"[^"]*"/g, '""'))
  fc.assert(
    fc.property(nasty, nasty, nasty, (text, colour, title) => {
      const svg = drawBadge({ boxes: [{ text, colour }], title: `b${title}` })
      expect(tags(svg)).toEqual(tags(plain))
    }),
  )
})
