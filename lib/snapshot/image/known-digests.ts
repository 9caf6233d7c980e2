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

/** The digest to write behind an image, where the repository knows it and the place says the whole name. */
export function digestFor({ written, image }: ImageUse, known: ReadonlyMap<string, string>): string | null {
  const parsed = parseImage(image)
  if (!parsed || parsed.digest || written !== image) return null
  return known.get(`${parsed.name}:${parsed.tag ?? 'latest'}`) ?? null
}
