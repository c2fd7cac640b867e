import { expect, test } from 'vitest'
import { parseOutputFormat, printListing } from './output.ts'

const listing = {
  columns: [
    { title: 'NAME', cell: (row: { name: string }) => row.name },
    { title: 'REPO', cell: () => 'https://x', wide: true },
  ],
  rows: [{ name: 'web' }, { name: 'catalog' }],
  document: [{ name: 'web' }, { name: 'catalog' }],
  name: (row: { name: string }) => `application/${row.name}`,
}

test('a table has its columns aligned and no trailing blanks', () => {
  expect(printListing(listing, 'table')).toBe('NAME\nweb\ncatalog\n')
  expect(printListing(listing, 'wide')).toBe('NAME     REPO\nweb      https://x\ncatalog  https://x\n')
})

test('json, yaml and name are for programs', () => {
  expect(JSON.parse(printListing(listing, 'json'))).toEqual(listing.document)
  expect(printListing(listing, 'yaml')).toBe('- name: web\n- name: catalog\n')
  expect(printListing(listing, 'name')).toBe('application/web\napplication/catalog\n')
})

test('an unknown format is refused with those there are', () => {
  expect(() => parseOutputFormat('xml')).toThrow(/json, yaml, wide or name/)
})
