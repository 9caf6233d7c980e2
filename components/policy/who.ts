import { namesAt, saidAt, wordsAt } from './drafting.tsx'

/** Of which repositories a group is, in a line; also while that is being written. */
export function whoOf(match: unknown): string {
  const of = (kind: string, path: readonly string[]) => {
    const words = wordsAt(match, path)
    return words && `${kind} ${words.join(' or ')}`
  }
  const properties = namesAt(match, ['properties']).map(name => of(name, ['properties', name]))
  return [of('topic', ['topics']), of('team', ['teams']), ...properties, saidAt(match, ['visibility'])]
    .filter(Boolean)
    .join(', ')
}
