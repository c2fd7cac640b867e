/** JSON from outside: as exact as JSON is read elsewhere, and only as deep as anything that is meant. */
import { parseJson } from '../model/index.ts'

/** Objects of clusters are some dozens deep. What is much deeper exhausts the stack of whatever walks through it. */
const deepest = 500

/** Throws an Error that says what is wrong. */
export function parseGivenJson(text: string): unknown {
  if (isTooDeep(text)) throw new Error(`it is more than ${deepest} levels deep`)
  return parseJson(text)
}

function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const one = text[at]
    if (one === '"') at = endOfText(text, at)
    else if (one === '[' || one === '{') depth++
    else if (one === ']' || one === '}') depth--
    if (depth > deepest) return true
  }
  return false
}

function endOfText(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
