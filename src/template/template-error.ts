/** What a template may fail with: where, why, and whether it was a limit. */

export class TemplateError extends Error {
  /** True when the template wanted more time, text or depth than it may have. */
  readonly isLimit: boolean

  constructor(message: string, { isLimit = false, cause }: { isLimit?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TemplateError'
    this.isLimit = isLimit
  }
}

/** `template: NAME:LINE:COLUMN: what is wrong`, the form that Go prints. */
export function located(text: string, { name, offset }: { name: string; offset: number }): string {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1))
  return `template: ${name}:${line}:${column}`
}
