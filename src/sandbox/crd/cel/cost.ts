/** A bound on the work of an expression, so that no rule keeps the server busy for long. */
import type { ASTNode } from '@marcbachmann/cel-js'

/** What one rule and what all rules of one object may cost; the server's own figures, in steps of about the same size. */
export const callLimit = 1_000_000
export const objectBudget = 10_000_000

const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

function nodesIn(args: unknown): ASTNode[] {
  if (isNode(args)) return [args]
  return Array.isArray(args) ? args.flatMap(nodesIn) : []
}

/** The most steps that an expression takes when no list or map in its input has more than `size` entries. */
export function costBound(node: ASTNode, size: number): number {
  if (node.op === 'rcall' && loops.has(node.args[0])) {
    const [, range, bodies] = node.args
    return 1 + costBound(range, size) + size * sum(bodies, size)
  }
  return 1 + sum(nodesIn(node.args), size)
}

function sum(nodes: ASTNode[], size: number): number {
  return nodes.reduce((total, node) => total + costBound(node, size), 0)
}

/** The entries of the largest list or map in a value, at least 1. */
export function largestCollection(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  const entries = Object.values(value)
  return entries.reduce((most: number, entry) => Math.max(most, largestCollection(entry)), Math.max(1, entries.length))
}
