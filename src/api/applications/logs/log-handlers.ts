/** The logs of an application's Pods. */
import { routes } from '../../../contract/index.ts'
import type { Application } from '../../../model/index.ts'
import { ApiError, permissionDenied } from '../../api-error.ts'
import type { Call } from '../../call.ts'
import { type Handler, handler } from '../../handler.ts'
import type { Services } from '../../services.ts'
import { standingRights } from '../../standing-rights.ts'
import { questionOf } from '../find-application.ts'
import { type Asking, observedApplications } from '../observed-application.ts'
import { treeObjects } from '../tree/application-tree.ts'
import { lineFilter } from './line-filter.ts'
import { lastEntry, logEntry } from './log-line.ts'
import { type LogQuery, logOptions, untilTime } from './log-request.ts'
import { type LogRequest, logStream } from './log-stream.ts'
import { type PodSelection, selectedPods } from './selected-pods.ts'

type LogCall = Asking &
  Pick<Call, 'caller' | 'token' | 'streamAsText'> & {
    query: LogQuery & PodSelection & { filter?: string; matchCase?: boolean; download?: boolean }
  }

const mostPods = 10

export function applicationLogHandlers(services: Services): Handler[] {
  const { controlPlane, stages, access } = services
  const applications = observedApplications(services)

  async function logs(call: LogCall, name: string, query: LogCall['query']) {
    const found = await applications.observed(call, name)
    const question = logQuestion(found.application, controlPlane.namespace)
    call.require(question)
    const { nodes, cluster } = treeObjects(found, stages)
    const pods = selectedPods(
      nodes.map(({ node }) => node),
      query,
    )
    checkCount(pods.length, controlPlane.setting('server.maxPodLogsToRender'))
    const rights = standingRights({ caller: call.caller, token: call.token, now: Date.now }, access)
    const toGet = questionOf(found.application, 'get', controlPlane.namespace)
    const until = untilTime(query)
    const request: LogRequest = {
      client: cluster.client,
      pods,
      options: logOptions(query),
      isWanted: lineFilter(query),
      ...(until && { until }),
      async check() {
        await rights.check()
        if (!rights.may(toGet) || !rights.may(question)) throw permissionDenied()
      },
      signal: call.signal,
    }
    if (!query.download) return entries(request)
    call.streamAsText(fileName(query))
    return texts(request)
  }

  return [
    handler(routes.applicationStreams.logs, async (call) => (await logs(call, call.params.name, call.query)) as never),
    handler(routes.applicationStreams.podLogs, async (call) => {
      const { name, podName } = call.params
      return (await logs(call, name, { ...call.query, podName })) as never
    }),
  ]
}

function logQuestion(application: Application, controlNamespace: string) {
  return { ...questionOf(application, 'get', controlNamespace), resource: 'logs' as const }
}

function checkCount(count: number, setting: string | undefined): void {
  const most = Number(setting) > 0 ? Number(setting) : mostPods
  if (count <= most) return
  throw new ApiError(
    'InvalidArgument',
    `these are the logs of ${count} Pods, and no more than ${most} are shown at once: name a Pod or a smaller owner`,
  )
}

async function* entries(request: LogRequest) {
  for await (const line of logStream(request)) yield logEntry(line)
  yield lastEntry(new Date())
}

async function* texts(request: LogRequest) {
  for await (const { content } of logStream(request)) yield Buffer.from(`${content}\n`)
}

const kubeName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

/** Names go into a header: only those that are such as Kubernetes gives. */
function fileName({ namespace = '', podName = '', container = '' }: LogCall['query']): string {
  const names = [namespace, podName, container]
  return names.every((name) => kubeName.test(name)) ? `${names.join('-')}.log` : 'log.log'
}
