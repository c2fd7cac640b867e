import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Layout, type LayoutNode, layoutOf, placesBetween } from './layout.ts'

const sizes = { width: 100, height: 44, columnGap: 40, rowGap: 10, partGap: 26 }

/** Each number chooses an owner among the nodes before it, or none. */
const trees = fc.array(fc.nat(), { maxLength: 40 }).map((choices) => {
  const roots: LayoutNode[] = []
  const all: LayoutNode[] = []
  for (const choice of choices) {
    const node = { id: '', children: [] }
    const owner = all[choice % (all.length + 1)]
    ;(owner?.children ?? roots).push(node)
    all.push(node)
  }
  return named(roots, 'n')
})

function named(nodes: LayoutNode[], path: string): LayoutNode[] {
  return nodes.map(({ children }, index) => {
    const id = `${path}.${index}`
    return { id, children: named(children, id) }
  })
}

test('no two nodes overlap, and owners stand to the left of what they own, beside the first of it', () => {
  fc.assert(
    fc.property(trees, (roots) => {
      const { places, width, height } = layoutOf(roots, { sizes })
      const taken = new Map<number, number[]>()
      for (const { x, y, parent, node } of places) {
        for (const other of taken.get(x) ?? []) expect(Math.abs(other - y)).toBeGreaterThanOrEqual(sizes.height)
        taken.set(x, [...(taken.get(x) ?? []), y])
        expect(x + sizes.width).toBeLessThanOrEqual(width)
        expect(y + sizes.height).toBeLessThanOrEqual(height)
        if (!parent) continue
        expect(parent.x + sizes.width).toBeLessThan(x)
        expect(parent.y).toBeLessThanOrEqual(y)
        if (parent.node.children[0] === node) expect(parent.y).toBe(y)
      }
    }),
  )
})

test('every node is there once, in the order that it is given', () => {
  fc.assert(
    fc.property(trees, (roots) => {
      const ids = (nodes: LayoutNode[]): string[] => nodes.flatMap(({ id, children }) => [id, ...ids(children)])
      expect(layoutOf(roots, { sizes }).places.map(({ node }) => node.id)).toEqual(ids(roots))
    }),
  )
})

test('one node more moves nothing above it, and what is below it by one row at most', () => {
  fc.assert(
    fc.property(trees, fc.nat(), (roots, choice) => {
      const before = layoutOf(roots, { sizes })
      if (before.places.length === 0) return
      const owner = before.places[choice % before.places.length]?.node.id
      const after = layoutOf(withChild(roots, owner), { sizes })
      const row = sizes.height + sizes.rowGap
      for (const { node, x, y } of before.places) {
        const now = after.byId.get(node.id)
        expect(now?.x).toBe(x)
        expect([y, y + row]).toContain(now?.y)
      }
      const added = yOf(after, 'added')
      for (const { node, y } of before.places) if (y < added) expect(yOf(after, node.id)).toBe(y)
    }),
  )
})

function withChild(nodes: LayoutNode[], owner: string | undefined): LayoutNode[] {
  return nodes.map(({ id, children }) => {
    const kept = withChild(children, owner)
    return { id, children: id === owner ? [...kept, { id: 'added', children: [] }] : kept }
  })
}

function yOf(layout: Layout<LayoutNode>, id: string): number {
  return layout.byId.get(id)?.y ?? Number.NaN
}

test('a part has room for its name above it', () => {
  const roots = [
    { id: 'a', children: [] },
    { id: 'b', children: [] },
  ]
  const { byId } = layoutOf<LayoutNode>(roots, { sizes, beginsPart: ({ id }) => id === 'b' })
  expect(byId.get('b')?.y).toBe(sizes.height + sizes.rowGap + sizes.partGap)
})

test('what is asked for between two heights is all that reaches in there, and owners whose lines pass through', () => {
  const children = Array.from({ length: 50 }, (_, index) => ({ id: `c${index}`, children: [] }))
  const layout = layoutOf<LayoutNode>([{ id: 'root', children }], { sizes })
  const ids = placesBetween(layout, 540, 640, sizes.height).map(({ node }) => node.id)
  expect(ids).toEqual(['root', 'c10', 'c11'])
})
