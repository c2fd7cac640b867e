/** What the commands of `tiphys app` have in common. */
import { Command, Option } from 'commander'
import type { Application } from '../../model/index.ts'
import { withCluster } from '../connection.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { parseOutputFormat } from '../output.ts'
import { addPlaceFlags, type PlaceFlags } from '../server/flags.ts'
import { readLogins } from '../server/login-file.ts'
import { placeOf } from '../server/place.ts'
import { wholeNumber } from '../words.ts'
import type { Applications } from './applications.ts'

export const print = (text: string) => void process.stdout.write(text)
/** For what is not the answer: it does not end in a pipe. */
export const tell = (text: string) => void process.stderr.write(`${text}\n`)

export const outputOption = () =>
  new Option('-o, --output <format>', 'json, yaml, wide or name').default('table').argParser(parseOutputFormat)
export const timeoutOption = () =>
  new Option('--timeout <seconds>', 'give up after so long; 0: never').default(0).argParser(wholeNumber)

export interface AppFlags extends PlaceFlags {
  appNamespace?: string
}

/** `without`: where `--namespace` is that of an object. */
export function command(name: string, description: string, options: { without?: 'namespace' } = {}): Command {
  return addPlaceFlags(new Command(name).description(description), options).option(
    '-N, --app-namespace <namespace>',
    'namespace of the application, where it is not that of Tiphys',
  )
}

export async function withApplications<Result>(
  flags: AppFlags,
  work: (applications: Applications) => Promise<Result>,
): Promise<Result> {
  const { logins } = await readLogins(flags.config)
  const place = placeOf(flags, { env: process.env, logins })
  if (place.kind === 'server') {
    // Loaded only where there is a server to speak to.
    const [{ atServer }, { applicationsOverApi }] = await Promise.all([
      import('../server/with-server.ts'),
      import('./over-api.ts'),
    ])
    return atServer(place, flags, (api) => work(applicationsOverApi(api, flags.appNamespace)))
  }
  const { applicationsInCluster } = await import('./in-cluster.ts')
  return withCluster({ ...flags, context: flags.context ?? flags.kubeContext }, (client) =>
    work(applicationsInCluster(client, flags.appNamespace ?? flags.namespace)),
  )
}

export interface Chosen {
  selector?: string
  project?: string[]
}

/** An application, and the name to ask for it by. */
export interface ChosenApplication {
  name: string
  application: Application
}

/** Those that are named, or those that the labels or projects choose. */
export async function chosenApplications(
  applications: Applications,
  names: string[],
  { selector, project }: Chosen,
): Promise<ChosenApplication[]> {
  if (names.length > 0) {
    return Promise.all(names.map(async (name) => ({ name, application: await applications.get(name) })))
  }
  if (selector === undefined && !project?.length) {
    throw new CommandError('name an application, or choose some with --selector', { code: exitCode.usage })
  }
  const found = await applications.list({ ...(selector && { selector }), ...(project && { projects: project }) })
  if (found.length === 0) throw new CommandError('no application is chosen by that')
  return found.map((application) => ({ name: fullName(application, applications), application }))
}

/** With the namespace where it is not where all are. */
function fullName({ metadata }: Application, applications: Applications): string {
  const { name, namespace } = metadata
  return namespace === undefined || namespace === applications.namespace ? name : `${namespace}/${name}`
}
