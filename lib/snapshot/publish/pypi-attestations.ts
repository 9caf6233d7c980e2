/** Whether PyPA's action attests what it uploads: from v1.11 on, under trusted publishing, unless told not to. */
import { isCommand } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { isFullSha, usesOf } from '../uses.ts'
import type { PublishStep } from './publish.ts'
import { mayWrite } from './same-run.ts'

/** What attests; null where nothing does. */
export function pypiAttests(repo: Snapshot, { call, unit }: PublishStep): string | null {
  if (isCommand(call) || call.name !== 'pypa/gh-action-pypi-publish') return null
  const isTrusted = mayWrite(repo, unit, 'id-token') && (call.inputs.get('password') ?? '') === ''
  if (!isTrusted || call.inputs.get('attestations') === 'false') return null
  return isOlder(versionOf(repo, call.ref, call.place.start, call.place.file.path)) ? null : call.name
}

/** The version that a ref stands for; null where that is not known (a branch of the action is its newest). */
function versionOf(repo: Snapshot, ref: string | null, start: number, path: string): string | null {
  if (ref === null || !isFullSha(ref)) return ref
  const comment = usesOf(repo).uses.find(({ place }) => place.start === start && place.file.path === path)?.comment
  return comment?.version ?? repo.refs.get(`pypa/gh-action-pypi-publish@${ref}`)?.version ?? null
}

function isOlder(version: string | null): boolean {
  const [, major = 1, minor = 99] = (/^v?(\d+)\.(\d+)/.exec(version ?? '') ?? []).map(Number)
  return major < 1 || (major === 1 && minor < 11)
}
