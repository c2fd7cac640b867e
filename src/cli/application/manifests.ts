/** `tiphys app manifests`: what an application declares, or what of it is live, as YAML. */
import { type Command, Option } from 'commander'
import { type KubeObject, parseJson } from '../../model/index.ts'
import { withCluster } from '../connection.ts'
import { printYaml } from '../output.ts'
import { readLogins } from '../server/login-file.ts'
import { placeOf } from '../server/place.ts'
import { type AppFlags, command, print, withApplications } from './command.ts'
import type { RevisionFlags } from './operation.ts'
import { addRevisionFlags } from './sync-commands.ts'

interface ManifestFlags extends AppFlags, RevisionFlags {
  source: 'git' | 'live'
  local?: string
  allowLocal?: boolean
}

export function manifestsCommand(): Command {
  return addRevisionFlags(command('manifests', 'what an application declares, as YAML').argument('<name>'))
    .addOption(
      new Option('--source <source>', 'what is declared, or what is live').choices(['git', 'live']).default('git'),
    )
    .option('--local <folder>', 'from a folder on this machine')
    .option('--allow-local', 'allow repositories on the local disk or on loopback addresses')
    .action(async (name: string, flags: ManifestFlags) => {
      const objects = flags.source === 'live' ? await liveObjects(name, flags) : await declaredObjects(name, flags)
      print(objects.map((object) => `---\n${printYaml(object)}`).join(''))
    })
}

async function liveObjects(name: string, flags: ManifestFlags): Promise<KubeObject[]> {
  const objects = await withApplications(flags, async (applications) =>
    applications.objects.find(await applications.get(name), {}),
  )
  return objects.map(
    ({ metadata: { managedFields: _, ...metadata }, ...object }) => ({ ...object, metadata }) as KubeObject,
  )
}

async function declaredObjects(name: string, flags: ManifestFlags): Promise<KubeObject[]> {
  const { logins } = await readLogins(flags.config)
  const place = placeOf(flags, { env: process.env, logins })
  if (place.kind === 'server' && flags.local === undefined) {
    const [{ atServer }, { applicationsOverApi }, { manifestsOverApi }] = await Promise.all([
      import('../server/with-server.ts'),
      import('./over-api.ts'),
      import('./manifests-over-api.ts'),
    ])
    return atServer(place, flags, async (api) => {
      const application = await applicationsOverApi(api, flags.appNamespace).get(name)
      return (await manifestsOverApi(api, application, flags)).manifests.map((text) => parseJson(text) as KubeObject)
    })
  }
  const [{ applicationsInCluster }, { desiredObjects }] = await Promise.all([
    import('./in-cluster.ts'),
    import('./diff.ts'),
  ])
  return withCluster({ ...flags, context: flags.context ?? flags.kubeContext }, async (client) => {
    const application = await applicationsInCluster(client, flags.appNamespace ?? flags.namespace).get(name)
    return (await desiredObjects(application, { client, flags })).objects
  })
}
