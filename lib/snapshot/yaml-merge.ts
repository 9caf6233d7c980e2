/** What `<<` brings into a map, for both readers of YAML. */
import type { YamlMap, YamlNode } from './yaml.ts'

/** Merged keys of a document: more are a bomb, for each of them is an entry of its own. */
export const MOST_MERGED = 2_000

/** Adds the entries of a map, or of a list of maps, that `into` does not have itself, behind its own; returns how many. */
export function mergeEntries(into: YamlMap, from: YamlNode): number {
  const before = into.entries.length
  for (const source of from.kind === 'seq' ? from.items : [from]) {
    if (source.kind !== 'map' || source === into) continue
    const own = new Set(into.entries.map(entry => entry.key))
    const added = source.entries.filter(entry => !own.has(entry.key)).slice(0, MOST_MERGED + 1)
    into.entries.push(...added)
  }
  return into.entries.length - before
}
