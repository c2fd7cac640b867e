/** `tiphys manifests`: what is applied to a cluster to install Tiphys there. */
import { Argument, Command } from 'commander'
import { manifestsOf, type Variant, variants } from '../install/index.ts'
import { printYaml } from './output.ts'

interface ManifestsFlags {
  namespace: string
  image: string
}

export function manifestsCommand(version: string): Command {
  const told = Object.entries(variants).map(([name, purpose]) => `${name}: ${purpose}`)
  return new Command('manifests')
    .addArgument(
      new Argument('[variant]', `which form (${told.join('; ')})`).choices(Object.keys(variants)).default('install'),
    )
    .option('--namespace <namespace>', 'where Tiphys is to run, and the Applications are', 'argocd')
    .option('--image <image>', 'of the program, where the cluster can pull it', `tiphys:${version}`)
    .action((variant: Variant, { namespace, image }: ManifestsFlags) => {
      const documents = manifestsOf(variant, { namespace, image }).map((object) => `---\n${printYaml(object)}`)
      process.stdout.write(documents.join(''))
    })
}
