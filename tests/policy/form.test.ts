import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { PolicyFacts } from '#components/policy/drafting.tsx'
import { PolicyForm } from '#components/policy/form.tsx'
import { placeOf } from '#components/policy/place.ts'
import { readDraft } from '#lib/policy/draft.ts'
import { policyDocument } from '#lib/policy/schema.ts'

const FACTS: PolicyFacts = {
  checks: [{ id: 'actions-pinned', title: 'Actions are pinned', item: 'pin-actions', severity: 'high' }],
  registries: [{ ecosystem: 'npm', hosts: ['registry.example'], knownBy: 'a library' }],
  leftOut: ['testdata'],
  longestWaiverDays: 180,
}

/** Says all that can be said. */
const LAYER = `
items: { pin-actions: 2 }
actions: [{ pattern: 'acme/*', demand: tag }]
registries: { npm: [packages.acme.example] }
left-out: [examples]
longest-waiver-days: 30
`
const FULL = `version: 1${LAYER}
checks: { actions-pinned: { weight: 2, severity: low } }
groups:
  - name: Tier 1
    match: { topics: [a], teams: [b], properties: { tier: [gold, silver] }, visibility: private }
    checks: { actions-pinned: { weight: 3 } }
${LAYER.trim()
  .split('\n')
  .map(line => `    ${line}`)
  .join('\n')}
`

/** The markup of the form over a text, with everything told that is wrong. */
function formOf(text: string): string {
  return renderToStaticMarkup(
    createElement(PolicyForm, {
      ...{ draft: readDraft(text, ['actions-pinned']), facts: FACTS, told: true },
      ...{ ready: true, edit: async () => {}, onYaml: () => {} },
    }),
  )
}

function controlsOf(markup: string): string[] {
  return [...markup.matchAll(/<(?:input|select|textarea)[^>]* name="([^"]+)"/g)].map(([, name = '']) => name)
}

type Def = { type: string; innerType?: z.ZodType; element?: z.ZodType; valueType?: z.ZodType }

/** The paths of every value that the schema knows, with `*` for what has many names; a list of words is one value. */
function valuesIn(schema: z.ZodType, path: string[] = []): string[] {
  const def = schema.def as unknown as Def
  if (def.innerType) return valuesIn(def.innerType, path)
  if (def.type === 'object') {
    const { shape } = schema as z.ZodObject
    return Object.entries(shape).flatMap(([key, inner]) => valuesIn(inner as z.ZodType, [...path, key]))
  }
  if (def.type === 'record' && def.valueType) return valuesIn(def.valueType, [...path, '*'])
  if (def.type === 'array' && def.element) {
    const isWords = (def.element.def as unknown as Def).type === 'string'
    return isWords ? [path.join('.')] : valuesIn(def.element, [...path, '*'])
  }
  return [path.join('.')]
}

test('every value that the schema knows has a control', () => {
  const values = valuesIn(policyDocument)
  expect(values).toContain('groups.*.match.visibility')
  expect(values).toContain('groups.*.match.properties.*')
  expect(values.length).toBeGreaterThan(18)
  const controls = controlsOf(formOf(FULL))
  const fits = (value: string) => new RegExp(`^${value.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`)
  const without = values.filter(value => !controls.some(name => fits(value).test(name)))
  // The form writes it itself.
  expect(without).toEqual(['version'])
})

test('a value of a property by itself is shown as a list of one, and a group is told by it', () => {
  const markup = formOf('version: 1\ngroups: [{ name: A, match: { properties: { tier: gold, live: true } } }]\n')
  expect(markup).toContain('tier gold, live true')
  expect(markup).toMatch(/<textarea[^>]* name="groups\.0\.match\.properties\.tier"[^>]*>gold</)
})

test('every control has a name to be called by', () => {
  const markup = formOf(FULL)
  for (const [control = '', , id] of markup.matchAll(/<(input|select|textarea)[^>]* id="([^"]+)"[^>]*>/g)) {
    const named = control.includes('aria-label="') || markup.includes(`for="${id}"`)
    expect(named, control).toBe(true)
  }
})

test('what is wrong is told at its control and tied to it, with what was typed', () => {
  const markup = formOf(
    FULL.replace('weight: 2', 'weight: eleven').replace('left-out: [examples]', "left-out: [examples, 'docs/*']"),
  )
  expect(markup).toMatch(/id="policy-checks-actions-pinned-weight"[^>]*aria-invalid="true"[^>]*value="eleven"/)
  expect(markup).toContain('aria-describedby="policy-checks-actions-pinned-weight-wrong"')
  expect(markup).toMatch(/id="policy-checks-actions-pinned-weight-wrong"[^>]*>A weight is a whole number\./)
  expect(markup).toMatch(/id="policy-left-out-wrong"[^>]*>“docs\/\*”: Write the name of a folder/)
})

test.each([
  [['items', 'pin-actions'], 'Items, Pin Actions by SHA'],
  [['checks', 'actions-pinned', 'weight'], 'Checks, Actions are pinned'],
  [['actions', 0, 'pattern'], 'Trust in actions, pattern 1'],
  [['registries', 'npm', 0], 'Trusted registries, npm'],
  [['left-out', 1], 'Left-out paths'],
  [['groups', 0, 'match'], 'Tier 1: of which repositories'],
  [['groups', 0, 'left-out', 0], 'Tier 1: Left-out paths'],
  [['groups', 1, 'name'], 'Group 2: name'],
  [['version'], null],
  [['itmes'], null],
  [['checks', 'gone-since'], null],
])('the place of %j is told in the words of the form', (path, place) => {
  expect(placeOf(path, { groups: [{ name: 'Tier 1' }] }, FACTS)).toBe(place)
})

test('a text that the form cannot show is told where and why, and left to the YAML', () => {
  const markup = formOf('version: 1\nleft-out: docs\n')
  expect(markup).toContain('Line 2: left-out: Write a list here, or leave it out.')
  expect(controlsOf(markup)).toEqual([])
})
