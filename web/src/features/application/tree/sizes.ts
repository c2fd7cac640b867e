/** How large what is drawn in a tree is. */
import type { LayoutSizes } from './layout.ts'

export const sizes: LayoutSizes & { partGap: number } = {
  width: 248,
  height: 44,
  columnGap: 48,
  rowGap: 10,
  partGap: 26,
}
/** Of one Pod in a strip. */
export const squareSize = 14
export const squareGap = 3
export const mostSquares = 11
