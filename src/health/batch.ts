/** Health of what runs to an end: Job, and Argo's Workflow. */
import type { Health, KubeObject } from '../model/index.ts'
import { conditionOf, conditionText, fieldsAt, numberAt, textAt } from './status-fields.ts'

export function jobHealth(job: KubeObject): Health {
  const failed = conditionOf(job, 'Failed')
  if (failed?.status === 'True') return { status: 'Degraded', message: conditionText(failed) || 'the job failed' }
  const complete = conditionOf(job, 'Complete')
  if (complete?.status === 'True') return { status: 'Healthy', ...(complete.message && { message: complete.message }) }
  if (conditionOf(job, 'Suspended')?.status === 'True') return { status: 'Suspended', message: 'the job is suspended' }
  const status = fieldsAt(job, 'status')
  const failures = numberAt(status, 'failed')
  const running = numberAt(status, 'active')
  const counts = [`${running} ${running === 1 ? 'pod' : 'pods'} active`, ...(failures ? [`${failures} failed`] : [])]
  return { status: 'Progressing', message: counts.join(', ') }
}

export function workflowHealth(workflow: KubeObject): Health {
  const status = fieldsAt(workflow, 'status')
  const text = textAt(status, 'message')
  const message = text ? { message: text } : {}
  switch (textAt(status, 'phase')) {
    case '':
    case 'Pending':
    case 'Running':
      return { status: 'Progressing', ...message }
    case 'Succeeded':
      return { status: 'Healthy', ...message }
    case 'Failed':
    case 'Error':
      return { status: 'Degraded', ...message }
    default:
      return { status: 'Unknown', message: `unknown phase ${textAt(status, 'phase')}` }
  }
}
