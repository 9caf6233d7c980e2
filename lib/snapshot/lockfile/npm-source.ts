import type { SourceKind } from './lockfile.ts'

export type NpmSource = { source: SourceKind; commit: string }

/** Where a `resolved` or specifier of the npm family points. Hosts are not named: git archives are known by their shape. */
export function npmSource(address: string): NpmSource {
  if (address === '') return { source: 'registry', commit: '' }
  if (/^(?:file|link|portal|workspace):/.test(address) || /^\.{0,2}\//.test(address)) {
    return { source: address.startsWith('workspace:') ? 'workspace' : 'path', commit: '' }
  }
  if (/^(?:git[+@:]|ssh:|github:|gitlab:|bitbucket:|gist:)/.test(address) || /\.git(?:#|$)/.test(address)) {
    return { source: 'git', commit: commitOf(address) }
  }
  if (/^[\w-]+\/[\w.-]+(?:#|$)/.test(address)) return { source: 'git', commit: commitOf(address) }
  // A git host's archive at a full commit is that commit's content.
  const archive = /\/(?:tar\.gz|tarball|zipball|archive)\/([0-9a-f]{40})(?:\.tar\.gz|\.tgz|\.zip)?(?:[?#]|$)/i.exec(
    address,
  )
  if (archive?.[1] !== undefined) return { source: 'git', commit: archive[1] }
  // `https://host/owner/name#<commit>` is cloned; behind an archive the same is its SHA-1.
  const cloned = /^https?:\/\/[^/]+\/[^#?]*[^/#?.]#([0-9a-f]{40})$/i.exec(address)
  if (cloned?.[1] !== undefined && !/\.(?:tgz|tar|gz|zip)#|\/-\//.test(address))
    return { source: 'git', commit: cloned[1] }
  if (/^https?:/.test(address))
    return { source: /\/-\/|\/@?[^/]+\/download\//.test(address) ? 'registry' : 'url', commit: '' }
  return { source: 'registry', commit: '' }
}

function commitOf(address: string): string {
  const fragment = address.slice(address.indexOf('#') + 1)
  if (!address.includes('#')) return ''
  // Berry writes `#commit=<hex>`, possibly with further parameters.
  return /(?:^|&)commit=([0-9a-f]+)/i.exec(fragment)?.[1] ?? fragment.replace(/&.*$/, '')
}
