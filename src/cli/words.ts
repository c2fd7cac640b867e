/** How values of flags are read. */
import { CommandError, exitCode } from './exit-code.ts'

/** For a flag that may be given several times. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value]
}

/** The same, or once with commas. */
export function collectList(value: string, previous: string[] = []): string[] {
  return [
    ...previous,
    ...value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  ]
}

export function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new CommandError(`${text} is no whole number`, { code: exitCode.usage })
  return Number(text)
}

export function collectNumber(text: string, previous: number[] = []): number[] {
  return [...previous, ...text.split(',').map((part) => wholeNumber(part.trim()))]
}

export interface Pair {
  name: string
  value: string
}

export function pair(text: string): Pair {
  const equals = text.indexOf('=')
  if (equals < 1) throw new CommandError(`${text} is not of the form name=value`, { code: exitCode.usage })
  return { name: text.slice(0, equals), value: text.slice(equals + 1) }
}

export function pairs(texts: string[] = []): Record<string, string> {
  return Object.fromEntries(texts.map(pair).map(({ name, value }) => [name, value]))
}

/** Without what is left out. */
export function definedOf<Kind extends object>(values: Kind): { [Key in keyof Kind]?: NonNullable<Kind[Key]> } {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(defined) as { [Key in keyof Kind]?: NonNullable<Kind[Key]> }
}
