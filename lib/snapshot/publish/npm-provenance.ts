/** Whether npm attests a package as it publishes it: told to, or by itself where the workflow is its trusted publisher. */
import { isCommand, onceForUnit } from '../commands.ts'
import { npmrcValue, yamlValue } from '../install/npm-settings.ts'
import { isSet } from '../install/verdict.ts'
import type { Snapshot } from '../snapshot.ts'
import { folderOf, joined, jsonOf, tableOf } from '../workspaces.ts'
import type { PublishStep } from './publish.ts'
import { mayWrite } from './same-run.ts'

const SETTING = /^(?:npm_config_provenance|yarn_npm_publish_provenance)$/i
const TOKEN = /^(?:NODE_AUTH_TOKEN|(?:NPM|YARN)\w*TOKEN|NPM_CONFIG_\S*_AUTH\w*)$/i

/** What makes it attest; null where nothing does. */
export function npmProvenance(repo: Snapshot, step: PublishStep): string | null {
  const { call, unit } = step
  const words = isCommand(call) ? call.argv : []
  if (words.some(word => /^--provenance(?:=true)?$/.test(word))) return '`--provenance`'
  if (words.some(word => /^--(?:no-provenance|provenance=false)$/.test(word))) return null
  const told = [...call.env].find(([name]) => SETTING.test(name))
  if (told) return isSet(told[1]) ? `\`${told[0]}\`` : null
  if (!isCommand(call) && isSet(call.inputs.get('provenance'))) return '`provenance: true`'
  return (
    bySettings(repo, isCommand(call) ? call.cwd : null) ??
    (isTrustedPublisher(repo, { call, unit }) ? 'trusted publishing' : null)
  )
}

/** Without a token only npm's trusted publishing lets the workflow in, and that always attests. */
export function isTrustedPublisher(repo: Snapshot, { call, unit }: Pick<PublishStep, 'call' | 'unit'>): boolean {
  if (!mayWrite(repo, unit, 'id-token')) return false
  const isGiven = [...call.env].some(([name, value]) => TOKEN.test(name) && value.trim() !== '')
  const isInput = !isCommand(call) && (call.inputs.get('token') ?? '') !== ''
  return !isGiven && !isInput && !writesToken(unit, repo)
}

const writesToken = onceForUnit(({ commands }) =>
  commands.some(({ argv }) => argv.some(word => /_auth(?:Token)?\b/.test(word))),
)

/** A tool that publishes several packages takes each one's own word; one that says so shows the way is in use. */
function bySettings(repo: Snapshot, cwd: string | null): string | null {
  for (const folder of new Set([cwd ?? '', ''])) {
    const npmrc = repo.files.get(joined(folder, '.npmrc'))
    if (npmrc && isSet(npmrcValue(npmrc, 'provenance'))) return `\`${npmrc.path}\``
    const yarnrc = repo.files.get(joined(folder, '.yarnrc.yml'))
    if (yarnrc && isSet(yamlValue(yarnrc, 'npmPublishProvenance'))) return `\`${yarnrc.path}\``
  }
  const manifests = [...repo.files.keys()].filter(path => /(?:^|\/)package\.json$/.test(path))
  const own = manifests.filter(path => folderOf(path) === cwd)
  const isPrivate = own.some(path => jsonOf(repo, path)?.private === true)
  const asked = own.length > 0 && !isPrivate && cwd !== '' ? own : manifests
  const found = asked.find(path => tableOf(jsonOf(repo, path)?.publishConfig)?.provenance === true)
  return found === undefined ? null : `\`publishConfig\` of \`${found}\``
}
