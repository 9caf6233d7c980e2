/** The turns of a job's matrix, where the file itself says what they are. */
import type { Job } from './workflow.ts'
import { childOf, textOf, type YamlMap, type YamlNode } from './yaml.ts'

const MOST_TURNS = 50

/** `matrix.x.y` → its value, one map a turn; empty where there is no matrix or it is computed. */
export function matrixTurns({ node }: Job): ReadonlyMap<string, string>[] {
  const matrix = childOf(childOf(node, 'strategy'), 'matrix')
  if (matrix?.kind !== 'map') return []
  let turns: Map<string, string>[] = []
  for (const { key, value } of matrix.entries) {
    if (key === 'include' || key === 'exclude') continue
    if (value.kind !== 'seq') return []
    const next = value.items.flatMap(item =>
      (turns.length > 0 ? turns : [new Map<string, string>()]).map(turn => new Map([...turn, ...valuesIn(key, item)])),
    )
    if (next.length > MOST_TURNS) return []
    turns = next
  }
  const include = childOf(matrix, 'include')
  if (include === undefined) return turns
  return include.kind === 'seq' ? included(turns, include.items).slice(0, MOST_TURNS) : []
}

/** An entry widens the turns whose own values it does not change, else it is a turn of its own. */
function included(turns: Map<string, string>[], items: readonly YamlNode[]): Map<string, string>[] {
  const made = turns.map(turn => new Map(turn))
  for (const item of items) {
    if (item.kind !== 'map') continue
    const values = mapValues(item)
    const fitting = made.filter((_, index) => {
      const own = turns[index]
      return own !== undefined && values.every(([name, text]) => !own.has(name) || own.get(name) === text)
    })
    if (fitting.length === 0) made.push(new Map(values))
    else for (const turn of fitting) for (const [name, text] of values) turn.set(name, text)
  }
  return made
}

function mapValues(map: YamlMap): [string, string][] {
  return map.entries.flatMap(({ key, value }) => valuesIn(key, value))
}

function valuesIn(name: string, node: YamlNode): [string, string][] {
  const key = name.toLowerCase()
  const text = textOf(node)
  if (text !== undefined) return [[`matrix.${key}`, text]]
  if (node.kind !== 'map') return []
  return node.entries.flatMap(({ key: inner, value }): [string, string][] => {
    const below = textOf(value)
    return below === undefined ? [] : [[`matrix.${key}.${inner.toLowerCase()}`, below]]
  })
}
