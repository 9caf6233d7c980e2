import type { Demand } from '#components/policy/in-force.tsx'
import { whoOf } from '#components/policy/who.ts'
import { ITEMS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { policyFor, severityOf } from '#lib/policy/document.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { registriesKnownBy } from '#lib/policy/registries.ts'
import type { PolicyDocument, PolicyGroup } from '#lib/policy/schema.ts'

/** `checks`: those that are told by it. */
export type DemandKind = { title: string; says: string; rows: Demand[]; checks?: readonly string[] }

/** A repository that is in no group. */
const NOBODY = { topics: [], teams: [], visibility: '', properties: {} }

/** The organisation's demands, kind by kind, as the page lists them. */
export function demandsOf(document: PolicyDocument): DemandKind[] {
  const policy = policyFor({ ...document, groups: [] }, NOBODY)
  const weightOf = (id: string) => policy.checkWeights[id] ?? 1
  return [
    {
      title: 'Items',
      says: 'How much each counts in the score.',
      rows: ITEMS.map(({ id, title }) => ({
        name: title,
        value: weightWords(policy.itemWeights[id] ?? 1),
        own: document.items?.[id] !== undefined,
      })),
    },
    {
      title: 'Checks',
      says: 'How much each counts within its item or section, and how severe it is said to be.',
      rows: CHECKS.map(({ id, title, severity }) => ({
        name: title,
        value: `${weightWords(weightOf(id))} · ${severityOf(document, id, severity)}`,
        own: document.checks?.[id] !== undefined,
      })),
    },
    {
      title: 'Trust in actions',
      checks: ['actions-pinned'],
      says: 'Which reference is enough; the most specific pattern counts.',
      rows: policy.actionTrust.map(({ pattern, demand }) => ({
        name: pattern,
        value: DEMANDS[demand],
        own: document.actions?.some(one => one.pattern === pattern) ?? false,
      })),
    },
    {
      title: 'Trusted registries',
      checks: ['lockfile-hosts-trusted'],
      says: 'Hosts that packages may come from, each with what lies below it. Of an ecosystem that is not named only the scheme is judged.',
      rows: Object.entries(policy.trustedRegistries).map(([name, hosts]) => {
        const own = document.registries?.[name] !== undefined
        return { name, value: `${hosts.join(', ')}${own ? '' : ` · as ${registriesKnownBy(name)} knows them`}`, own }
      }),
    },
    {
      title: 'Left out',
      says: 'Folders that are test data or vendored code: no verdict is about what lies in them.',
      rows: [
        { name: 'Everywhere', value: defaultPolicy.leftOut.segments.join(', '), own: false },
        ...(document['left-out'] ?? []).map(name => ({ name: `${name}/`, value: '', own: true })),
      ],
    },
    {
      title: 'Waivers',
      says: 'How long one lasts at most.',
      rows: [
        {
          name: 'Longest waiver',
          value: `${policy.longestWaiverDays} days`,
          own: document['longest-waiver-days'] !== undefined,
        },
      ],
    },
  ]
}

const DEMANDS = { sha: 'a full commit SHA', tag: 'a tag is enough', any: 'anything' }

function weightWords(weight: number): string {
  return weight === 0 ? 'shown, not in the score' : `weight ${weight}`
}

/** What the groups demand otherwise, in a line each. */
export function groupsOf({ groups = [] }: PolicyDocument): { name: string; who: string; rows: Demand[] }[] {
  return groups.map(group => ({ name: group.name, who: whoOf(group.match), rows: ownOf(group) }))
}

function ownOf(group: PolicyGroup): Demand[] {
  const line = (name: string, value: string) => ({ name, value, own: true })
  return [
    ...Object.entries(group.items ?? {}).map(([id, weight]) => line(titleOf(id), weightWords(weight ?? 1))),
    ...Object.entries(group.checks ?? {}).map(([id, { weight }]) => line(titleOf(id), weightWords(weight))),
    ...(group.actions ?? []).map(({ pattern, demand }) => line(pattern, DEMANDS[demand])),
    ...Object.entries(group.registries ?? {}).map(([name, hosts]) => line(name, hosts.join(', '))),
    ...(group['left-out'] ?? []).map(name => line(`${name}/`, 'left out')),
    ...(group['longest-waiver-days'] === undefined
      ? []
      : [line('Longest waiver', `${group['longest-waiver-days']} days`)]),
  ]
}

function titleOf(id: string): string {
  return [...ITEMS, ...CHECKS].find(one => one.id === id)?.title ?? id
}
