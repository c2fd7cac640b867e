/** Whether an assertion holds at a place of a text. What it asks about is in ASCII, so that units are as good as characters. */
import type { Assertion } from './tree.ts'

const newline = 10

export function holds(assertion: Assertion, text: string, place: number): boolean {
  switch (assertion) {
    case 'text begin':
      return place === 0
    case 'text end':
      return place === text.length
    case 'line begin':
      return place === 0 || text.charCodeAt(place - 1) === newline
    case 'line end':
      return place === text.length || text.charCodeAt(place) === newline
    default: {
      const isBoundary = isWord(text.charCodeAt(place - 1)) !== isWord(text.charCodeAt(place))
      return isBoundary === (assertion === 'word boundary')
    }
  }
}

/** Of NaN too, which is what stands beyond the ends of a text. */
function isWord(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122)
}
