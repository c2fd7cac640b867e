import { expect, test } from 'vitest'
import type { ImageRow } from '../data/application-images.ts'
import type { SourceVersions } from '../data/source-versions.ts'
import { countsOf, heldByReason, imageStanding, nameParts, shortVersion, sourceStanding } from './standings.ts'

const image = (more: Partial<ImageRow> = {}): ImageRow => ({ image: 'acme/web', running: ['1.0'], ...more })
const source = (more: Partial<SourceVersions> = {}): SourceVersions => ({
  repoURL: 'https://h/deploy',
  targetRevision: '^1',
  kind: 'range',
  running: '1.0',
  allowed: '1.0',
  heldBack: [],
  ...more,
})
const heldBack = [
  { version: '3.0', by: 'ignore-tags' },
  { version: '2.1', by: 'range' },
  { version: '2.0', by: 'range' },
]

test('an image is the newest only where nothing newer is kept back', () => {
  expect(imageStanding(image())).toBe('unwatched')
  expect(imageStanding(image({ alias: 'web' }))).toBe('unknown')
  expect(imageStanding(image({ alias: 'web', state: 'current' }))).toBe('newest')
  expect(imageStanding(image({ alias: 'web', state: 'current', heldBack }))).toBe('allowed')
  expect(imageStanding(image({ alias: 'web', state: 'outdated', heldBack }))).toBe('newer')
  for (const state of ['written', 'not running', 'nothing fits', 'failed'] as const)
    expect(imageStanding(image({ alias: 'web', state }))).toBe(state)
})

test('a source stands by what runs and what its range allows; a branch has no versions', () => {
  expect(sourceStanding(source())).toBe('newest')
  expect(sourceStanding(source({ heldBack: ['2.0'], proposal: '^2' }))).toBe('allowed')
  expect(sourceStanding(source({ running: '0.9' }))).toBe('newer')
  expect(sourceStanding({ ...source(), running: undefined } as SourceVersions)).toBe('unknown')
  expect(sourceStanding({ ...source(), allowed: undefined } as SourceVersions)).toBe('nothing fits')
  expect(sourceStanding(source({ revision: 'b', running: '1.0' }), 'a')).toBe('written')
  expect(sourceStanding(source({ revision: 'b', running: '1.0' }), 'b')).toBe('newest')
  expect(sourceStanding(source({ kind: 'name' }))).toBe('followed')
  expect(sourceStanding(source({ kind: 'unknown', message: 'no answer' }))).toBe('failed')
})

test('what is held back is told by what holds it, with the newest first', () => {
  expect(heldByReason(heldBack)).toEqual([
    { version: '3.0', by: 'ignore-tags', others: [] },
    { version: '2.1', by: 'range', others: ['2.0'] },
  ])
  expect(heldByReason()).toEqual([])
})

test('what asks for attention is counted over images and sources', () => {
  const images = [image(), image({ alias: 'web', state: 'outdated', heldBack }), image({ alias: 'api' })]
  const sources = [source({ proposal: '^2' }), source({ kind: 'unknown', message: 'no answer' })]
  expect(countsOf(images, [source({ revision: 'b' })], ['a']).newer).toBe(2)
  expect(countsOf(images, sources)).toEqual({ newer: 1, held: 2, failed: 1, unfit: 0, unknown: 1, unwatched: 1 })
})

test('names and digests are cut to what people read', () => {
  expect(shortVersion(`main@sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('main@0123456')
  expect(shortVersion('1.2.3')).toBe('1.2.3')
  expect(nameParts('ghcr.io/acme/web')).toEqual({ home: 'ghcr.io/acme/', own: 'web' })
  expect(nameParts('nginx')).toEqual({ home: '', own: 'nginx' })
})
