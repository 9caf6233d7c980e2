import { expect, test } from 'vitest'
import { exposition, timed, timingMetric } from '#lib/http/metrics.ts'

test('figures are written as Prometheus reads them, with hostile labels escaped', () => {
  const text = exposition([
    { name: 'a', help: 'An a.', type: 'gauge', samples: [{ value: 1 }, { labels: { x: 'q"\\\n' }, value: 2.5 }] },
  ])
  expect(text).toBe('# HELP a An a.\n# TYPE a gauge\na 1\na{x="q\\"\\\\\\n"} 2.5\n')
})

test('names of repositories make no series of their own, and what failed is timed too', async () => {
  for (const name of ['one', 'two', 'three']) await timed(`/repositories/${name}?x=${name}`, async () => name)
  const failing = timed('/api/v1/repositories/one', async () => {
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  const { samples } = timingMetric()
  const counts = samples.filter(({ suffix }) => suffix === '_count').map(({ labels, value }) => [labels?.route, value])
  expect(counts).toEqual([
    ['/repositories/…', 3],
    ['/api/v1/…', 1],
  ])
  const whole = samples.filter(({ labels }) => labels?.route === '/repositories/…' && labels.le === '+Inf')
  expect(whole).toMatchObject([{ value: 3 }])
})
