/** The registries that are an ecosystem's own, asked of the libraries that know them: none is written down here. */
import { PackageURL, UrlConverter } from '@socketregistry/packageurl-js'
import registries from 'lockfile-lint-api/src/common/constants.js'

/** The ecosystems whose locks say where a package is from, and of whose registries a library tells every host. */
const ECOSYSTEMS = ['cargo', 'composer', 'gem', 'pub', 'pypi'] as const

/** Cargo names its own registry in every lock by the repository that the index once was. */
const CARGO_INDEX = 'github.com/rust-lang/crates.io-index'

/**
 * What is trusted where an organisation's policy names nothing else: ecosystem → hosts, or a host with a path. A host
 * takes what lies below it (`index.` of a trusted name) with it. Missing are those of whose hosts a library knows none or
 * only some (conda, Bazel, deno), that have no registry of their own (Helm, Swift), and whose locks name no host at all
 * (Go, NuGet, hex, Terraform): of them only the scheme is judged.
 */
export function trustedRegistries(): Readonly<Record<string, readonly string[]>> {
  const others = ECOSYSTEMS.map(type => [type, [...hostsOf(type), ...(type === 'cargo' ? [CARGO_INDEX] : [])]] as const)
  return { npm: [registries.REGISTRY.npm, registries.REGISTRY.yarn], ...Object.fromEntries(others) }
}

/** The library by which an ecosystem's registries are known; null where none is trusted by default. */
export function registriesKnownBy(ecosystem: string): string | null {
  if (ecosystem === 'npm') return 'lockfile-lint-api'
  return (ECOSYSTEMS as readonly string[]).includes(ecosystem) ? '@socketregistry/packageurl-js' : null
}

/** Where packages of a type are downloaded from, and where they are shown. */
function hostsOf(type: (typeof ECOSYSTEMS)[number]): string[] {
  const some = new PackageURL(type, type === 'composer' ? 'vendor' : undefined, 'name', '1.0.0', undefined, undefined)
  const addresses = [UrlConverter.toDownloadUrl(some), UrlConverter.toRepositoryUrl(some)]
  return [...new Set(addresses.flatMap(address => (address ? new URL(address.url).hostname : [])))]
}
