/** What a repository shows of itself in its README and to other programs, where the installation allows it. */
import { z } from 'zod'

const grade = z.enum(['A', 'B', 'C', 'D', 'F'])

/** The JSON beside the badge; the first four fields are what shields.io asks of an endpoint badge. */
export const badgeFacts = z.object({
  schemaVersion: z.literal(1),
  label: z.literal('supply chain'),
  message: z.string().describe('The grade and the score, or that it has not been judged.'),
  color: z.string(),
  repository: z.string(),
  grade: grade.nullable(),
  score: z.number().min(0).max(100).nullable(),
  commit: z.string().nullable().describe('The commit that was judged.'),
  scannedAt: z.iso.datetime().nullable(),
})
export type BadgeFacts = z.infer<typeof badgeFacts>

/** What the store knows of a public repository. */
export type Judged = {
  name: string
  grade: z.infer<typeof grade> | null
  score: number | null
  commit: string | null
  scannedAt: Date | null
}

// The colours of the light theme's grades, on which white text has a contrast of 4.5:1 or more.
const COLOURS = { A: '#14773a', B: '#456f0e', C: '#8f5a05', D: '#b93f0b', F: '#b91c1c' } as const

export function badgeOf({ name, grade: letter, score, commit, scannedAt }: Judged): BadgeFacts {
  return {
    schemaVersion: 1,
    label: 'supply chain',
    message: letter === null || score === null ? 'not judged' : `${letter} · ${Math.floor(score)}`,
    color: letter === null ? '#57544f' : COLOURS[letter],
    repository: name,
    grade: letter,
    score,
    commit,
    scannedAt: scannedAt?.toISOString() ?? null,
  }
}

/** Width of a character of the badge's font, in pixels; the text is stretched or squeezed to what is counted with it. */
const CHARACTER = 6.4
const PADDING = 6

/** The badge as a picture of 20 pixels' height, with its words as a title. Holds nothing that others wrote. */
export function badgeSvg({ label, message, color }: BadgeFacts): string {
  const [left, right] = [label, message].map(text => Math.round([...text].length * CHARACTER))
  const [first, second] = [(left ?? 0) + 2 * PADDING, (right ?? 0) + 2 * PADDING]
  const words = (text: string, x: number, width: number) =>
    `<text x="${x + PADDING}" y="14" textLength="${width - 2 * PADDING}">${text}</text>`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${first + second}" height="20" role="img" aria-label="${label}: ${message}">` +
    `<title>${label}: ${message}</title>` +
    `<clipPath id="c"><rect width="${first + second}" height="20" rx="3"/></clipPath>` +
    `<g clip-path="url(#c)"><rect width="${first}" height="20" fill="#3f3d3a"/>` +
    `<rect x="${first}" width="${second}" height="20" fill="${color}"/></g>` +
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` +
    `${words(label, 0, first)}${words(message, first, second)}</g></svg>`
  )
}

/** The address of a repository's badge, without the installation's own. `org`: named where there are several. */
export function badgeHref(name: string, kind: 'svg' | 'json', org: string | null): string {
  return `/api/badges/${encodeURIComponent(name)}.${kind}${org === null ? '' : `?${new URLSearchParams({ org })}`}`
}
