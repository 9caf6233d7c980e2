/** Whether Maven, Gradle and JReleaser sign what they publish, by their build files. */
import { isCommand } from '../commands.ts'
import { UnreadableFile } from '../lockfile/lockfile.ts'
import { type Pom, readPom } from '../manifest/pom.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, textOf } from '../yaml.ts'
import type { PublishStep } from './publish.ts'
import { jreleaserSettings } from './release-settings.ts'
import type { SignedState } from './signed.ts'

/** A key or its pass phrase that is handed to the build: nothing else asks for one. */
const KEY = /(?:gpg|pgp|sign(?:ing)?)\w*(?:key|pass|secret|password)|(?:key|pass\w*)\w*(?:gpg|pgp|signing)/i

const signed = (by: string): SignedState => ({ state: 'signed', by })

/** A parent that many take and that is known to sign nothing. */
const UNSIGNING = /:spring-boot-starter-parent$/

/** Maven Central takes nothing unsigned, so that what goes there is signed or fails. */
export function mavenSigns(repo: Snapshot, step: PublishStep): SignedState {
  const poms = textsOf(repo, /(?:^|\/)pom\.xml$/)
  const plugin = poms.find(({ text }) =>
    /<artifactId>(?:maven-gpg-plugin|sign-maven-plugin|sigstore-maven-plugin)</.test(text),
  )
  if (plugin) return signed(`the signing plugin of \`${plugin.path}\``)
  const key = keyFor(step)
  if (key) return signed(key)
  if (poms.some(({ text }) => /<artifactId>(?:central-publishing-maven-plugin|nexus-staging-maven-plugin)</.test(text)))
    return signed('what Maven Central demands')
  const projects = poms.flatMap(({ path }) => pomAt(repo, path) ?? [])
  const own = new Set(projects.map(({ group, artifact }) => `${group}:${artifact}`))
  const parent = projects.map(one => one.parent).find(name => name !== '' && !own.has(name) && !UNSIGNING.test(name))
  if (parent === undefined) return { state: 'unsigned' }
  return { state: 'unclear', reason: `whether the parent \`${parent}\`, which is not in this repository, signs` }
}

export function gradleSigns(repo: Snapshot, step: PublishStep): SignedState {
  const builds = textsOf(repo, /\.gradle(?:\.kts)?$|(?:^|\/)gradle\.properties$/)
  const plugin = builds.find(({ text }) =>
    /\bid\b[^\n]*["'](?:signing|dev\.sigstore\.sign)["']|["']signing["']|^\s*`?signing`?\s*(?:\{|$)|\bsignAllPublications\b|RELEASE_SIGNING_ENABLED\s*=\s*true|SigningExtension/m.test(
      withoutComments(text),
    ),
  )
  if (plugin) return signed(`the signing of \`${plugin.path}\``)
  if (/MavenCentral|Sonatype/i.test(step.by)) return signed('what Maven Central demands')
  const key = keyFor(step)
  if (key) return signed(key)
  // Plugins of the build that are written in Kotlin or Groovy are not read.
  const code = repo.tree.find(({ path }) =>
    /^(?:buildSrc|build-logic|build-plugins?|gradle)\/.*\.(?:kt|java|groovy)$/.test(path),
  )
  return code
    ? { state: 'unclear', reason: `whether the build's own plugin \`${code.path}\` signs` }
    : { state: 'unsigned' }
}

/** JReleaser signs where its `signing` is active, in a file of its own or in the build's. */
export function jreleaserSigns(repo: Snapshot, step: PublishStep): SignedState {
  const settings = jreleaserSettings(repo, isCommand(step.call) ? step.call.cwd : null)
  if (settings.state === 'read') {
    const active = textOf(childOf(childOf(settings.node, 'signing'), 'active')) ?? 'NEVER'
    return /^(?:NEVER|false)$/i.test(active) ? { state: 'unsigned' } : signed(`\`${settings.file.path}\``)
  }
  const builds = textsOf(repo, /\.gradle(?:\.kts)?$|(?:^|\/)pom\.xml$/)
  const found = builds.find(
    ({ text }) => text.includes('jreleaser') && /\bsigning\s*\{[^{}]{0,300}active|<signing>\s*<active>/.test(text),
  )
  if (found) return signed(`the signing of \`${found.path}\``)
  return settings.state === 'unread'
    ? { state: 'unclear', reason: `the settings \`${settings.path}\` could not be read` }
    : { state: 'unsigned' }
}

function pomAt(repo: Snapshot, path: string): Pom | null {
  const file = repo.files.get(path)
  try {
    return file ? readPom(file) : null
  } catch (error) {
    // Maven does not start with a pom that cannot be parsed; the checks of dependencies say so.
    if (error instanceof UnreadableFile) return null
    throw error
  }
}

function keyFor({ call, unit }: PublishStep): string | null {
  const env = [...call.env].find(([name, value]) => KEY.test(name) && value !== '')?.[0]
  if (env) return `the key in \`${env}\``
  const words = isCommand(call) ? call.argv.find(word => /^-[DP]?(?:gpg\.|signing|.*[sS]ign)/.test(word)) : undefined
  if (words) return `\`${words}\``
  const action = unit.actions.find(
    ({ name, inputs }) => /import-gpg|setup-gpg/.test(name) || inputs.has('gpg-private-key'),
  )
  return action ? `the key from ${action.name}` : null
}

function textsOf(repo: Snapshot, path: RegExp): { path: string; text: string }[] {
  return [...repo.files.values()].filter(file => path.test(file.path))
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:\/\/|#|\*).*$/gm, '')
}
