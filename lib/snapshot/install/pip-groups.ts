/** Dependency groups of pyproject.toml on pip's command line: `--group NAME`, `--group path:NAME`. */
import type { Command } from '../commands.ts'
import { pythonName, readRequirement } from '../manifest/requirements.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { joined, resolved, stringsOf, type Table, tableOf, tomlOf } from '../workspaces.ts'
import { half, type InstallVerdict, shown, wrong } from './verdict.ts'

const DEEPEST = 8

/** Null where the group is not known here, or holds nothing. */
export function judgeGroup(repo: Snapshot, command: Command, { text, dynamic }: Word): InstallVerdict | null {
  const [, file = 'pyproject.toml', name = ''] = /^(?:(.+):)?([^:]+)$/.exec(text) ?? []
  const path = dynamic || command.cwd === null ? null : resolved(command.cwd, file)
  const groups = path === null ? null : tableOf(tomlOf(repo, path)?.['dependency-groups'])
  if (path === null || !groups) return null
  const asked = requirementsOf(groups, name, 0).flatMap(line => readRequirement(line, 1) ?? [])
  if (asked.length === 0) return null
  const lock = joined(path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '', 'uv.lock')
  const advice = `Run \`uv sync --locked --only-group ${name}\` by a committed \`${lock}\`, or compile the group with hashes (\`uv pip compile --group ${name} --generate-hashes\`) and write \`pip install --require-hashes -r FILE\`.`
  const loose = asked.filter(({ exact }) => !exact).map(one => `\`${one.name}\``)
  if (loose.length === 0)
    return half(
      `\`${shown(command)}\` fixes the versions of the group \`${name}\` but not their content: no lock or hash covers them. ${advice}`,
    )
  const some = `${loose.slice(0, 3).join(', ')}${loose.length > 3 ? ` and ${loose.length - 3} more` : ''}`
  return wrong(
    `\`${shown(command)}\` takes whatever is newest of ${some}, which the group \`${name}\` of \`${path}\` does not fix. ${advice}`,
  )
}

function requirementsOf(groups: Table, name: string, depth: number): string[] {
  const listed = groups[Object.keys(groups).find(key => pythonName(key) === pythonName(name)) ?? '']
  if (!Array.isArray(listed) || depth > DEEPEST) return []
  const included = listed.flatMap(item => {
    const other = tableOf(item)?.['include-group']
    return typeof other === 'string' ? requirementsOf(groups, other, depth + 1) : []
  })
  return [...stringsOf(listed), ...included]
}
