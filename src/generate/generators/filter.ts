/** Filters of what a Git host tells: one of them has to match, and of one all that it asks for. */
import { messageOf } from '../../model/index.ts'
import { Pattern } from '../../pattern/index.ts'
import { invalid } from './generator.ts'

/** Names and titles are shorter. */
const longestText = 10_000

/** A Go expression, which takes time proportional to the text whatever it is. */
export function matcher(name: string, expression: string | undefined): (text: string) => boolean {
  if (expression === undefined) return () => true
  try {
    const pattern = new Pattern(expression)
    return (text) => pattern.test(text.slice(0, longestText), () => {})
  } catch (error) {
    throw invalid(`${name} ${JSON.stringify(expression)} is no regular expression: ${messageOf(error)}`)
  }
}
