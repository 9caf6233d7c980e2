import { ITEMS } from '#lib/check.ts'
import { type PolicyFacts, saidAt } from './drafting.tsx'
import { PARTS } from './layer-fields.tsx'

const isPart = (key: string): key is keyof typeof PARTS => Object.hasOwn(PARTS, key)

/** Where a path of the draft is found in the form, in its words; null where no field is. */
export function placeOf(path: readonly PropertyKey[], value: unknown, facts: PolicyFacts): string | null {
  const [first, second, ...rest] = path.map(step => (typeof step === 'number' ? step : String(step)))
  if (first === 'groups' && typeof second === 'number') {
    const name = String(saidAt(value, ['groups', second, 'name']) ?? '') || `Group ${second + 1}`
    const [key] = rest
    if (key === 'name' || key === 'match') return `${name}: ${key === 'name' ? 'name' : 'of which repositories'}`
    const inner = placeOf(rest, saidAt(value, ['groups', second]), facts)
    return inner === null ? null : `${name}: ${inner}`
  }
  if (typeof first !== 'string' || !isPart(first)) return null
  const { title } = PARTS[first]
  if (second === undefined || first === 'left-out') return title
  if (typeof second === 'number') return `${title}, pattern ${second + 1}`
  const named = [...ITEMS, ...facts.checks].find(({ id }) => id === second)
  if (first === 'registries') return `${title}, ${second}`
  return named === undefined ? null : `${title}, ${named.title}`
}
