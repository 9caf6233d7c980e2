import { parseXml } from '@rgrove/parse-xml'
import { expect, test } from 'vitest'
import { badgeFacts, badgeOf, badgeSvg } from '#lib/api/badges.ts'

const JUDGED = {
  name: 'web',
  grade: 'B',
  score: 89.6,
  commit: 'c'.repeat(40),
  scannedAt: new Date('2026-01-02T03:04:05Z'),
} as const

test('a badge says grade and score, never rounded up to a grade that it has not', () => {
  const facts = badgeFacts.parse(badgeOf(JUDGED))
  expect(facts).toMatchObject({ message: 'B · 89', scannedAt: '2026-01-02T03:04:05.000Z', color: '#456f0e' })
})

test('what was not judged is said to be that, in grey', () => {
  expect(badgeOf({ ...JUDGED, grade: null, score: null })).toMatchObject({ message: 'not judged', color: '#57544f' })
})

test('the picture is XML whose words tell what it shows', () => {
  const svg = badgeSvg(badgeOf(JUDGED))
  expect(parseXml(svg).root?.text).toContain('supply chain: B · 89')
  expect(parseXml(svg).root?.attributes).toMatchObject({ role: 'img', 'aria-label': 'supply chain: B · 89' })
})
