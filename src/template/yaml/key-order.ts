/** The order of keys in the YAML of Kubernetes: numbers in names count as numbers, letters come behind other characters. */
import type { Dict } from '../value.ts'

export function keysInOrder(dict: Dict): string[] {
  return Object.keys(dict).sort(compareKeys)
}

const isDigit = (char: string | undefined): boolean => char !== undefined && /^\d$/.test(char)
const isLetter = (char: string): boolean => /^\p{L}$/u.test(char)

function compareKeys(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  let inDigits = false
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const x = left[at] ?? ''
    const y = right[at] ?? ''
    if (x === y) {
      inDigits = isDigit(x)
      continue
    }
    if (isLetter(x) && isLetter(y)) return point(x) - point(y)
    if (isLetter(x) || isLetter(y)) {
      const before = inDigits ? isLetter(x) : isLetter(y)
      return before ? -1 : 1
    }
    return compareNumbers({ left, right, at }) || point(x) - point(y)
  }
  return left.length - right.length
}

/** Two numbers of which this is the first character that differs. */
function compareNumbers({ left, right, at }: { left: string[]; right: string[]; at: number }): number {
  const [x, y] = [left[at] ?? '', right[at] ?? '']
  if (x === '0' || y === '0') {
    let back = at - 1
    while (back >= 0 && isDigit(left[back])) {
      if (left[back] !== '0') return lengthOfDigits(left, at) - lengthOfDigits(right, at) || digit(x) - digit(y)
      back -= 1
    }
  }
  const [i, j] = [numberFrom(left, at), numberFrom(right, at)]
  if (i.value !== j.value) return i.value < j.value ? -1 : 1
  return i.length - j.length
}

function numberFrom(chars: string[], at: number): { value: bigint; length: number } {
  let end = at
  while (isDigit(chars[end])) end += 1
  return { value: BigInt(chars.slice(at, end).join('') || '0'), length: end }
}

function lengthOfDigits(chars: string[], at: number): number {
  let end = at
  while (isDigit(chars[end])) end += 1
  return end - at
}

const digit = (char: string): number => (isDigit(char) ? Number(char) : 0)
const point = (char: string): number => char.codePointAt(0) ?? 0
