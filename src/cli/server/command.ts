/** What the commands that need the API have in common. */
import { Command, Option } from 'commander'
import type { ApiClient } from '../../contract/client.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { type OutputFormat, parseOutputFormat } from '../output.ts'
import { addServerFlags, type ServerFlags } from './flags.ts'

export type { ServerFlags }

export interface ApiFlags extends ServerFlags {
  core?: boolean
}

export interface OutputFlags extends ApiFlags {
  output: OutputFormat
}

export const print = (text: string) => void process.stdout.write(text)
export const say = (text: string) => print(`${text}\n`)

export function apiCommand(name: string, description: string): Command {
  return addServerFlags(new Command(name).description(description)).addOption(new Option('--core').hideHelp())
}

export const outputOption = (fallback: OutputFormat = 'table') =>
  new Option('-o, --output <format>', 'json, yaml, wide or name').default(fallback).argParser(parseOutputFormat)

export async function withApi<Result>(flags: ApiFlags, work: (api: ApiClient) => Promise<Result>): Promise<Result> {
  if (flags.core) {
    throw new CommandError('this needs the API of Tiphys: leave --core out, and sign in with "tiphys login ADDRESS"', {
      code: exitCode.usage,
    })
  }
  // Loaded only when there is something to ask: help starts faster.
  const { withServer } = await import('./with-server.ts')
  return withServer(flags, work)
}
