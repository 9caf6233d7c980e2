/** Names of container images, and variables in them. */
import type { Place } from '../lines.ts'

/** `name` in full (`docker.io/library/node`), without tag and digest: what two ways of writing one image have in common. */
export type ImageReference = { name: string; tag: string | null; digest: string | null }

/** A place that names an image: where, as written, and with the values filled in that the repository gives it. */
export type ImageUse = {
  where: 'from' | 'copy' | 'mount' | 'container' | 'service' | 'compose' | 'pod'
  written: string
  image: string
  /** Variables without a value. */
  unknown: string[]
  place: Place
}

/** Stands for a part that only the build or the run knows. */
export const UNKNOWN = '\uE001'

const DIGEST = /@(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/
const REFERENCE = /^(?:([A-Za-z0-9][\w.-]*(?::\d+)?)\/)?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127}))?$/

/** Null where it is no image name as far as it is known: a template's placeholder, a path, a part that is unknown. */
export function parseImage(text: string): ImageReference | null {
  if (text.length > 1_024) return null
  const digest = DIGEST.exec(text)?.[1] ?? null
  const found = REFERENCE.exec(digest ? text.slice(0, -digest.length - 1) : text)
  if (!found) return null
  const [, first, rest = '', tag = null] = found
  // The first part is a registry only where it looks like a host.
  const isHost = first !== undefined && (/[.:]/.test(first) || first === 'localhost')
  const path = first === undefined || isHost ? rest : `${first}/${rest}`
  const host = isHost ? first : 'docker.io'
  const name = host === 'docker.io' && !path.includes('/') ? `library/${path}` : path
  return { name: `${host}/${name}`, tag, digest }
}

/** True where a digest stands at the end, whatever is unknown in front of it. */
export function isByDigest(text: string): boolean {
  return DIGEST.test(text)
}

/** The name as written, without tag and digest. */
export function withoutVersion(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

/** True where the text is not filled in yet: `{{ image }}`, `%%BASE%%`, `@IMAGE@`, `<image>`. */
export function isPlaceholder(text: string): boolean {
  return /\{\{|\{%|%%|<[\w -]*>|^@|@@|^#/.test(text)
}

/**
 * Fills in `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+other}` and `${X:?words}` as Dockerfiles and compose files
 * write them. What has no value becomes `UNKNOWN`, and its name is listed.
 */
export function filledIn(
  text: string,
  lookUp: (name: string) => string | undefined,
  depth = 0,
): { text: string; unknown: string[] } {
  const unknown: string[] = []
  const filled = text.replace(
    /\\\$|\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])((?:[^{}]|\$\{[^{}]*\})*)|([#%/][^{}]*))?\})/g,
    (whole, bare?: string, braced?: string, operator?: string, other = '', cut?: string) => {
      const name = bare ?? braced
      if (name === undefined) return '$'
      const value = lookUp(name)
      const isThere = value !== undefined && (value !== '' || !operator?.startsWith(':'))
      const inner = (words: string) => {
        if (depth > 4) return UNKNOWN
        const nested = filledIn(words, lookUp, depth + 1)
        unknown.push(...nested.unknown)
        return nested.text
      }
      if (operator?.endsWith('+')) return isThere ? inner(other) : ''
      if (isThere && cut === undefined) return value
      if (operator?.endsWith('-')) return inner(other)
      unknown.push(name)
      return whole.length > 0 ? UNKNOWN : ''
    },
  )
  return { text: filled, unknown }
}
