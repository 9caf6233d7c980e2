/** Which commands of an image build fetch dependencies, which build, and which of them can reach the network. */
import { type Command, commandsOf } from '../commands.ts'
import { composeServicesOf } from '../compose/read.ts'
import { npmCommandOf } from '../install/npm-family.ts'
import { isSet } from '../install/verdict.ts'
import { pathsOf } from '../lockfile/read.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { folderOf, joined, resolved } from '../workspaces.ts'
import { childOf, textOf } from '../yaml.ts'
import type { DockerInstruction } from './read.ts'

/** `fetch` only brings dependencies; `install` brings and places them, or places what was fetched; `build` makes the product. */
export type BuildStep = {
  kind: 'fetch' | 'install' | 'build'
  offline: boolean
  command: Command
  /** The RUN that it belongs to, through the scripts that the RUN calls. */
  run: DockerInstruction
}

type Tool = {
  fetch?: RegExp
  install?: RegExp
  build?: RegExp
  flag?: RegExp
  env?: (env: ReadonlyMap<string, string>) => boolean
}
const env = (name: string) => (all: ReadonlyMap<string, string>) => isSet(all.get(name))
const PIP: Tool = {
  fetch: /^(?:download|wheel)\b/,
  install: /^install\b/,
  flag: /\s--no-index\b/,
  env: env('PIP_NO_INDEX'),
}
const MAVEN: Tool = {
  fetch: /\b(?:dependency:(?:go-offline|resolve)|go-offline-maven-plugin|dependency:resolve-plugins)\b/,
  build: /\b(?:package|install|verify|compile|test|deploy)\b/,
  flag: /\s(?:-o|--offline|-\w*o\w*)(?=\s|$)/,
}
const GRADLE: Tool = {
  fetch: /\b(?:dependencies|downloadDependencies|resolveDependencies)\b/,
  build: /\b(?:\w*[bB]uild|assemble|\w*[jJ]ar|installDist|test|check|publish\w*)\b/,
  flag: /\s--offline\b/,
}

/** Held against the words behind the program's name. */
const TOOLS: Readonly<Record<string, Tool>> = {
  pip: PIP,
  pip3: PIP,
  uv: {
    install: /^(?:sync|pip (?:install|sync))\b/,
    build: /^(?:run|build)\b/,
    flag: /\s--(?:offline|no-index)\b/,
    env: env('UV_OFFLINE'),
  },
  poetry: { install: /^(?:install|sync)\b/, build: /^build\b/ },
  pdm: { install: /^(?:install|sync)\b/, build: /^build\b/ },
  pipenv: { install: /^(?:install|sync)\b/ },
  go: {
    fetch: /^mod (?:download|vendor|tidy)\b/,
    install: /^(?:get\b|install\b.*@)/,
    build: /^(?:build|install|test|run|generate)\b/,
    flag: /\s-mod=vendor\b/,
    env: all => /-mod=vendor\b/.test(all.get('GOFLAGS') ?? '') || all.get('GOPROXY') === 'off',
  },
  cargo: {
    fetch: /^(?:fetch|vendor)\b/,
    install: /^(?:binstall\b|install\b(?!.*--path))/,
    build: /^(?:build|b|check|test|run|rustc|install|chef cook|zigbuild|leptos build)\b/,
    flag: /\s--(?:offline|frozen)\b/,
    env: env('CARGO_NET_OFFLINE'),
  },
  mvn: MAVEN,
  mvnw: MAVEN,
  gradle: GRADLE,
  gradlew: GRADLE,
  dotnet: {
    fetch: /^restore\b/,
    install: /^tool install\b/,
    build: /^(?:build|publish|pack|test)\b/,
    flag: /\s--no-(?:restore|build)\b/,
  },
  bundle: { fetch: /^(?:cache|package)\b/, install: /^(?:install\b|$)/, build: /^exec\b/, flag: /\s--local\b/ },
  gem: { fetch: /^fetch\b/, install: /^install\b/, flag: /\s--local\b/ },
  composer: { install: /^(?:install|update|require)\b/, env: env('COMPOSER_DISABLE_NETWORK') },
  mix: { fetch: /^deps\.get\b/, build: /^(?:compile|release|deps\.compile|assets\.deploy)\b/ },
}

/** Of one Dockerfile, in the order of its stages. */
export function buildStepsOf(repo: Snapshot, file: SourceFile): BuildStep[] {
  const units = commandsOf(repo).units.filter(unit => unit.kind === 'stage' && unit.file === file)
  return units.flatMap(({ stage, commands }) => {
    let run: DockerInstruction | undefined
    return commands.flatMap(command => {
      const { place } = command
      // A script that the RUN calls stands in another file, and its commands come behind the call.
      if (place.file === file)
        run = stage?.instructions.find(({ start, end }) => start <= place.start && place.start < end)
      const step = run ? stepOf(repo, command) : null
      if (!step || !run) return []
      return [{ ...step, offline: step.offline || run.flags.includes('network=none'), command, run }]
    })
  })
}

function stepOf(repo: Snapshot, command: Command): Pick<BuildStep, 'kind' | 'offline'> | null {
  // `xx-go` is Go for another platform.
  const program = (command.argv[0] ?? '').replace(/^.*\//, '').replace(/^xx-(?=go$|cargo$)/, '')
  if (/^(?:npm|yarn|pnpm|bun)$/.test(program)) return nodeStep(command, program)
  const isModule = /^python[\d.]*$/.test(program) && command.argv[1] === '-m' && /^pip3?$/.test(command.argv[2] ?? '')
  const [name, from] = isModule ? ['pip', 3] : [program, 1]
  const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined
  if (!tool) return null
  const words = command.argv.slice(from)
  const plain = words.filter(word => !/^[-+]/.test(word)).join(' ')
  const line = words.join(' ')
  const kind = (['fetch', 'install', 'build'] as const).find(
    one => tool[one]?.test(plain) || (one !== 'build' && tool[one]?.test(line)),
  )
  if (!kind) return null
  const vendored = name === 'go' && pathsOf(repo).has(joined(command.cwd ?? '', 'vendor/modules.txt'))
  return { kind, offline: vendored || tool.flag?.test(` ${line}`) === true || tool.env?.(command.env) === true }
}

function nodeStep(command: Command, program: string): Pick<BuildStep, 'kind' | 'offline'> | null {
  const install = npmCommandOf(command)
  const offline =
    command.argv.includes('--offline') ||
    isSet(command.env.get('npm_config_offline') ?? command.env.get('NPM_CONFIG_OFFLINE')) ||
    command.env.get('YARN_ENABLE_NETWORK') === 'false'
  if (install) {
    if (install.verb === 'rebuild') return null
    return { kind: install.verb === 'fetch' ? 'fetch' : 'install', offline }
  }
  const verb = command.argv.slice(1).find(word => !word.startsWith('-')) ?? ''
  const runs = program === 'npm' ? /^(?:run|run-script|test|exec)$/ : /^(?:run|test|exec|build\S*|workspace|nx|turbo)$/
  // `npm config`, `yarn cache clean` and the like build nothing; a script is only ever offline by its RUN.
  return runs.test(verb) ? { kind: 'build', offline: false } : null
}

/** Dockerfiles that are built without a network at all. */
export function builtWithoutNetwork(repo: Snapshot): Set<string> {
  const found = new Set<string>()
  const add = (context: string | null, file: string | undefined) => {
    if (context !== null) found.add(joined(context, file ?? 'Dockerfile'))
  }
  const { units, commands } = commandsOf(repo)
  for (const { name, inputs } of units.flatMap(({ actions }) => actions))
    if (name === 'docker/build-push-action' && inputs.get('network') === 'none') {
      const file = inputs.get('file')
      if (file === undefined) add(resolved('', inputs.get('context') ?? '.'), undefined)
      else found.add(resolved('', file) ?? '')
    }
  for (const { argv, cwd } of commands) {
    const isBuild =
      /^(?:docker|podman|buildah|nerdctl)$/.test(argv[0] ?? '') &&
      argv.slice(1, 3).some(word => /^bu(?:ild|d)$/.test(word))
    const isOff = argv.some(
      (word, at) => word === '--network=none' || (word === '--network' && argv[at + 1] === 'none'),
    )
    if (!isBuild || !isOff || cwd === null) continue
    const at = argv.findIndex(word => word === '-f' || word === '--file')
    const context = argv.at(-1) ?? '.'
    if (at !== -1) found.add(resolved(cwd, argv[at + 1] ?? '') ?? '')
    else if (!context.startsWith('-')) add(resolved(cwd, context), undefined)
  }
  for (const { file, node } of composeServicesOf(repo).services) {
    const build = childOf(node, 'build')
    if (textOf(childOf(build, 'network')) === 'none')
      add(resolved(folderOf(file.path), textOf(childOf(build, 'context')) ?? '.'), textOf(childOf(build, 'dockerfile')))
  }
  return found
}
