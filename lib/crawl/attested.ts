import type { Release, ReleaseAsset } from '../snapshot/snapshot.ts'

/** Files that are about the others: signatures, checksums, bills of materials. Nobody attests those. */
const ABOUT_OTHERS =
  /\.(?:sig|asc|sign|minisig|sigstore|sigstore\.json|bundle|pem|crt|intoto\.jsonl|sha1|sha256|sha512|md5|spdx\.json|cdx\.json)$|(?:^|[._-])(?:checksums?|sha(?:1|256|512)sums?|sbom)(?:[._-]|$)/i

/** Whether every file that a release is made for is attested; null where that is not known of one, or there is none. */
export function isAttested(assets: readonly ReleaseAsset[]): boolean | null {
  const made = assets.filter(({ name }) => !ABOUT_OTHERS.test(name))
  const told = (made.length > 0 ? made : assets).map(({ attested }) => attested ?? null)
  if (told.includes(false)) return false
  return told.length === 0 || told.includes(null) ? null : true
}

/** A release as the host tells it; what an older one does not know is absent. */
type ToldRelease = {
  tagName: string
  publishedAt?: string | null | undefined
  immutable?: boolean | null | undefined
  url?: string | null | undefined
  releaseAssets: {
    nodes?: ({ name: string; digest?: string | null | undefined } | null | undefined)[] | null | undefined
  }
}

/** An immutable release is attested by GitHub itself: its files need not be asked for. */
export function digestsOf({ immutable, releaseAssets }: ToldRelease): string[] {
  return immutable === true ? [] : (releaseAssets.nodes ?? []).flatMap(asset => asset?.digest ?? [])
}

export function releaseOf(row: ToldRelease, attested: ReadonlySet<string> | null): Release {
  const { tagName, publishedAt, immutable, url, releaseAssets } = row
  const assets = (releaseAssets.nodes ?? []).flatMap(asset => {
    if (!asset) return []
    const digest = asset.digest ?? null
    const isTold = digest !== null && attested !== null
    return [{ name: asset.name, digest, attested: immutable === true ? true : isTold ? attested.has(digest) : null }]
  })
  const told = { immutable: immutable ?? null, url: url ?? null }
  return {
    tag: tagName,
    publishedAt: publishedAt ?? '',
    assets,
    ...told,
    attested: immutable === true ? true : isAttested(assets),
  }
}
