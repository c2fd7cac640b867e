/** The composition root: reads the command line and wires the stages together. Nothing imports it. */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('tiphys').description('GitOps continuous delivery for Kubernetes').version(version)

await program.parseAsync()
