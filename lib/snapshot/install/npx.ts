/** Packages that are fetched and run in one go: npx, dlx, bunx. */
import { beforeOf, type Command } from '../commands.ts'
import { pathsOf, readLockfile } from '../lockfile/read.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { ancestorsOf, joined, jsonOf, tableOf } from '../workspaces.ts'
import { pinOf, plainName } from './npm.ts'
import { npmCommandOf } from './npm-family.ts'
import { type InstallVerdict, RIGHT, shown, splitWords, wrong } from './verdict.ts'

const TAKES_VALUE =
  /^(?:-p|-c|-w|--(?:package|call|workspace|registry|cache|userconfig|prefix|loglevel|C|dir|filter|node-options|shell))$/
const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']
/** Programs whose package has another name; without it a lock would seem not to have them. */
const PROGRAM_OF: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  tsserver: 'typescript',
  ng: '@angular/cli',
  changeset: '@changesets/cli',
  cap: '@capacitor/cli',
  sb: 'storybook',
  vsce: '@vscode/vsce',
  nest: '@nestjs/cli',
  remix: '@remix-run/dev',
  ncc: '@vercel/ncc',
  'vue-cli-service': '@vue/cli-service',
  biome: '@biomejs/biome',
  attw: '@arethetypeswrong/cli',
  depcruise: 'dependency-cruiser',
  tailwindcss: '@tailwindcss/cli',
  openapi: 'openapi-typescript-codegen',
  webpack: 'webpack-cli',
  babel: '@babel/cli',
  nuxi: 'nuxt',
  lhci: '@lhci/cli',
  swc: '@swc/cli',
  graphql: 'graphql-cli',
  ncu: 'npm-check-updates',
  cdk: 'aws-cdk',
  esmo: 'esno',
  sls: 'serverless',
  playwright: '@playwright/test',
}

/** Null where the command is none of these, or runs what only a run could tell. */
export function judgeNpx(repo: Snapshot, command: Command): InstallVerdict | null {
  const rest = runnerWords(command.words)
  if (!rest) return null
  const { flags, plain } = splitLeading(rest)
  if (['--no', '--no-install', '--offline', '-v', '--version', '--help', '-h'].some(flag => flags.has(flag)))
    return flags.has('--no') || flags.has('--no-install') || flags.has('--offline') ? RIGHT : null
  const named = [...(flags.get('-p') ?? []), ...(flags.get('--package') ?? [])]
  const packages = named.length > 0 ? named : plain.slice(0, 1)
  const pins = packages
    .map(word => ({ word, pin: pinOf(word.text, word.dynamic) }))
    .filter(({ pin }) => pin !== 'unclear')
  if (pins.length === 0) return null
  const loose = pins.find(({ word, pin }) => pin === 'loose' && !isLocked(repo, command, word.text))
  if (!loose) return RIGHT
  if (command.cwd === null && !/@/.test(loose.word.text.slice(1))) return null
  // What an earlier command of the job installed is there; that command is judged in its own right.
  if (command.argv[1] !== 'dlx' && isInstalledBefore(command, loose.word.text)) return null
  const name = plainName(loose.word.text)
  const reason =
    name === loose.word.text
      ? 'it is neither in a lock nor versioned'
      : `\`${loose.word.text}\` names only a range or tag`
  return wrong(
    `\`${shown(command)}\` fetches and runs whatever version of \`${name}\` is newest: ${reason}. Add ${name} to devDependencies, or write an exact version, \`${name}@x.y.z\`.`,
  )
}

function runnerWords(words: readonly Word[]): readonly Word[] | null {
  const [program = '', first = ''] = words.map(({ text }) => text)
  if (/^(?:npx|bunx|pnpx)(?:\.cmd)?$/.test(program)) return words.slice(1)
  if (program === 'npm' && /^(?:exec|x)$/.test(first)) return words.slice(2)
  if ((program === 'pnpm' || program === 'yarn') && first === 'dlx') return words.slice(2)
  return program === 'bun' && first === 'x' ? words.slice(2) : null
}

/** The runner's own flags stand before the package; what follows belongs to the program. */
function splitLeading(words: readonly Word[]): { flags: ReadonlyMap<string, Word[]>; plain: Word[] } {
  let at = 0
  while (words[at]?.text.startsWith('-')) {
    if (words[at]?.text === '--') break
    at += TAKES_VALUE.test(words[at]?.text ?? '') ? 2 : 1
  }
  const own = splitWords(words.slice(0, at), TAKES_VALUE)
  return { flags: own.flags, plain: words.slice(words[at]?.text === '--' ? at + 1 : at) }
}

/** True where the folder's package or its workspace has it: a lock, or where there is none of ours to read, a declaration. */
function isLocked(repo: Snapshot, command: Command, spec: string): boolean {
  // `dlx` and a tag never look at the lock.
  if (/^@?[^@]+@/.test(spec) || command.argv[1] === 'dlx' || command.cwd === null) return false
  const fits = (name: string) => isProgramOf(name, spec)
  const paths = pathsOf(repo)
  for (const folder of [command.cwd, ...ancestorsOf(command.cwd)]) {
    const manifest = jsonOf(repo, joined(folder, 'package.json'))
    const declared = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap(key =>
      Object.keys(tableOf(manifest?.[key]) ?? {}),
    )
    if (declared.some(fits) || manifest?.name === spec || typeof tableOf(manifest?.bin)?.[spec] === 'string')
      return true
    for (const path of LOCKS.map(name => joined(folder, name)).filter(one => paths.has(one))) {
      const file = repo.files.get(path)
      const read = file ? readLockfile(file) : null
      // A lock that cannot be read may hold it.
      if (
        !read?.ok ||
        read.lock.entries.some(({ name }) => fits(name)) ||
        new RegExp(`"${spec.replace(/\W/g, '\\$&')}": "[^"]*\\.[cm]?js"`).test(file?.text ?? '')
      )
        return true
    }
  }
  return false
}

/** Whether a package may bring a program of that name: its own name, a scope's, or one that is known to differ. */
function isProgramOf(name: string, spec: string): boolean {
  if (name === spec || name === PROGRAM_OF[spec] || name === `${spec}-cli`) return true
  return name.startsWith('@') && (name.endsWith(`/${spec}`) || name === `@${spec}/cli`)
}

function isInstalledBefore(command: Command, spec: string): boolean {
  return addedBefore(command).some(earlier =>
    npmCommandOf(earlier)?.packages.some(({ text }) => isProgramOf(plainName(text), plainName(spec))),
  )
}

const addedBefore = beforeOf(earlier => npmCommandOf(earlier)?.verb === 'add')
