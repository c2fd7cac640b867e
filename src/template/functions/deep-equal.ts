/** Whether two values are the same all the way down; an integer and a float never are. */
import type { Budget } from '../budget.ts'
import { GoTime } from '../time/go-time.ts'
import { isDict, type Value } from '../value.ts'

export function deepEqual(a: Value, b: Value, budget: Budget): boolean {
  budget.step()
  if (a === b) return true
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    return budget.nested(() => a.every((element, index) => deepEqual(element, b[index], budget)))
  }
  if (a instanceof GoTime) return b instanceof GoTime && a.equals(b)
  if (!isDict(a) || !isDict(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return budget.nested(() => keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key], budget)))
}
