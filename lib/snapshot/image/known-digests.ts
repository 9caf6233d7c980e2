/** Digests that the repository itself already uses, so that one place can be pinned by what another one says. */
import { type ImageUse, parseImage } from './reference.ts'

/** `name:tag` → its digest; left out where two places disagree. An image without a tag is its `latest`. */
export function knownDigests(images: readonly ImageUse[]): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>()
  for (const { image } of images) {
    const parsed = parseImage(image)
    // A lone digest does not say which tag it was taken from.
    if (!parsed?.digest || parsed.tag === null) continue
    const key = `${parsed.name}:${parsed.tag}`
    found.set(key, (found.get(key) ?? new Set()).add(parsed.digest))
  }
  return new Map([...found].flatMap(([key, digests]) => (digests.size === 1 ? [[key, [...digests].join('')]] : [])))
}

/**
 * Where to write which digest behind an image: known from another place, and the place says the whole name. No registry is
 * asked, so whether it still is the tag's newest is not known.
 */
export function pinFor(
  { written, image, place }: ImageUse,
  known: ReadonlyMap<string, string>,
): { start: number; end: number; text: string } | null {
  const parsed = parseImage(image)
  const found = place.file.text.slice(place.start, place.end).indexOf(written)
  if (!parsed || parsed.digest || written !== image || found === -1) return null
  const digest = known.get(`${parsed.name}:${parsed.tag ?? 'latest'}`)
  const at = place.start + found + written.length
  return digest === undefined ? null : { start: at, end: at, text: `@${digest}` }
}
