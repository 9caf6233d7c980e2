import { type FileMap, json, text } from './files.ts'
import type { Posture } from './posture.ts'
import type { RepositoryDescription } from './repository.ts'

type Place = { ecosystem: string; directory: string }

/** The configuration of the machine that keeps dependencies up to date. */
export function updateConfiguration(repository: RepositoryDescription, posture: Posture): FileMap {
  if (posture.updates === 'none') return {}
  if (posture.updates === 'renovate') return { 'renovate.json': renovate(posture) }
  const all = placesOf(repository, posture)
  const places = posture.updates === 'some' ? all.slice(0, 1) : all
  return { '.github/dependabot.yml': dependabot(places, posture) }
}

function placesOf(repository: RepositoryDescription, posture: Posture): Place[] {
  const parts = repository.parts ?? []
  return [
    ...parts.map(({ ecosystem, directory }) => ({ ecosystem, directory: `/${directory}` })),
    ...(repository.withoutCi ? [] : [{ ecosystem: 'github-actions', directory: '/' }]),
    ...parts
      .filter(part => part.image?.(posture))
      .map(({ directory }) => ({ ecosystem: 'docker', directory: `/${directory}` })),
  ]
}

function dependabot(places: readonly Place[], posture: Posture): string {
  const grouped = posture.updatePace === 'grouped'
  return text(
    posture.updates !== 'invalid' && 'version: 2',
    'updates:',
    places.flatMap(({ ecosystem, directory }) => [
      `  - package-ecosystem: ${ecosystem}`,
      `    directory: ${directory}`,
      '    schedule:',
      `      interval: ${posture.updatePace === 'monthly' ? 'monthly' : 'weekly'}`,
      ...(posture.updates === 'paused' ? ['    open-pull-requests-limit: 0'] : []),
      ...(grouped
        ? [
            '    groups:',
            '      minor:',
            "        patterns: ['*']",
            '        update-types: [minor, patch]',
            '    cooldown:',
            '      default-days: 7',
          ]
        : []),
    ]),
  )
}

function renovate(posture: Posture): string {
  const calm = posture.updatePace === 'grouped' ? { minimumReleaseAge: '7 days' } : {}
  return json({ extends: ['config:recommended', 'group:allNonMajor'], schedule: ['before 6am on monday'], ...calm })
}
