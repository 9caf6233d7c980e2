/** Whether new versions wait before they are taken: told to the update bot, or to the package manager of the folder. */
import { bunfigInstall, npmrcValue, settingsFiles, yamlValue } from './install/npm-settings.ts'
import { renovateSetting } from './renovate-rules.ts'
import type { Snapshot } from './snapshot.ts'
import type { EntryAtWork, RenovateAtWork } from './update-bots.ts'
import type { UpdateEntry } from './update-config.ts'
import { ancestorsOf, joined, jsonOf, tableOf, tomlOf } from './workspaces.ts'
import { childOf, itemsOf, textOf, type YamlNode } from './yaml.ts'

const MINUTES_A_DAY = 1440
const SECONDS_A_DAY = 86_400
const UPDATE_TYPES = ['major', 'minor', 'patch']

/** True where the entry's own cooldown keeps every update back for a day or more. Names taken out are a decision. */
export function entryWaits({ node }: UpdateEntry): boolean {
  const cooldown = childOf(node, 'cooldown')
  if (!cooldown) return false
  const included = listOf(cooldown, 'include')
  if (included && !included.includes('*')) return false
  if (listOf(cooldown, 'exclude')?.includes('*')) return false
  const days = (key: string) => Number(textOf(childOf(cooldown, key)) ?? 0)
  return days('default-days') >= 1 || UPDATE_TYPES.every(type => days(`semver-${type}-days`) >= 1)
}

function listOf(node: YamlNode, key: string): string[] | null {
  const list = childOf(node, key)
  return list ? itemsOf(list).flatMap(item => textOf(item) ?? []) : null
}

/** True where the package manager of each folder that the entry is about waits by itself. */
export function managersWait(repo: Snapshot, { entry, places }: EntryAtWork): boolean {
  return places.length > 0 && places.every(({ directory }) => managerWaits(repo, entry.ecosystem, directory.slice(1)))
}

function managerWaits(repo: Snapshot, ecosystem: string, folder: string): boolean {
  if (ecosystem === 'uv') return uvWaits(repo, folder)
  if (ecosystem !== 'npm' && ecosystem !== 'bun') return false
  const above = [folder, ...ancestorsOf(folder)]
  const has = (name: string) => above.some(at => repo.files.has(joined(at, name)))
  const values = (name: string, read: (file: Parameters<typeof npmrcValue>[0]) => unknown) =>
    settingsFiles(repo, null, folder, name).map(read)
  if (has('bun.lock'))
    return values('bunfig.toml', file => bunfigInstall(file).minimumReleaseAge).some(atLeast(SECONDS_A_DAY))
  if (has('pnpm-lock.yaml')) return pnpmWaits(repo, above, values)
  if (has('yarn.lock')) return values('.yarnrc.yml', file => yamlValue(file, 'npmMinimalAgeGate')).some(isYarnDay)
  return values('.npmrc', file => npmrcValue(file, 'min-release-age')).some(atLeast(1))
}

function pnpmWaits(
  repo: Snapshot,
  above: readonly string[],
  values: (name: string, read: (file: Parameters<typeof npmrcValue>[0]) => unknown) => unknown[],
): boolean {
  const told = [
    ...values('pnpm-workspace.yaml', file => yamlValue(file, 'minimumReleaseAge')),
    ...values('.npmrc', file => npmrcValue(file, 'minimum-release-age')),
  ].filter(value => value !== undefined)
  if (told.length > 0) return told.some(atLeast(MINUTES_A_DAY))
  // Since its version 11 pnpm waits for a day unless it is told otherwise.
  return above.some(at =>
    /^pnpm@(?:1[1-9]|[2-9]\d)\b/.test(String(jsonOf(repo, joined(at, 'package.json'))?.packageManager)),
  )
}

function atLeast(least: number): (value: unknown) => boolean {
  return value => Number(value) >= least
}

/** Yarn takes minutes, or a number with a unit. */
function isYarnDay(value: unknown): boolean {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)?$/.exec(String(value)) ?? []
  const days = { ms: 1 / 86_400_000, s: 1 / SECONDS_A_DAY, m: 1 / MINUTES_A_DAY, h: 1 / 24, d: 1, w: 7 }
  return Number(amount) * days[(unit ?? 'm') as keyof typeof days] >= 1
}

/** uv leaves out what is newer than a date or a span of time. */
function uvWaits(repo: Snapshot, folder: string): boolean {
  const own = tomlOf(repo, joined(folder, 'uv.toml'))?.['exclude-newer']
  const tool = tableOf(tomlOf(repo, joined(folder, 'pyproject.toml'))?.tool)
  const text = String(own ?? tableOf(tool?.uv)?.['exclude-newer'] ?? '')
  return /^\d{4}-\d\d-\d\d/.test(text) || isLong(text) || /^P(?:\d+[DWMY])/.test(text)
}

/** Renovate's ages: `3 days`, `1 week`. */
function isLong(age: unknown): boolean {
  const [, amount, unit = ''] = /^(\d+)\s*(h|hours?|d|days?|w|weeks?|months?|y|years?)\b/i.exec(String(age)) ?? []
  return Number(amount) >= (/^h/i.test(unit) ? 24 : 1)
}

/** Ecosystems of which Renovate takes some versions at once. */
export function unwaitedByRenovate(repo: Snapshot, { config, manifests }: RenovateAtWork): string[] {
  const wrong = manifests.filter(({ path, ecosystem, directory, managers }) => {
    if (managerWaits(repo, ecosystem, directory.slice(1))) return false
    return managers.some(manager =>
      UPDATE_TYPES.some(updateType => {
        const kind = { manager, path, updateType }
        const days = renovateSetting(config.layers, 'stabilityDays', kind)
        return !isLong(renovateSetting(config.layers, 'minimumReleaseAge', kind)) && !(Number(days) >= 1)
      }),
    )
  })
  return [...new Set(wrong.map(({ ecosystem }) => ecosystem))]
}
