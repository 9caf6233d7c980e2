import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runGit } from '#demo/github/git-process.ts'

export type Commit = { date: string; files: Record<string, string | Buffer>; tag?: string }

/** The id that git gives to a file's content. */
export function blobOid(content: string | Buffer): string {
  const bytes = Buffer.from(content)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function* stream(commits: readonly Commit[], branch: string): Generator<string | Buffer> {
  for (const { date, files, tag } of commits) {
    const seconds = Date.parse(date) / 1000
    yield `commit refs/heads/${branch}\ncommitter Robin <robin@example.com> ${seconds} +0000\ndata 4\nWork\ndeleteall\n`
    for (const [path, content] of Object.entries(files)) {
      const bytes = Buffer.from(content)
      yield `M 100644 inline ${JSON.stringify(path)}\ndata ${bytes.length}\n`
      yield bytes
      yield '\n'
    }
    yield '\n'
    if (tag !== undefined) yield `reset refs/tags/${tag}\nfrom refs/heads/${branch}\n\n`
  }
}

/** Makes or continues `DIR/NAME.git` with these commits on its default branch, and says their ids, oldest first. */
export async function bareRepository(
  dir: string,
  name: string,
  commits: readonly Commit[] = [],
  branch = 'main',
): Promise<string[]> {
  const gitDir = join(dir, `${name}.git`)
  mkdirSync(gitDir, { recursive: true })
  await runGit(['init', '--quiet', '--bare', `--initial-branch=${branch}`, gitDir])
  if (commits.length === 0) return []
  await runGit([`--git-dir=${gitDir}`, 'fast-import', '--quiet', '--force'], stream(commits, branch))
  const log = await runGit([`--git-dir=${gitDir}`, 'rev-list', '--reverse', branch])
  return log.toString().trim().split('\n')
}
