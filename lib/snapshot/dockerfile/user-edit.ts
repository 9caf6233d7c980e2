/** Where and how to say that an image runs as a user other than root. */
import { lineBreakOf } from '../lines.ts'
import type { SourceFile } from '../snapshot.ts'
import { unprivilegedVariant, userInBase } from './base-users.ts'
import type { DockerStage } from './read.ts'
import { chainOf } from './user.ts'

/**
 * The user that the base or the stages bring, or else a number that needs no account; null for Windows,
 * and where another base has to be taken. */
export function userEdit(
  file: SourceFile,
  stage: DockerStage,
  base: string,
): { user: string; start: number; end: number; text: string } | null {
  if (
    unprivilegedVariant(base) !== null ||
    /windows|nanoserver/i.test(base) ||
    /escape=`/.test(file.text.slice(0, 200))
  )
    return null
  const user = userInBase(base) ?? accountMade(file, stage) ?? '65532:65532'
  const own = stage.instructions.filter(({ onbuild }) => !onbuild)
  const lineBreak = lineBreakOf(file.text)
  const needsRoot = own.findLastIndex(({ keyword }) => keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD')
  const said = own.findLastIndex(({ keyword }) => keyword === 'USER')
  const last = own[said]
  if (last && said > needsRoot) return { user, start: last.start, end: last.end, text: user }
  const start = own.slice(needsRoot + 1).find(({ keyword }) => keyword === 'ENTRYPOINT' || keyword === 'CMD')
  if (start) return { user, start: start.at, end: start.at, text: `USER ${user}${lineBreak}` }
  const end = own.at(-1)?.end ?? file.text.length
  return { user, start: end, end, text: `${lineBreak}USER ${user}` }
}

/** An account that the stages make and do not use. */
function accountMade(file: SourceFile, stage: DockerStage): string | null {
  for (const { instructions } of chainOf(stage))
    for (const { keyword, start, end } of instructions.toReversed()) {
      if (keyword !== 'RUN') continue
      const [, args = ''] = /\b(?:useradd|adduser)\b((?:[^&|;\n\\]|\\\r?\n)*)/.exec(file.text.slice(start, end)) ?? []
      const name = args
        .trim()
        .split(/\s+/)
        .findLast(word => /^[a-z_][a-z0-9_-]*$/.test(word))
      if (name !== undefined && name !== 'root') return name
    }
  return null
}
