/** What a validation found: faults, and how much of the value did fit, by which the best of several schemas is chosen. */
import type { FieldFault } from '../status.ts'

export interface Findings {
  faults: FieldFault[]
  /** How many checks were met. */
  matches: number
}

export function none(matches = 0): Findings {
  return { faults: [], matches }
}

export function one(fault: FieldFault | undefined): Findings {
  return { faults: fault ? [fault] : [], matches: 0 }
}

export function merge(into: Findings, ...others: Findings[]): Findings {
  for (const other of others) {
    into.faults.push(...other.faults)
    into.matches += other.matches
  }
  return into
}
