/** What commands print: tables for people, JSON, YAML and names for programs. */
import { dump } from 'js-yaml'
import { CommandError, exitCode } from './exit-code.ts'

export const outputFormats = ['table', 'wide', 'json', 'yaml', 'name'] as const
export type OutputFormat = (typeof outputFormats)[number]

export interface Column<Row> {
  title: string
  cell(row: Row): string
  /** Shown only with -o wide. */
  wide?: boolean
}

export interface Listing<Row> {
  columns: Column<Row>[]
  rows: Row[]
  /** What `-o json` and `-o yaml` print. */
  document: unknown
  /** What `-o name` prints, a line a row. */
  name(row: Row): string
}

/** Argo CD's words for the names of some lists. */
const alike: Record<string, OutputFormat> = { text: 'table', id: 'name', url: 'name', server: 'name' }

export function parseOutputFormat(text: string): OutputFormat {
  const format =
    outputFormats.find((candidate) => candidate === text) ?? (Object.hasOwn(alike, text) ? alike[text] : undefined)
  if (!format) {
    throw new CommandError(`unknown output format ${text}: use json, yaml, wide or name`, { code: exitCode.usage })
  }
  return format
}

export function printListing<Row>(listing: Listing<Row>, format: OutputFormat): string {
  if (format === 'json') return printJson(listing.document)
  if (format === 'yaml') return printYaml(listing.document)
  if (format === 'name') return listing.rows.map((row) => `${listing.name(row)}\n`).join('')
  const columns = listing.columns.filter((column) => format === 'wide' || !column.wide)
  return printTable(
    columns.map((column) => column.title),
    listing.rows.map((row) => columns.map((column) => column.cell(row))),
  )
}

export function printTable(titles: string[], rows: string[][]): string {
  const widths = titles.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)))
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return [titles, ...rows].map((row) => `${line(row)}\n`).join('')
}

export function printJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

export function printYaml(document: unknown): string {
  return dump(document, { lineWidth: -1, noRefs: true })
}
