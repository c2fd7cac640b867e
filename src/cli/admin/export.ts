/** `tiphys admin export`: the installation as YAML, to be brought back by `tiphys admin import`, or by Argo CD's. */
import { randomBytes } from 'node:crypto'
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command } from 'commander'
import { type KubeObject, messageOf } from '../../model/index.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError } from '../exit-code.ts'
import { printYaml } from '../output.ts'
import { collectList } from '../words.ts'
import { installationObjects, type NamespaceFlags, otherNamespaces } from './installation.ts'

interface ExportFlags extends ConnectionFlags, NamespaceFlags {
  out: string
}

export function exportCommand(): Command {
  return addConnectionFlags(new Command('export'))
    .description('print settings, credentials, projects and applications: the output holds secrets in the clear')
    .option('-o, --out <file>', 'write to a file that only you may read', '-')
    .option('--application-namespaces <globs>', 'where else there are applications', collectList)
    .option('--applicationset-namespaces <globs>', 'where else there are ApplicationSets', collectList)
    .action(async (flags: ExportFlags) => {
      const { namespace, out } = flags
      const text = await withCluster(flags, async (client) => {
        const others = await otherNamespaces(client, namespace, flags)
        return exportText(await installationObjects(client, { namespace, others }), namespace)
      })
      if (out === '-') process.stdout.write(text)
      else await write(out, text)
    })
}

async function write(file: string, text: string): Promise<void> {
  try {
    const place = await realpath(file).catch(() => file)
    const found = await stat(place).catch(() => undefined)
    if (found && !found.isFile()) await writeFile(place, text)
    else await replace(place, text)
  } catch (cause) {
    throw new CommandError(`${file} cannot be written: ${messageOf(cause)}`, { cause })
  }
}

/** The backup before stays as it is until this one is whole and on the disk, and nobody else can ever read it. */
async function replace(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}.new`
  try {
    // Refused where there is such a file or link already.
    await using handle = await open(unfinished, 'wx', 0o600)
    await handle.writeFile(text)
    await handle.sync()
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  await using folder = await open(dirname(file), 'r')
  await folder.sync()
}

export function exportText(objects: KubeObject[], namespace: string): string {
  return objects.map((object) => `${printYaml(exported(object, namespace))}---\n`).join('')
}

/** Without what only this cluster knows. Objects of the installation's own namespace name none: they can go into another. */
export function exported(object: KubeObject, namespace: string): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object
  const { name, finalizers, labels, annotations } = metadata
  const home = metadata.namespace !== undefined && metadata.namespace !== namespace ? metadata.namespace : undefined
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(home !== undefined && { namespace: home }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    ...rest,
  } as KubeObject
}
