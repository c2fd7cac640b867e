/** What a chart says of itself in its Chart.yaml. */
import { readYaml } from '../../manifest/yaml/read.ts'
import { listAt, messageOf, StageError, textAt, textsAt } from '../../model/index.ts'

export interface ChartFile {
  version: string
  description: string
  home: string
  sources: string[]
  /** `name (email)`. */
  maintainers: string[]
}

export async function readChartFile(text: string): Promise<ChartFile> {
  const chart = await parse(text)
  return {
    version: textAt(chart, 'version'),
    description: textAt(chart, 'description'),
    home: textAt(chart, 'home'),
    sources: textsAt(chart, 'sources'),
    maintainers: listAt(chart, 'maintainers').map((maintainer) => {
      const [name, email] = [textAt(maintainer, 'name'), textAt(maintainer, 'email')]
      return email ? `${name} (${email})`.trim() : name
    }),
  }
}

async function parse(text: string): Promise<unknown> {
  try {
    return (await readYaml(text, { nodeLimit: 20_000 })).documents[0]?.value
  } catch (cause) {
    throw new StageError('source', `Chart.yaml cannot be read: ${messageOf(cause)}`, { retry: false, cause })
  }
}
