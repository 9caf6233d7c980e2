/** What the tools that do a whole release publish, by their settings. */
import type { Snapshot } from '../snapshot.ts'
import { joined, jsonOf } from '../workspaces.ts'
import { childOf, itemsOf, textOf } from '../yaml.ts'
import type { Put } from './destination.ts'
import { goreleaserSettings, semanticReleasePlugins, semanticReleaseSettings } from './release-settings.ts'

/** GoReleaser puts release files, and images where its settings build some. A snapshot stays on the machine. */
export function goreleaserPuts(repo: Snapshot, args: readonly string[], cwd: string | null): Put[] {
  const [verb] = args.filter(word => !word.startsWith('-'))
  const skipped = args.map(word => /^--skip(?:=|-)(.*)$/.exec(word)?.[1] ?? '').join(',')
  const isNamed = args.includes('--skip') ? (args[args.indexOf('--skip') + 1] ?? '') : ''
  const isRehearsal = args.some(word => /^--(?:snapshot|dry-run)(?:=true)?$/.test(word))
  if (!/^(?:release|publish|r)$/.test(verb ?? '') || isRehearsal || /\bpublish\b/.test(`${skipped},${isNamed}`))
    return []
  const settings = goreleaserSettings(repo, args, cwd)
  const node = settings.state === 'read' ? settings.node : undefined
  const puts: Put[] = []
  const release = childOf(node, 'release')
  const disabled = textOf(childOf(release, 'disable')) === 'true' || textOf(childOf(release, 'skip_upload')) === 'true'
  if (!disabled) puts.push({ to: 'github-release', host: null })
  const images = ['dockers', 'dockers_v2', 'docker_manifests', 'kos'].some(
    key => itemsOf(childOf(node, key)).length > 0,
  )
  const skipsImages = /\b(?:docker|ko)\b/.test(`${skipped},${isNamed}`)
  if (images && !skipsImages) puts.push({ to: 'container', host: null })
  return puts
}

export function jreleaserPuts(verb: string): Put[] {
  const does = verb.toLowerCase().replaceAll('-', '')
  if (does === 'deploy') return [{ to: 'maven', host: null }]
  return /^(?:fullrelease|release|upload)$/.test(does) ? [{ to: 'github-release', host: null }] : []
}

/** The plugins say: npm unless the package is private, release files only where some are named. */
export function semanticReleasePuts(repo: Snapshot, cwd: string | null): Put[] {
  const plugins = semanticReleasePlugins(semanticReleaseSettings(repo, cwd))
  const puts: Put[] = []
  const isPrivate = jsonOf(repo, joined(cwd ?? '', 'package.json'))?.private === true
  const npm = plugins.get('@semantic-release/npm')
  if (plugins.has('@semantic-release/npm') && !isPrivate && textOf(childOf(npm, 'npmPublish')) !== 'false')
    puts.push({ to: 'npm', host: null })
  const assets = childOf(plugins.get('@semantic-release/github'), 'assets')
  if (itemsOf(assets).length > 0 || assets?.kind === 'map') puts.push({ to: 'github-release', host: null })
  if ([...plugins.keys()].some(name => /docker/.test(name))) puts.push({ to: 'container', host: null })
  return puts
}
