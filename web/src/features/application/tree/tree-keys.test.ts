import { expect, test } from 'vitest'
import type { GraphNode } from './graph.ts'
import { layoutOf } from './layout.ts'
import { sizes } from './sizes.ts'
import { keyOutcome } from './tree-keys.ts'

function node(id: string, children: GraphNode[] = [], more: Partial<GraphNode> = {}): GraphNode {
  return {
    id,
    type: 'resource',
    kind: 'A',
    name: id,
    isDeclared: true,
    isMissing: false,
    isPruned: false,
    children,
    ...more,
  }
}

const strip = node('pods', [], { type: 'pods', members: [node('p1'), node('p2')] })
const layout = layoutOf([node('root', [node('a', [node('a1')]), node('b'), node('c', [strip])])], { sizes })
const press = (key: string, active: string, { member, closed = [] }: { member?: number; closed?: string[] } = {}) =>
  keyOutcome(key, { active, member, closed: new Set(closed) }, layout)

test('the arrows lead along what is drawn: to owners, to what they own, and up and down a column', () => {
  expect(press('ArrowRight', 'root')).toEqual({ move: 'a' })
  expect(press('ArrowDown', 'a')).toEqual({ move: 'b' })
  expect(press('ArrowUp', 'c')).toEqual({ move: 'b' })
  expect(press('ArrowLeft', 'a1')).toEqual({ move: 'a' })
  expect(press('ArrowDown', 'a1')).toEqual({ move: 'pods' })
  expect(press('ArrowUp', 'root')).toBeUndefined()
  expect(press('End', 'root')).toEqual({ move: 'pods' })
})

test('what is closed is opened by going into it, and Enter shows a node', () => {
  expect(press('ArrowRight', 'a', { closed: ['a'] })).toEqual({ toggle: 'a' })
  expect(press(' ', 'a')).toEqual({ toggle: 'a' })
  expect(press(' ', 'b')).toBeUndefined()
  expect(press('Enter', 'b')).toEqual({ open: 'b' })
})

test('the Pods of a strip are reached one by one', () => {
  expect(press('ArrowRight', 'pods')).toEqual({ move: 'pods', member: 0 })
  expect(press('ArrowRight', 'pods', { member: 1 })).toEqual({ move: 'pods', member: 1 })
  expect(press('ArrowLeft', 'pods', { member: 1 })).toEqual({ move: 'pods', member: 0 })
  expect(press('ArrowLeft', 'pods', { member: 0 })).toEqual({ move: 'pods', member: undefined })
  expect(press('ArrowLeft', 'pods')).toEqual({ move: 'c' })
  expect(press('Enter', 'pods', { member: 1 })).toEqual({ open: 'pods', member: 1 })
})
