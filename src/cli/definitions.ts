/** `tiphys crds`: the CustomResourceDefinitions that Tiphys works with. */
import { Command } from 'commander'
import { customResourceDefinitions } from '../model/index.ts'
import { printYaml } from './output.ts'

export function definitionsCommand(): Command {
  return new Command('crds').action(() => {
    const documents = customResourceDefinitions().map((definition) => `---\n${printYaml(definition)}`)
    process.stdout.write(documents.join(''))
  })
}
