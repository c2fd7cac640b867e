/** Lists in projects: adding what is not there yet, and removing what is. Pure. */
import { CommandError } from '../exit-code.ts'

export function added<Item extends object>(items: Item[] | undefined, item: Item, what: string, isSame = same): Item[] {
  if (items?.some((one) => isSame(one, item))) throw new CommandError(`the project has ${what} already`)
  return [...(items ?? []), item]
}

export function removed<Item>(items: Item[] | undefined, isMeant: (item: Item) => boolean, what: string): Item[] {
  const left = (items ?? []).filter((item) => !isMeant(item))
  if (left.length === (items?.length ?? 0)) throw new CommandError(`the project has no ${what}`)
  return left
}

/** Whatever the order of their fields. */
function same(one: object, other: object): boolean {
  const text = (item: object) => JSON.stringify(Object.entries(item).sort())
  return text(one) === text(other)
}
