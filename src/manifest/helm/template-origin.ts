/** Traces the output of `helm template` back to the templates, by the comment that helm writes above each document. */
import type { DocumentOrigin } from '../documents.ts'

interface Mark {
  line: number
  file: string
}

export function templateOrigin(output: string, path: string): DocumentOrigin {
  const marks: Mark[] = []
  for (const [at, text] of output.split('\n').entries()) {
    const source = /^# Source: [^/\s]+\/(\S+)$/.exec(text)?.[1]
    if (source) marks.push({ line: at + 1, file: path === '' ? source : `${path}/${source}` })
  }
  const fileAt = (line: number): string | undefined => marks.findLast((mark) => mark.line <= line)?.file
  return {
    describe: (line) =>
      `${fileAt(line) ?? (path || 'the chart')} (rendered; line ${line} of the output of helm template)`,
    locate: (line) => {
      const file = fileAt(line)
      return file === undefined ? {} : { file }
    },
  }
}
