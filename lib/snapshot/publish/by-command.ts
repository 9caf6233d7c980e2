/** What a command publishes. A dry run, a local target and a command that puts no file or package publish nothing. */
import type { Command } from '../commands.ts'
import { splitWords } from '../install/verdict.ts'
import type { Snapshot } from '../snapshot.ts'
import { goreleaserPuts, jreleaserPuts, semanticReleasePuts } from './by-release-tool.ts'
import { type Destination, hostOfImage, isRehearsal, type Put } from './destination.ts'
import { expanded, launched } from './launched.ts'

type Words = { rest: string[]; verb: string; flags: ReadonlyMap<string, string>; plain: string[]; command: Command }
type Rule = { program: RegExp; puts: (words: Words, repo: Snapshot) => Put[] }

const NOTHING: Put[] = []
const DRY = /^(?:--dry-?run(?:=true)?|--dry|--check|--help|-h|--version|-D\S*dry\.?run(?:=true)?)$/

export function putsOfCommand(repo: Snapshot, command: Command): Put[] {
  const [program = '', ...rest] = launched(command.argv).map(word => expanded(word, command.env))
  const isDry = [...command.env].some(([name, value]) => /^\w*DRY_?RUN$/.test(name) && value === 'true')
  if (isDry || rest.some(word => DRY.test(word))) return NOTHING
  const { flags, plain } = wordsOf(program, rest)
  const words = { rest, verb: plain[0] ?? '', flags, plain, command }
  const rules = RULES.filter(rule => rule.program.test(program))
  return rules.flatMap(rule => rule.puts(words, repo)).filter(({ host }) => !isRehearsal(host))
}

/** Options whose value is the next word, over all programs here; a switch of another program is never read as one. */
const TAKES_VALUE =
  /^(?:-[tFRnfpuTC]|--(?:title|notes|notes-file|repo|target|registry|repository|repository-url|publish-url|index|source|api-key|tag|config|key|host|token|token-key|filter|access|output|set|platform|file|build-arg|username|password|cwd|dir|prefix|destination))$/

const SHORT: readonly [RegExp, RegExp][] = [
  [/^(?:docker|podman|nerdctl)$/, /^-o$/],
  [/^dotnet$/, /^-[ks]$/],
  [/^(?:twine|poetry|hatch|pdm|maturin)$/, /^-r$/],
]

function wordsOf(program: string, rest: readonly string[]): { flags: ReadonlyMap<string, string>; plain: string[] } {
  const short = SHORT.find(([name]) => name.test(program))?.[1]
  const takesValue = short ? new RegExp(`${TAKES_VALUE.source}|${short.source}`) : TAKES_VALUE
  const split = splitWords(
    rest.map(text => ({ text, dynamic: false, start: 0, end: 0 })),
    takesValue,
  )
  const flags = new Map([...split.flags].map(([name, values]) => [name, values.map(({ text }) => text).join('\n')]))
  return { flags, plain: split.plain.map(({ text }) => text) }
}

/** The words of a command behind its program that are neither options nor their values. */
export function plainWords(argv: readonly string[]): string[] {
  const [program = '', ...rest] = launched(argv)
  return wordsOf(program, rest).plain
}

function put(to: Destination, host: string | null = null): Put[] {
  return [{ to, host }]
}

function images(references: readonly (string | undefined)[], to: 'container' | 'oci' = 'container'): Put[] {
  const [first] = references.filter(one => one !== undefined)
  return put(to, first === undefined ? null : hostOfImage(first))
}

function npmHost({ flags, command }: Words): string | null {
  return flags.get('--registry') ?? command.env.get('NPM_CONFIG_REGISTRY') ?? null
}

function pythonHost({ flags, command: { env } }: Words): string | null {
  const names = ['--repository', '-r', '--repository-url', '--publish-url', '--index']
  return (
    names.map(name => flags.get(name)).find(value => value !== undefined) ?? env.get('TWINE_REPOSITORY_URL') ?? null
  )
}

const onVerb =
  (verb: RegExp, to: Destination, host: (words: Words) => string | null = () => null): Rule['puts'] =>
  words =>
    verb.test(words.verb) ? put(to, host(words)) : NOTHING

const RULES: readonly Rule[] = [
  { program: /^(?:npm|pnpm|bun)$/, puts: onVerb(/^publish$/, 'npm', npmHost) },
  {
    program: /^npm$/,
    puts: words => (words.verb === 'stage' && words.plain[1] === 'publish' ? put('npm', npmHost(words)) : NOTHING),
  },
  {
    program: /^pnpm$/,
    puts: words => (words.verb === 'recursive' && words.plain[1] === 'publish' ? put('npm', npmHost(words)) : NOTHING),
  },
  {
    program: /^yarn$/,
    puts: words =>
      words.verb === 'publish' || /\bnpm publish\b/.test(words.plain.join(' ')) ? put('npm', npmHost(words)) : NOTHING,
  },
  { program: /^(?:lerna|changeset)$/, puts: onVerb(/^publish$/, 'npm', npmHost) },
  {
    program: /^nx$/,
    puts: ({ verb, plain, flags }) =>
      verb === 'release' && (plain[1] === 'publish' || (plain[1] === undefined && !flags.has('--skip-publish')))
        ? put('npm')
        : NOTHING,
  },
  { program: /^(?:jsr|deno)$/, puts: onVerb(/^publish$/, 'jsr') },
  {
    program: /^deno$/,
    puts: ({ verb, plain }) =>
      verb === 'run' && /^jsr:@david\/publish-on-tag\b/.test(plain[1] ?? '') ? put('jsr') : NOTHING,
  },
  {
    program: /^semantic-release$/,
    puts: ({ verb, command }, repo) =>
      verb === '' ? semanticReleasePuts(repo, command.cwd) : verb === 'publish' ? put('github-release') : NOTHING,
  },
  { program: /^twine$/, puts: onVerb(/^upload$/, 'pypi', pythonHost) },
  { program: /^(?:uv|poetry|flit|hatch|pdm|rye)$/, puts: onVerb(/^publish$/, 'pypi', pythonHost) },
  { program: /^maturin$/, puts: onVerb(/^(?:publish|upload)$/, 'pypi', pythonHost) },
  { program: /^cargo$/, puts: cargo },
  { program: /^release-plz$/, puts: onVerb(/^release$/, 'crates') },
  { program: /^gem$/, puts: onVerb(/^push$/, 'rubygems', ({ flags }) => flags.get('--host') ?? null) },
  {
    program: /^rake$/,
    puts: ({ plain }) => (plain.some(task => /^release(?::rubygem_push)?$/.test(task)) ? put('rubygems') : NOTHING),
  },
  {
    program: /^dotnet$/,
    puts: ({ plain, rest }) =>
      plain[0] === 'nuget' && plain[1] === 'push'
        ? put('nuget', /(?:^|\s)(?:--source|-s)[ =](\S+)/.exec(rest.join(' '))?.[1] ?? null)
        : NOTHING,
  },
  { program: /^nuget(?:\.exe)?$/, puts: onVerb(/^push$/, 'nuget') },
  { program: /^(?:mvn|mvnw|mvnd|mvnw\.cmd)$/, puts: maven },
  { program: /^(?:gradle|gradlew|gradlew\.bat)$/, puts: gradle },
  {
    program: /^(?:sbt|mill)$/,
    puts: ({ rest }) =>
      /\b(?:ci-release|publishSigned|sonatype\w*Release|publishAll|(?<!\w)publish)(?!\w*Local)\b/.test(rest.join(' '))
        ? put('maven')
        : NOTHING,
  },
  { program: /^jreleaser$/, puts: ({ verb }) => jreleaserPuts(verb) },
  {
    program: /^goreleaser$/,
    puts: ({ rest, command }, repo) => goreleaserPuts(repo, rest, command.cwd),
  },
  { program: /^gh$/, puts: gitHubRelease },
  {
    program: /^hub$/,
    puts: ({ plain, flags }) => (plain[1] === 'create' && flags.has('-a') ? put('github-release') : NOTHING),
  },
  { program: /^ghr$/, puts: () => put('github-release') },
  {
    program: /^cr$/,
    puts: onVerb(/^upload$/, 'github-release'),
  },
  { program: /^(?:docker|podman|buildah|nerdctl|img)$/, puts: docker },
  { program: /^(?:crane|gcrane|oras|regctl|flux|timoni|imgpkg|helm|apko|skopeo)$/, puts: copiers },
  { program: /^ko$/, puts: ko },
  {
    program: /^(?:executor|kaniko)$/,
    puts: ({ flags }) =>
      flags.has('--destination') && !flags.has('--no-push') ? images([flags.get('--destination')]) : NOTHING,
  },
  {
    program: /^pack$/,
    puts: ({ verb, plain, flags }) => (verb === 'build' && flags.has('--publish') ? images([plain[1]]) : NOTHING),
  },
  { program: /^az$/, puts: ({ plain }) => (plain[0] === 'acr' && plain[1] === 'build' ? put('container') : NOTHING) },
  {
    program: /^(?:mix|dart|flutter|pod|vsce|ovsx|luarocks|snapcraft|anaconda|choco)$/,
    puts: ({ plain }) =>
      /^(?:hex\.publish|pub publish|trunk push|publish|upload|push)\b/.test(plain.join(' ')) ? put('other') : NOTHING,
  },
]

function cargo({ plain, rest }: Words): Put[] {
  const [verb = '', second = ''] = plain.filter(word => !word.startsWith('+'))
  if (rest.includes('-n')) return NOTHING
  if (verb === 'publish' || (/^(?:ws|workspaces)$/.test(verb) && second === 'publish')) return put('crates')
  const goes = rest.some(word => /^(?:--execute|-x)$/.test(word)) && !rest.includes('--no-publish')
  return /^(?:release|smart-release)$/.test(verb) && goes ? put('crates') : NOTHING
}

function maven({ plain, rest }: Words): Put[] {
  const line = rest.join(' ')
  if (/-D(?:maven\.deploy\.skip|skipDeploy)(?:=true)?(?:\s|$)|alt\w*DeploymentRepository=\S*file:/.test(line))
    return NOTHING
  const goals = plain.filter(word => !word.includes('='))
  const jreleaser = goals.find(goal => /jreleaser[\w:.-]*:(?:full-release|release|deploy)$/.test(goal))
  if (jreleaser) return jreleaserPuts(jreleaser.split(':').at(-1) ?? '')
  if (goals.some(goal => /\bjib[\w.:-]*:build$/.test(goal))) return put('container')
  if (/-Dspring-boot\.build-image\.publish=true/.test(line)) return put('container')
  const deploys =
    /^(?:deploy|(?:.*:)?(?:deploy:deploy|release:perform|nexus-staging:(?:deploy|release)|central-publishing:publish))$/
  return goals.some(goal => deploys.test(goal)) ? put('maven', /github/i.test(line) ? 'github' : null) : NOTHING
}

function gradle({ plain, rest }: Words): Put[] {
  if (rest.includes('-m')) return NOTHING
  const tasks = plain.map(task => task.split(':').at(-1) ?? '')
  return tasks.flatMap(task => {
    if (/^jreleaser(?:FullRelease|Release|Deploy)$/.test(task)) return jreleaserPuts(task.slice(9))
    if (/^(?:jib|dockerPush\w*|pushImages?|dockerBuildxPush)$/.test(task)) return put('container')
    const isLocal = /Local|Staging\w*Repository$|ToTest|BuildRepo|PluginMarker\w*Local/i.test(task)
    return /^(?:publish(?:$|[A-Z])|uploadArchives$)/.test(task) && !isLocal
      ? put('maven', /GitHub/i.test(task) ? 'github' : null)
      : NOTHING
  })
}

const FILES = /file|asset|artifact|dist|path|pkg|package|archive|tarball|zip|bin|piped/i

function gitHubRelease({ plain }: Words): Put[] {
  if (plain[0] !== 'release') return NOTHING
  // The tag comes first, the files behind it; a lone variable there may as well hold options.
  const files = plain.slice(3).filter(word => !/^\$\{?\w+(?:\[[@*]\])?\}?$/.test(word) || FILES.test(word))
  if (plain[1] === 'upload') return put('github-release')
  return plain[1] === 'create' && files.length > 0 ? put('github-release') : NOTHING
}

function docker({ rest, plain, flags }: Words): Put[] {
  const [first, second, third] = plain
  if (first === 'push') return images([plain.slice(1).at(-1)])
  if (first === 'compose') return plain.includes('push') ? put('container') : NOTHING
  if ((first === 'manifest' || first === 'image') && second === 'push')
    return images([plain.find(word => word.startsWith('docker://')) ?? third])
  if (first === 'buildx' && second === 'imagetools' && third === 'create')
    return images([flags.get('-t') ?? flags.get('--tag')])
  const builds = first === 'build' || (first === 'buildx' && /^(?:build|bake|b|f)$/.test(second ?? ''))
  if (!builds || rest.includes('--push=false')) return NOTHING
  const outputs = `${flags.get('--output') ?? ''}\n${flags.get('-o') ?? ''}\n${flags.get('--set') ?? ''}`
  const pushes = flags.has('--push') || /type=registry|push=true/.test(outputs)
  // Pushed by digest alone nobody finds it by name; the step that names it publishes.
  if (!pushes || /push-by-digest=true/.test(outputs)) return NOTHING
  return images([flags.get('-t') ?? flags.get('--tag')])
}

const COPY: Readonly<Record<string, RegExp>> = {
  crane: /^(?:push|copy|cp)\b/,
  gcrane: /^(?:push|copy|cp)\b/,
  oras: /^(?:push|cp|copy)\b/,
  regctl: /^(?:image|artifact) (?:copy|cp|put)\b/,
  flux: /^push artifact\b/,
  timoni: /^(?:mod|artifact|bundle) push\b/,
  imgpkg: /^(?:push|copy)\b/,
  helm: /^(?:push|chart push|cm-push)\b/,
  apko: /^publish\b/,
  skopeo: /^(?:copy|sync)\b/,
}

function copiers({ plain, command, flags }: Words): Put[] {
  const program = launched(command.argv)[0] ?? ''
  if (COPY[program]?.test(plain.join(' ')) !== true) return NOTHING
  const target = program === 'apko' ? plain[2] : plain.at(-1)
  const isFile = /^(?:oci-layout|dir|oci|docker-archive|oci-archive|docker-daemon|containers-storage):(?!\/\/)/
  if (target !== undefined && isFile.test(plain.at(-1) ?? '')) return NOTHING
  if (flags.has('--to-oci-layout')) return NOTHING
  // These put charts, manifests and files into a registry; the others copy images.
  const to = /^(?:helm|flux|timoni|oras|imgpkg)$/.test(program) ? 'oci' : 'container'
  return images([plain.findLast(word => /^(?:oci|docker):\/\//.test(word)) ?? target], to)
}

function ko({ verb, flags, rest, command }: Words): Put[] {
  if (!/^(?:build|publish|resolve|apply|create)$/.test(verb)) return NOTHING
  const repository = command.env.get('KO_DOCKER_REPO') ?? null
  const isLocal = flags.has('--local') || flags.has('-L') || rest.includes('--push=false')
  if (isLocal || /^(?:ko|kind)\.local|^example\./.test(repository ?? '')) return NOTHING
  return put('container', repository === null ? null : (hostOfImage(repository) ?? repository))
}
