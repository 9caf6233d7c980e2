import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileMap } from './files.ts'
import type { PlannedCommit } from './history.ts'

/** A tag on one of the commits, by its place in the list. */
export type PlannedTag = { name: string; commit: number }

/** Writes a bare repository with these commits and tags; answers with the ids of the commits, in order. */
export async function writeRepository(
  path: string,
  branch: string,
  commits: readonly PlannedCommit[],
  tags: readonly PlannedTag[],
): Promise<string[]> {
  await makeBare(path, branch)
  if (commits.length === 0) return []
  const marks = join(path, 'marks')
  await fastImport(path, marks, streamOf(branch, commits, tags))
  const ids = (await readFile(marks, 'utf8')).trimEnd().split('\n')
  await rm(marks)
  return commits.map((_, index) => {
    const line = ids.find(mark => mark.startsWith(`:${index + 1} `))
    if (line === undefined) throw new Error(`git fast-import did not tell the id of commit ${index + 1} in ${path}.`)
    return line.slice(line.indexOf(' ') + 1)
  })
}

/** The few files that make a folder a bare repository; a process of `git init` for each would cost more than all commits. */
async function makeBare(path: string, branch: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  await Promise.all(
    ['objects/pack', 'objects/info', 'refs/heads', 'refs/tags'].map(folder =>
      mkdir(join(path, folder), { recursive: true }),
    ),
  )
  await writeFile(join(path, 'HEAD'), `ref: refs/heads/${branch}\n`)
  await writeFile(join(path, 'config'), '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n')
}

function fastImport(path: string, marks: string, stream: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = ['-c', 'fastimport.unpackLimit=0', '-c', 'pack.threads=1', `--git-dir=${path}`]
    const git = spawn('git', [...options, 'fast-import', '--quiet', `--export-marks=${marks}`], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let words = ''
    git.stderr.setEncoding('utf8').on('data', chunk => {
      words += chunk
    })
    git.on('error', reject)
    git.on('close', code =>
      code === 0 ? resolve() : reject(new Error(`git fast-import failed for ${path}: ${words}`)),
    )
    // When git dies early the pipe breaks too; its exit status, with its words, is the better report.
    git.stdin.on('error', error => {
      words += error.message
    })
    git.stdin.end(stream)
  })
}

function streamOf(branch: string, commits: readonly PlannedCommit[], tags: readonly PlannedTag[]): Buffer {
  const parts: string[] = []
  let before: FileMap = {}
  for (const [index, commit] of commits.entries()) {
    const who = `${commit.author} <${addressOf(commit.author)}> ${Math.floor(commit.date.getTime() / 1000)} +0000`
    parts.push(
      `commit refs/heads/${branch}\nmark :${index + 1}\nauthor ${who}\ncommitter ${who}\n${data(`${commit.message}\n`)}`,
    )
    parts.push(...differences(before, commit.files), '\n')
    before = commit.files
  }
  for (const tag of tags) parts.push(`reset refs/tags/${tag.name}\nfrom :${tag.commit + 1}\n\n`)
  return Buffer.from(parts.join(''))
}

function differences(before: FileMap, after: FileMap): string[] {
  const gone = Object.keys(before).filter(path => !(path in after))
  const changed = Object.entries(after).filter(([path, content]) => before[path] !== content)
  return [
    ...gone.map(path => `D ${path}\n`),
    ...changed.map(([path, content]) => `M 100644 inline ${path}\n${data(content)}`),
  ]
}

function data(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`
}

function addressOf(author: string): string {
  const name = author
    .normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '')
    .toLowerCase()
  return `${name.replace(/[^a-z]+/g, '.').replace(/\.$/, '')}@northwind-labs.example`
}
