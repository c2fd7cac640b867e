/** The log of a container, line by line, at the pace of whoever reads it. */
import type { PodLogOptions } from './kube-client.ts'
import { KubeError } from './kube-error.ts'
import { logLines } from './log-lines.ts'
import { podPath } from './resource-path.ts'
import type { Transport } from './transport.ts'

export async function* podLogs(
  transport: Transport,
  pod: { namespace: string; name: string },
  options: PodLogOptions,
): AsyncGenerator<string> {
  const { signal, follow } = options
  try {
    const body = await transport.stream({
      verb: 'logs',
      method: 'GET',
      path: podPath(pod, 'log'),
      query: queryOf(options),
      accept: '*/*',
      signal,
      // A container may have nothing to say for days, and before its first line not even headers may come.
      ...(follow && { silenceMs: 0 }),
    })
    for await (const line of logLines(body)) {
      if (signal?.aborted) return
      yield line
    }
  } catch (cause) {
    if (signal?.aborted) return
    if (cause instanceof KubeError) throw cause
    const message = `the log of ${pod.namespace}/${pod.name} broke off: ${(cause as Error).message}`
    throw new KubeError(message, { code: 0, reason: 'Unreachable', cause })
  }
}

function queryOf({ signal: _signal, ...options }: PodLogOptions): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && value !== false) query.set(name, String(value))
  return query
}
