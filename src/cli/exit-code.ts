/** How a command ends: the codes that scripts may rely on, listed in docs/cli.md. */

export const exitCode = {
  ok: 0,
  /** `diff` found differences; a waited-for state was not reached. */
  negative: 1,
  /** Wrong words on the command line. */
  usage: 2,
  /** Anything that went wrong, as in argocd. */
  failure: 20,
} as const

/** Ends the program with a message and no stack trace. */
export class CommandError extends Error {
  readonly code: number

  constructor(message: string, { code = exitCode.failure, cause }: { code?: number; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
