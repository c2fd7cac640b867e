/** Which of the shapes of ui/status stands for how an application stands, and which colour of the bar. */
import type { Standing } from '../../../lib/standing.ts'

interface Look {
  status: string
  tone: 'bad' | 'drift' | 'quiet' | 'busy' | 'paused' | 'good'
}

export const standingLooks: Record<Standing, Look> = {
  degraded: { status: 'Degraded', tone: 'bad' },
  failed: { status: 'Failed', tone: 'bad' },
  error: { status: 'Error', tone: 'bad' },
  missing: { status: 'Missing', tone: 'quiet' },
  drifted: { status: 'OutOfSync', tone: 'drift' },
  unknown: { status: 'Unknown', tone: 'quiet' },
  syncing: { status: 'Progressing', tone: 'busy' },
  suspended: { status: 'Suspended', tone: 'paused' },
  declared: { status: 'Healthy', tone: 'good' },
}
