/** Whether a published release is signed: by GitHub, by attestations of its files, or by signatures among them. */
import type { Release } from '../snapshot.ts'

/** A file that signs or attests others, told by its name. */
export const SIGNATURE_NAME =
  /\.(?:sig|asc|sign|minisig|sigstore|sigstore\.json|bundle|intoto\.jsonl)$|(?:^|[._-])(?:provenance|attestations?)(?:[._-]|$)/i
/** Of those the ones that say how the others were built. */
export const PROVENANCE_NAME = /\.intoto\.jsonl$|(?:^|[._-])(?:provenance|attestations?)(?:[._-]|$)/i
const CHECKSUMS = /(?:^|[._-])(?:checksums?|sha(?:1|256|512)(?:sums?)?|digests?)(?:[._-]|$)/i
/** Public keys end in `.asc` too, and git knows bundles that sign nothing. */
const NO_SIGNATURE = /(?:^|[._-])(?:key|keys|pubkey|public)(?:[._-]|$)/i
const WHOLE = /cosign|sigstore|sig\b|attest|provenance|intoto/i
/** About the others, and taken by nobody for itself. */
const ABOUT_OTHERS =
  /\.(?:pem|crt|pub|sha1|sha256|sha512|md5|blockmap)$|(?:spdx|cdx|cyclonedx|sbom)[\w.-]*\.(?:json|xml)$/i

export type ReleaseState =
  | { state: 'signed'; by: string }
  | { state: 'unsigned'; files: string[] }
  /** Nothing signs it that can be seen, and attestations could not be asked for. */
  | { state: 'unknown' }

/** The newest five releases that have files, newest first: those that the checklist looks at. */
export function judgedReleases(releases: readonly Release[] | null): Release[] {
  return (releases ?? []).filter(({ assets }) => assets.length > 0).slice(0, 5)
}

export function releaseState({ immutable, attested, assets }: Release): ReleaseState {
  if (immutable === true) return { state: 'signed', by: 'GitHub, for the release is immutable' }
  const names = new Set(assets.map(({ name }) => name))
  const signatures = [...names].filter(name => SIGNATURE_NAME.test(name) && isSignature(name, names))
  const made = [...names].filter(
    name => !SIGNATURE_NAME.test(name) && !CHECKSUMS.test(name) && !ABOUT_OTHERS.test(name),
  )
  const whole = signatures.find(name => coversAll(name, names))
  if (whole) return { state: 'signed', by: `\`${whole}\`` }
  const signed = made.filter(name => signatures.some(signature => signature.startsWith(`${name}.`)))
  const attestedNames = assets
    .filter(asset => asset.attested === true && made.includes(asset.name))
    .map(({ name }) => name)
  const covered = new Set([...signed, ...attestedNames])
  if (attested === true || (covered.size > 0 && covered.size * 2 >= made.length))
    return { state: 'signed', by: signed.length > 0 ? `\`${signatures[0]}\`` : 'attestations' }
  if (attested === null) return { state: 'unknown' }
  return { state: 'unsigned', files: made.filter(name => !covered.has(name)) }
}

function isSignature(name: string, names: ReadonlySet<string>): boolean {
  const base = name.replace(/\.[^.]+$/, '')
  if (names.has(base) || names.has(base.replace(/\.(?:sigstore|intoto)$/, ''))) return true
  return WHOLE.test(name) && !NO_SIGNATURE.test(name) && !/\.asc$/i.test(name)
}

/** A signed checksum file vouches for what it lists; a provenance or bundle of no single file for the release. */
function coversAll(name: string, names: ReadonlySet<string>): boolean {
  const base = name.replace(/\.(?:sigstore\.json|intoto\.jsonl|[^.]+)$/, '')
  return CHECKSUMS.test(base) || !names.has(base)
}
