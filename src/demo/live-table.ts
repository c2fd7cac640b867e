/** A table that is drawn over itself on a terminal, and printed row by row, as rows change, anywhere else. */

export interface TableScreen {
  write(text: string): void
  isTerminal: boolean
  columns: number
}

export class LiveTable {
  readonly #screen: TableScreen
  readonly #header: string[]
  #drawnLines = 0
  #printed = new Map<string, string>()

  constructor(screen: TableScreen, header: string[]) {
    this.#screen = screen
    this.#header = header
  }

  /** Rows are told apart by their first cell. */
  show(rows: string[][]): void {
    const widths = this.#header.map((title, column) =>
      Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
    )
    const lines = [this.#header, ...rows].map((row) => this.#line(row, widths))
    if (this.#screen.isTerminal) this.#draw(lines)
    else this.#print(rows, lines)
  }

  #line(row: string[], widths: number[]): string {
    const text = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')
    return text.trimEnd()
  }

  #draw(lines: string[]): void {
    const fit = lines.map((line) => line.slice(0, Math.max(this.#screen.columns - 1, 20)))
    const up = this.#drawnLines > 0 ? `\x1b[${this.#drawnLines}A` : ''
    this.#screen.write(`${up}${fit.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[0J`)
    this.#drawnLines = fit.length
  }

  #print(rows: string[][], [header = '', ...lines]: string[]): void {
    const changed = lines.filter((_, index) => this.#printed.get(rows[index]?.[0] ?? '') !== rows[index]?.join('\t'))
    if (changed.length === 0) return
    if (this.#printed.size === 0) this.#screen.write(`${header}\n`)
    for (const line of changed) this.#screen.write(`${line}\n`)
    for (const row of rows) this.#printed.set(row[0] ?? '', row.join('\t'))
  }
}
