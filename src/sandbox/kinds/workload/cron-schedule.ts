/** The grammar of a CronJob's schedule: five fields, or a name such as @hourly. */

interface Bounds {
  least: number
  most: number
  names?: string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const bounds: Bounds[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: ['', ...months] },
  { least: 0, most: 6, names: days },
]

const named = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']

function numberOf(source: string, { names }: Bounds): number | string {
  const known = names?.indexOf(source.toLowerCase()) ?? -1
  if (source !== '' && known >= 0) return known
  if (/^[0-9]+$/.test(source)) return Number(source)
  return `failed to parse int from ${source}: strconv.Atoi: parsing ${JSON.stringify(source)}: invalid syntax`
}

function rangeOf(range: string, step: boolean, limits: Bounds): [number, number] | string {
  if (range === '*' || range === '?') return [limits.least, limits.most]
  const [low = '', high, ...more] = range.split('-')
  if (more.length > 0) return `too many hyphens: ${range}`
  const start = numberOf(low, limits)
  if (typeof start === 'string') return start
  const end = high === undefined ? (step ? limits.most : start) : numberOf(high, limits)
  return typeof end === 'string' ? end : [start, end]
}

function partFault(expression: string, limits: Bounds): string | undefined {
  const [range = '', step, ...more] = expression.split('/')
  if (more.length > 0) return `too many slashes: ${expression}`
  const ends = rangeOf(range, step !== undefined, limits)
  if (typeof ends === 'string') return ends
  const every = step === undefined ? 1 : numberOf(step, { least: 0, most: 0 })
  if (typeof every === 'string') return every
  const [start, end] = ends
  if (start < limits.least) return `beginning of range (${start}) below minimum (${limits.least}): ${expression}`
  if (end > limits.most) return `end of range (${end}) above maximum (${limits.most}): ${expression}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`
  return every === 0 ? `step of range should be a positive number: ${expression}` : undefined
}

/** What is wrong with a schedule, in the server's words; undefined when nothing is. */
export function scheduleFault(schedule: string): string | undefined {
  if (schedule === '') return 'empty spec string'
  if (schedule.startsWith('@')) {
    if (named.includes(schedule)) return undefined
    const every = /^@every (.*)$/.exec(schedule)
    if (!every) return `unrecognized descriptor: ${schedule}`
    const duration = every[1] ?? ''
    if (/^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/.test(duration)) return undefined
    return `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(duration)}`
  }
  const parts = schedule.split(/\s+/).filter((part) => part !== '')
  if (parts.length !== 5) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`
  for (const [index, part] of parts.entries()) {
    const limits = bounds[index]
    const fault =
      limits &&
      part
        .split(',')
        .map((each) => partFault(each, limits))
        .find((each) => each !== undefined)
    if (fault !== undefined) return fault
  }
  return undefined
}
