/** The `plugin` generator: a program of the installation answers with the parameters. */
import { messageOf, StageError } from '../../model/index.ts'
import { Anything, Fields, Text, Type } from '../../model/schema.ts'
import { isDict } from '../../template/index.ts'
import { flattened } from '../parameters.ts'
import { type Generator, invalid, Repeated, requeueAfterMs, specReader, withValues } from './generator.ts'

const readSpec = specReader(
  'plugin',
  Type.Intersect([
    Type.Object({ configMapRef: Fields({ name: Text }) }),
    Fields({ input: Fields({ parameters: Anything }) }),
    Repeated,
  ]),
)

const defaultRequeueSeconds = 1800

export const pluginGenerator: Generator = {
  async parameters(given, context) {
    const { configMapRef, input, values } = readSpec(given)
    const { filler, inputs, set } = context
    const asked = input?.parameters ?? {}
    const { baseUrl, token, timeLimitMs } = await inputs.plugin(configMapRef.name ?? '')
    const url = `${baseUrl.replace(/\/+$/, '')}/api/v1/getparams.execute`
    const { status, body } = await inputs.host.http({
      url,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ applicationSetName: set.metadata.name, input: { parameters: asked } }),
      ...(timeLimitMs !== undefined && { timeLimitMs }),
    })
    if (status !== 200) {
      throw new StageError('generate', `the plugin at ${url} answers ${status}: check its log, and its token`, {
        retry: status >= 500 || status === 429,
      })
    }
    return outputOf(url, body).map((made) => {
      const own = filler.isGoTemplate ? made : flattened(made)
      return withValues({ ...own, generator: { input: { parameters: asked } } }, values, context)
    })
  },
  lookAgainMs: (spec) => requeueAfterMs(spec, defaultRequeueSeconds),
}

function outputOf(url: string, body: Buffer) {
  let answer: unknown
  try {
    answer = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw invalid(`the plugin at ${url} answers with something that is no JSON: ${messageOf(error)}`)
  }
  const output = isDict(answer) ? answer.output : undefined
  const parameters = isDict(output) ? output.parameters : undefined
  if (Array.isArray(parameters) && parameters.every(isDict)) return parameters
  throw invalid(`the plugin at ${url} answers without output.parameters, which has to be a list of mappings`)
}
