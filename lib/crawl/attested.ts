import type { ReleaseAsset } from '../snapshot/snapshot.ts'

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
