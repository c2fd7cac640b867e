/** What the commands of `tiphys app` have in common. */
import { Command, Option } from 'commander'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { parseOutputFormat } from '../output.ts'
import { type Applications, applicationsOf } from './applications.ts'

export const print = (text: string) => void process.stdout.write(text)
/** For what is not the answer: it does not end in a pipe. */
export const tell = (text: string) => void process.stderr.write(`${text}\n`)

export const outputOption = () =>
  new Option('-o, --output <format>', 'json, yaml, wide or name').default('table').argParser(parseOutputFormat)
export const timeoutOption = () =>
  new Option('--timeout <seconds>', 'give up after so long; 0: never').default(0).argParser(Number)

export function command(name: string, description: string): Command {
  return addConnectionFlags(new Command(name)).description(description)
}

export function withApplications<Result>(
  flags: ConnectionFlags,
  work: (applications: Applications) => Promise<Result>,
): Promise<Result> {
  return withCluster(flags, (client) => work(applicationsOf(client, flags.namespace)))
}
