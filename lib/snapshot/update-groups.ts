/** Whether the minor and patch updates of everything come together in groups. */

import { renovateSetting } from './renovate-rules.ts'
import type { RenovateAtWork } from './update-bots.ts'
import type { UpdateEntry } from './update-config.ts'
import { childOf, itemsOf, textOf, type YamlNode } from './yaml.ts'

const TYPES = ['minor', 'patch']

/** Which of minor and patch updates come one by one; empty where every package of both is taken by a group. */
export function ungroupedTypes(entry: UpdateEntry): string[] {
  if (entry.joins !== null) return patternsOf(entry.node)?.includes('*') ? [] : TYPES
  const groups = childOf(entry.node, 'groups')
  const all = groups?.kind === 'map' ? groups.entries.map(({ value }) => value).filter(isOfVersions) : []
  return TYPES.filter(type => !isGrouped(all.filter(group => takesType(group, type))))
}

function isOfVersions(group: YamlNode): boolean {
  // Grouping by name makes one pull request a package, over all folders.
  if (textOf(childOf(group, 'group-by')) !== undefined) return false
  return (textOf(childOf(group, 'applies-to')) ?? 'version-updates') === 'version-updates'
}

function takesType(group: YamlNode, type: string): boolean {
  const types = itemsOf(childOf(group, 'update-types'))
  return types.length === 0 || types.some(one => textOf(one) === type)
}

/** One group of everything, or one of production and one of development dependencies. Names taken out are a decision. */
function isGrouped(groups: readonly YamlNode[]): boolean {
  const wide = groups.filter(group => patternsOf(group)?.includes('*') ?? true)
  const kinds = new Set(wide.map(group => textOf(childOf(group, 'dependency-type')) ?? 'all'))
  return kinds.has('all') || (kinds.has('production') && kinds.has('development'))
}

function patternsOf(node: YamlNode): string[] | null {
  const patterns = childOf(node, 'patterns')
  return patterns ? itemsOf(patterns).flatMap(item => textOf(item) ?? []) : null
}

/** Ecosystems of which Renovate leaves minor or patch updates ungrouped. */
export function ungroupedByRenovate({ config, manifests }: RenovateAtWork): string[] {
  const wrong = manifests.filter(({ path, managers }) =>
    managers.some(manager =>
      TYPES.some(updateType =>
        depTypesOf(manager).some(depType => {
          const name = renovateSetting(config.layers, 'groupName', { manager, path, updateType, depType })
          return typeof name !== 'string' || name === '' || /\{\{.*(?:dep|package)Name/.test(name)
        }),
      ),
    ),
  )
  return [...new Set(wrong.map(({ ecosystem }) => ecosystem))]
}

/** Rules often tell production from development; together they are everything. */
function depTypesOf(manager: string): string[] {
  return manager === 'npm' || manager === 'composer'
    ? [manager === 'npm' ? 'dependencies' : 'require', manager === 'npm' ? 'devDependencies' : 'require-dev']
    : ['']
}
