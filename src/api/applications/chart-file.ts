/** What a chart says of itself in its Chart.yaml. Pure. */
import { load } from 'js-yaml'
import { listAt, messageOf, StageError, textAt, textsAt } from '../../model/index.ts'

export interface ChartFile {
  version: string
  description: string
  home: string
  sources: string[]
  /** `name (email)`. */
  maintainers: string[]
}

export function readChartFile(text: string): ChartFile {
  const chart = parse(text)
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

function parse(text: string): unknown {
  try {
    return load(text)
  } catch (cause) {
    throw new StageError('source', `Chart.yaml cannot be read: ${messageOf(cause)}`, { retry: false, cause })
  }
}
