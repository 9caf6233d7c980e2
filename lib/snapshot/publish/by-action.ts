/** What an action publishes, by its inputs. An action that only prepares, drafts or tags publishes nothing. */
import type { CalledAction } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { goreleaserPuts, jreleaserPuts, semanticReleasePuts } from './by-release-tool.ts'
import { type Destination, hostOfImage, isRehearsal, type Put } from './destination.ts'
import { expanded } from './launched.ts'

/** An input's value with what the environment says put in; '' where it is not given. */
type Input = (...names: string[]) => string
type Rule = { action: RegExp; puts: (input: Input, repo: Snapshot) => Put[] }

export function putsOfAction(repo: Snapshot, action: CalledAction): Put[] {
  const input: Input = (...names) => {
    const value = names.map(name => action.inputs.get(name)).find(one => one !== undefined) ?? ''
    return expanded(value, action.env).trim()
  }
  const rule = RULES.find(one => one.action.test(action.name))
  if (!rule || isTrue(input('dry-run', 'dry_run'))) return []
  return rule.puts(input, repo).filter(({ host }) => !isRehearsal(host))
}

function isTrue(value: string): boolean {
  return /^(?:true|yes|1)$/i.test(value)
}

/** False where the input says so, in words or as an expression that never holds. */
function isOn(value: string): boolean {
  return value !== '' && !/^(?:false|no|0)$|^\$\{\{\s*false\s*\}\}$/i.test(value)
}

function put(to: Destination, host: string | null = null): Put[] {
  return [{ to, host }]
}

const always = (to: Destination) => () => put(to)
const withFiles =
  (...names: string[]): Rule['puts'] =>
  input =>
    input(...names) === '' ? [] : put('github-release')

const RULES: readonly Rule[] = [
  {
    action:
      /^(?:softprops\/action-gh-release|crazy-max\/ghaction-github-release|marvinpinto\/action-automatic-releases)$/,
    puts: withFiles('files'),
  },
  { action: /^ncipollo\/release-action$/, puts: withFiles('artifacts', 'artifact') },
  {
    action:
      /^(?:svenstaro\/upload-release-action|taiki-e\/upload-rust-binary-action|(?:actions|shogo82148)\/(?:actions-)?upload-release-asset|abutler\/upload-release-assets|csexton\/release-asset-action|wangyoucao577\/go-release-action|houseabsolute\/actions-rust-release|alexellis\/upload-assets|helm\/chart-releaser-action|python-semantic-release\/(?:publish-action|upload-to-gh-release))$/,
    puts: always('github-release'),
  },
  { action: /^tauri-apps\/tauri-action$/, puts: withFiles('tagName', 'releaseId') },
  {
    action: /^samuelmeuli\/action-electron-builder$/,
    puts: input => (isOn(input('release')) ? put('github-release') : []),
  },
  {
    action: /^actions\/github-script$/,
    puts: input => (/\buploadReleaseAsset\b/.test(input('script')) ? put('github-release') : []),
  },
  {
    action: /^goreleaser\/goreleaser-action$/,
    puts: (input, repo) =>
      isTrue(input('install-only')) ? [] : goreleaserPuts(repo, argumentsOf(input('args')), input('workdir') || null),
  },
  {
    action: /^jreleaser\/release-action$/,
    puts: input =>
      jreleaserPuts(argumentsOf(input('arguments') || 'full-release').find(word => !word.startsWith('-')) ?? ''),
  },
  {
    action: /^(?:cycjimmy\/semantic-release-action|codfish\/semantic-release-action)$/,
    puts: (input, repo) => semanticReleasePuts(repo, input('working_directory') || null),
  },
  {
    action: /^(?:js-devtools\/npm-publish|changesets\/action\/publish)$/,
    puts: input => put('npm', input('registry') || null),
  },
  {
    action: /^pypa\/gh-action-pypi-publish$/,
    puts: input => put('pypi', input('repository-url', 'repository_url') || null),
  },
  {
    action: /^pyo3\/maturin-action$/,
    puts: input =>
      /^(?:publish|upload)$/.test(input('command'))
        ? put('pypi', /(?:--repository|-r)[= ](\S+)/.exec(input('args'))?.[1] ?? null)
        : [],
  },
  {
    action: /^jrubics\/poetry-publish$/,
    puts: input => put('pypi', input('repository_url', 'repository_name') || null),
  },
  { action: /^(?:katyo\/publish-crates|crate-ci\/release)$/, puts: always('crates') },
  {
    action: /^(?:release-plz|marcoieni)\/(?:action|release-plz-action)$/,
    puts: input => (input('command') === 'release-pr' ? [] : put('crates')),
  },
  {
    action: /^(?:rubygems\/release-gem|(?:cadwallion|discourse)\/publish-rubygems-action|dawidd6\/action-publish-gem)$/,
    puts: always('rubygems'),
  },
  { action: /^(?:gradle\/gradle-build-action|burrunan\/gradle-cache-action)$/, puts: gradleArguments },
  { action: /^samuelmeuli\/action-maven-publish$/, puts: always('maven') },
  { action: /^docker\/build-push-action$/, puts: buildAndPush },
  {
    action: /^docker\/bake-action$/,
    puts: input => (isOn(input('push')) || /type=registry|push=true/.test(input('set')) ? put('container') : []),
  },
  {
    action:
      /^(?:redhat-actions\/push-to-registry|noelware\/docker-manifest-action|int128\/docker-manifest-create-action|elgohr\/publish-docker-github-action|mr-smithers-excellent\/docker-build-push)$/,
    puts: input => put('container', input('registry') || hostOfImage(input('name', 'inputs', 'image'))),
  },
  { action: /^aevea\/action-kaniko$/, puts: input => put('container', input('registry') || null) },
  { action: /^appany\/helm-oci-chart-releaser$/, puts: input => put('oci', input('registry') || null) },
  {
    action:
      /^(?:haaleo\/publish-vscode-extension|snapcore\/action-publish|k-paxian\/dart-package-publisher|dart-lang\/setup-dart\/\.github\/workflows\/publish)/,
    puts: always('other'),
  },
]

/** The words of an input that is a command line. What an expression may make of it, every quoted branch, is read too. */
export function argumentsOf(text: string): string[] {
  const branches = [...text.matchAll(/'([^']*)'/g)].map(([, branch = '']) => branch)
  const chosen = text.startsWith('${{') ? (branches.find(one => /^release\b(?!.*--snapshot)/.test(one)) ?? '') : text
  return chosen
    .replace(/\$\{\{\s{0,100}(.{0,1000}?)\s{0,100}\}\}/g, '$${{$1}}')
    .split(/\s+/)
    .filter(word => word !== '')
}

function gradleArguments(input: Input): Put[] {
  return argumentsOf(input('arguments')).some(task => /^(?:.*:)?publish(?!\w*Local)\w*$/.test(task)) ? put('maven') : []
}

function buildAndPush(input: Input): Put[] {
  const outputs = input('outputs')
  const pushes = isOn(input('push')) || /type=registry|push=true/.test(outputs)
  // Pushed by digest alone nobody finds it by name; the step that names it publishes.
  if (!pushes || /push-by-digest=true/.test(outputs)) return []
  const [first] = input('tags').split(/[\n,]/)
  const name = /name=([^,\n]+)/.exec(outputs)?.[1]
  return put('container', hostOfImage(first?.trim() || name || ''))
}
