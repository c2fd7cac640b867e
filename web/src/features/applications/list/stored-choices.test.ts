import { expect, test } from 'vitest'
import { parseColumns } from '../table/shown-columns.ts'
import { parseFavourites } from './favourites.ts'

test('favourites that somebody has broken are none', () => {
  expect(parseFavourites('["argocd/shop", 3]')).toEqual(['argocd/shop'])
  expect(parseFavourites('{')).toEqual([])
  expect(parseFavourites('"argocd/shop"')).toEqual([])
  expect(parseFavourites(undefined)).toEqual([])
})

test('the name is always a column, and columns that no longer exist are left out', () => {
  expect(parseColumns('labels,health,moon')).toEqual(['name', 'health', 'labels'])
  expect(parseColumns(undefined)).toContain('sync')
})
