/** How large what is drawn in a tree is. */
import type { LayoutSizes } from './layout.ts'

export const sizes: LayoutSizes & { partGap: number } = {
  width: 248,
  height: 44,
  columnGap: 48,
  rowGap: 10,
  partGap: 26,
}
/** Pods in a strip; what is more is a number. */
export const mostSquares = 11
