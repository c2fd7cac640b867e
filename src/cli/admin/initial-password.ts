/** `tiphys admin initial-password`: what the first account can sign in with. */
import { Command } from 'commander'
import { ensureAdmin, type Secrets } from '../../access/initial-admin.ts'
import type { KubeClient } from '../../kube/kube-client.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError, exitCode } from '../exit-code.ts'

export function initialPasswordCommand(): Command {
  return addConnectionFlags(new Command('initial-password'))
    .description('print the password that admin begins with; "initial-password reset" makes a new one')
    .argument('[reset]', 'make a new one: that of now counts no more, and sessions end')
    .action(async (word: string | undefined, flags: ConnectionFlags) => {
      if (word !== undefined && word !== 'reset') {
        throw new CommandError(`${word} is not reset`, { code: exitCode.usage })
      }
      const password = await withCluster(flags, async (client) => {
        const secrets = secretsIn(client, flags.namespace)
        return word === 'reset' ? reset(secrets, flags.namespace) : read(secrets)
      })
      process.stdout.write(`${password}\n`)
      process.stderr.write('Sign in with it once, and give yourself another one: tiphys account update-password\n')
    })
}

const initial = 'argocd-initial-admin-secret'

async function read(secrets: Secrets): Promise<string> {
  const data = ((await secrets.get(initial))?.data ?? {}) as Record<string, string>
  if (data.password) return Buffer.from(data.password, 'base64').toString('utf8')
  throw new CommandError(
    `there is no Secret ${initial}: it has been removed. "tiphys admin initial-password reset" makes a new password`,
  )
}

async function reset(secrets: Secrets, namespace: string): Promise<string> {
  if (await secrets.get('argocd-secret')) {
    await secrets.patch('argocd-secret', { data: { 'admin.password': null, 'admin.passwordMtime': null } })
  }
  const password = await ensureAdmin(secrets, { namespace, now: new Date() })
  if (password === undefined) throw new CommandError('the new password could not be read: try again')
  return password
}

function secretsIn(client: KubeClient, namespace: string): Secrets {
  const target = (name: string) => ({ group: '', version: 'v1', kind: 'Secret', namespace, name })
  return {
    get: (name) => client.get(target(name)),
    create: (secret) => client.create(secret),
    patch: (name, patch) => client.patch(target(name), patch, { type: 'merge' }),
  }
}
