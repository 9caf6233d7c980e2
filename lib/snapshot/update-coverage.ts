/** Whether an update bot's configuration covers an ecosystem in a directory, and if not, what keeps it from that. */
import type { EcosystemPlace } from './ecosystems.ts'
import { type RenovateConfig, whyRenovateSkips } from './renovate.ts'
import { type DependabotConfig, excludesManifest, takesDirectory, type UpdateEntry } from './update-config.ts'
import { isWorkflowPath } from './workflow.ts'
import { folderOf } from './workspaces.ts'

/** `off`: an entry fits but makes no updates; `why` says what switched it off. `skipped`: Renovate leaves it out. */
export type Coverage =
  | { kind: 'covered' }
  | { kind: 'off'; entry: UpdateEntry; why: string }
  | { kind: 'skipped'; why: string }
  | { kind: 'missing' }

/** Ecosystems that Dependabot updates under another's name. */
const ALSO: Readonly<Record<string, readonly string[]>> = { terraform: ['opentofu'] }

/** Renovate's managers by Dependabot's ecosystems; where a name is missing here both say the same. */
const MANAGERS: Readonly<Record<string, readonly string[]>> = {
  bundler: ['bundler', 'bundler-gemspec'],
  docker: ['dockerfile'],
  npm: ['npm'],
  bun: ['npm', 'bun'],
  maven: ['maven', 'maven-wrapper'],
  gradle: ['gradle', 'gradle-wrapper'],
  helm: ['helmv3'],
  terraform: ['terraform'],
  gitsubmodule: ['git-submodules'],
  devcontainers: ['devcontainer'],
  bazel: ['bazel-module', 'bazel'],
}

export function coverageOf(
  place: EcosystemPlace,
  dependabot: DependabotConfig | null,
  renovate: RenovateConfig | null,
): Coverage {
  const fitting = (dependabot?.entries ?? []).filter(entry => fitsPlace(entry, place))
  if (fitting.some(entry => entry.off === null)) return { kind: 'covered' }
  const skipped = renovate && !renovate.invalid ? whySkipped(renovate, place) : undefined
  if (skipped === null) return { kind: 'covered' }
  const [off] = fitting
  if (off?.off) return { kind: 'off', entry: off, why: off.off }
  return skipped === undefined ? { kind: 'missing' } : { kind: 'skipped', why: skipped }
}

function whySkipped(renovate: RenovateConfig, place: EcosystemPlace): string | null {
  const reasons = place.paths.map(path => whyRenovateSkips(renovate, managersOf(place.ecosystem, path), path))
  return reasons.includes(null) ? null : (reasons[0] ?? null)
}

/** The managers by which Renovate updates a manifest. */
export function managersOf(ecosystem: string, path: string): readonly string[] {
  if (ecosystem !== 'pip' && ecosystem !== 'uv') return MANAGERS[ecosystem] ?? [ecosystem]
  if (path.endsWith('pyproject.toml')) return ['pep621', 'poetry']
  if (path.endsWith('Pipfile')) return ['pipenv']
  if (path.endsWith('setup.py')) return ['pip_setup']
  if (path.endsWith('setup.cfg')) return ['setup-cfg']
  return ['pip_requirements', 'pip-compile']
}

/** True where an entry is for this ecosystem and takes this directory. */
export function fitsPlace(entry: UpdateEntry, { ecosystem, directory, paths }: EcosystemPlace): boolean {
  if (entry.ecosystem !== ecosystem && !ALSO[ecosystem]?.includes(entry.ecosystem)) return false
  if (paths.every(path => excludesManifest(entry, directory, path))) return false
  if (takesDirectory(entry, directory)) return true
  if (ecosystem === 'github-actions' && directory === '/') {
    return paths.every(isWorkflowPath) && takesDirectory(entry, '/.github/workflows')
  }
  // Dependabot reads the requirement files of a directory and of the folders directly in it.
  const loose = ecosystem === 'pip' && directory !== '/' && paths.every(path => /\.(?:txt|in)$/.test(path))
  return loose && takesDirectory(entry, `/${folderOf(directory.slice(1))}`)
}
