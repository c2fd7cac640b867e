/** How commits and branches of updates are named: templates of Go, as argocd-image-updater has them. Pure. */
import { createHash } from 'node:crypto'
import { StageError } from '../../model/index.ts'
import { compileTemplate, TemplateError, type Value } from '../../template/index.ts'
import type { ImageUpdate } from '../examine.ts'
import { type ImageReference, versionText } from '../reference.ts'

export const usualMessage = `build: automatic update of {{ .AppName }}

{{ range .AppChanges -}}
updates image {{ .Image }} tag '{{ .OldTag }}' to '{{ .NewTag }}'
{{ end -}}
`

const longestBranch = 255

/** `names`: the applications that one commit is for. */
export function commitMessage(template: string, names: string[], updates: ImageUpdate[]): string {
  const lines = updates.map(({ rule, version, from }) => ({
    Image: pathOf(rule.image),
    OldTag: from,
    NewTag: versionText(version),
    Labels: {},
  }))
  const once = [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()]
  const data = { AppName: names.join(', '), AppChanges: once }
  return render('git.commit-message-template', template || usualMessage, data)
}

export function branchName(
  template: string,
  place: { namespace: string; name: string },
  updates: ImageUpdate[],
): string {
  const hash = createHash('sha256')
  const images = updates.map(({ rule, version, from }) => {
    const image = { Name: pathOf(rule.image), Alias: rule.alias, OldTag: from, NewTag: versionText(version) }
    hash.update(`${image.Name}-${image.OldTag}-${image.NewTag},`)
    return image
  })
  const data = { AppNamespace: place.namespace, AppName: place.name, Images: images, SHA256: hash.digest('hex') }
  const name = render('git-branch', template, data).trim().slice(0, longestBranch)
  if (name !== '') return name
  throw new StageError('source', 'git-branch: the template gives no name', { retry: false })
}

function render(what: string, template: string, data: Value): string {
  try {
    return compileTemplate(template, { name: what, limits: { steps: 100_000, textLength: 100_000 } }).render(data)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new StageError('source', `${what}: ${error.message}`, { retry: false })
  }
}

/** Without the registry, and as Docker Hub's images are called. */
function pathOf({ registry, repository }: ImageReference): string {
  return registry === 'docker.io' ? repository.replace(/^library\//, '') : repository
}
