import { expect, test } from 'vitest'
import type { Finding } from './finding.ts'
import { imageRows } from './image-rows.ts'

const digest = `sha256:${'a'.repeat(64)}`
const metadata = { name: 'shop' }
const running = (...images: string[]) => ({ metadata, status: { summary: { images } } })

test('each image that runs is a row, with all of its versions', () => {
  expect(
    imageRows(running('registry.example.com/web:2', `nginx@${digest}`, 'registry.example.com/web:1', 'not an image')),
  ).toEqual([
    { image: 'nginx', running: [`@${digest}`] },
    { image: 'not an image', running: [] },
    { image: 'registry.example.com/web', running: ['2', '1'] },
  ])
  expect(imageRows({ metadata })).toEqual([])
})

test('what rules have found takes the place of it, and stands also where nothing runs', () => {
  const finding = (image: string, more: Partial<Finding> = {}): Finding => ({
    alias: image,
    image,
    strategy: 'semver',
    constraint: '^1',
    running: ['1.0'],
    state: 'outdated',
    newest: '1.1',
    ...more,
  })
  const rows = imageRows(running('docker.io/library/nginx:1.0', 'redis:7'), [
    finding('nginx'),
    finding('acme/idle', { running: [], state: 'not running' }),
  ])
  expect(rows).toEqual([
    finding('acme/idle', { running: [], state: 'not running' }),
    finding('nginx'),
    { image: 'redis', running: ['7'] },
  ])
})
