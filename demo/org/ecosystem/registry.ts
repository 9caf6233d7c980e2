import { PackageURL, UrlConverter } from '@socketregistry/packageurl-js'
import type { Posture } from '../posture.ts'

const MIRROR = 'https://packages.plumbline.example'

/** Where packages are fetched from: the ecosystem's own registry, asked of a library that knows it, or the company's mirror. */
export function registryOf(type: 'cargo' | 'gem' | 'pypi', posture: Posture): string {
  if (posture.registry === 'mirror') return `${MIRROR}/${type}`
  const some = UrlConverter.toDownloadUrl(new PackageURL(type, undefined, 'name', '1.0.0', undefined, undefined))
  return some ? new URL(some.url).origin : MIRROR
}
