/** Whether what an image starts with checks its own files first. */

import { scriptsOf } from '../package-scripts.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { folderOf, joined } from '../workspaces.ts'
import type { DockerStage } from './read.ts'
import { scriptNamed, startOf } from './user.ts'

const VERIFIES =
  /\bsha(?:1|224|256|384|512)?sum\s+(?:[\w-]+\s+)*(?:-\w*c\b|--check\b)|\bcosign\s+verify|\bgpgv?\s+(?:--\w+\s+)*--verify|\bminisign\s+-\w*V|\b(?:verify|check)[-_]?(?:integrity|files|manifest|checksums?)\b|\bintegrity[-_]?(?:check(?:er)?|verify)\b/

/** By the words of ENTRYPOINT and CMD, the script of the repository that they run, or the package.json script. */
export function verifiesAtStart(repo: Snapshot, file: SourceFile, stage: DockerStage): boolean {
  return (['ENTRYPOINT', 'CMD'] as const).some(keyword => {
    const start = startOf(stage, keyword)
    if (!start) return false
    const words = start.exec?.map(({ text }) => text).join(' ') ?? file.text.slice(start.start, start.end)
    if (VERIFIES.test(words)) return true
    const names = words.match(/[\w.-]+\.(?:sh|bash)\b|[\w.-]*entrypoint[\w.-]*/g) ?? []
    if (names.some(name => VERIFIES.test(scriptNamed(repo, file, name)?.text ?? ''))) return true
    const [, script] = /\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(start|[\w:-]+)/.exec(words) ?? []
    const manifest = repo.files.get(joined(folderOf(file.path), 'package.json')) ?? repo.files.get('package.json')
    return script !== undefined && manifest !== undefined && VERIFIES.test(scriptsOf(manifest).get(script)?.text ?? '')
  })
}
