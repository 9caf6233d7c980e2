/** Figures in the text format that Prometheus scrapes, version 0.0.4. */

type Labels = Readonly<Record<string, string>>
export type Metric = {
  name: string
  help: string
  type: 'gauge' | 'counter' | 'histogram'
  /** `suffix` for the parts of a histogram: `_bucket`, `_sum`, `_count`. */
  samples: readonly { labels?: Labels; value: number; suffix?: string }[]
}

export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ labels = {}, value, suffix = '' }) => `${name}${suffix}${shown(labels)} ${value}`)
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n')
    })
    .join('\n')
    .concat('\n')
}

function shown(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

const BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
type Timing = { buckets: number[]; sum: number; count: number }
// One book for the whole process, whichever bundle writes into it.
const held = globalThis as { plumblineTimings?: Map<string, Timing> }

/** Runs and notes how long it took, also where it throws; `path` counts by its first word, so that names make no series. */
export async function timed<T>(path: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now()
  try {
    return await run()
  } finally {
    noteTiming(routeOf(path), (performance.now() - started) / 1000)
  }
}

function routeOf(path: string): string {
  const [first = '', second, ...more] = (path.split('?')[0] ?? '').split('/').slice(1)
  if (first === 'api') return `/api/${second ?? ''}${more.length === 0 ? '' : '/…'}`
  return second === undefined ? `/${first}` : `/${first}/…`
}

function noteTiming(route: string, seconds: number): void {
  held.plumblineTimings ??= new Map()
  const known = held.plumblineTimings.get(route)
  const timing: Timing = known ?? { buckets: BOUNDS.map(() => 0), sum: 0, count: 0 }
  if (known === undefined) held.plumblineTimings.set(route, timing)
  timing.sum += seconds
  timing.count += 1
  for (const [index, bound] of BOUNDS.entries())
    if (seconds <= bound) timing.buckets[index] = (timing.buckets[index] ?? 0) + 1
}

export function timingMetric(): Metric {
  const samples = [...(held.plumblineTimings ?? [])].flatMap(([route, { buckets, sum, count }]) => [
    ...BOUNDS.map((bound, index) => ({
      suffix: '_bucket',
      labels: { route, le: String(bound) },
      value: buckets[index] ?? 0,
    })),
    { suffix: '_bucket', labels: { route, le: '+Inf' }, value: count },
    { suffix: '_sum', labels: { route }, value: sum },
    { suffix: '_count', labels: { route }, value: count },
  ])
  const help = 'Time that the server took to read for a page or to answer a call, by route.'
  return { name: 'plumbline_request_seconds', help, type: 'histogram', samples }
}
