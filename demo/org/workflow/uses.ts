import { hex } from '../digest.ts'
import type { Posture } from '../posture.ts'

/** The newest version of every action that the company uses. */
const VERSIONS: Readonly<Record<string, string>> = {
  'actions/attest-build-provenance': 'v3.0.0',
  'actions/checkout': 'v5.0.0',
  'actions/deploy-pages': 'v4.0.5',
  'actions/github-script': 'v8.0.0',
  'actions/setup-dotnet': 'v5.0.0',
  'actions/setup-go': 'v6.0.0',
  'actions/setup-java': 'v5.0.0',
  'actions/setup-node': 'v5.0.0',
  'actions/setup-python': 'v6.0.0',
  'actions/upload-artifact': 'v4.6.2',
  'anchore/sbom-action': 'v0.20.6',
  'astral-sh/setup-uv': 'v6.7.0',
  'aws-actions/configure-aws-credentials': 'v5.0.0',
  'codecov/codecov-action': 'v5.5.1',
  'docker/build-push-action': 'v6.18.0',
  'docker/setup-buildx-action': 'v3.11.1',
  'dtolnay/rust-toolchain': 'v1.90.0',
  'hashicorp/setup-terraform': 'v3.1.2',
  'northwind-labs/ci-workflows/.github/workflows/notify.yml': 'v2.4.0',
  'pnpm/action-setup': 'v4.1.0',
  'pypa/gh-action-pypi-publish': 'v1.13.0',
  'ruby/setup-ruby': 'v1.257.0',
  'sigstore/cosign-installer': 'v3.10.0',
  'softprops/action-gh-release': 'v2.3.3',
}

/** The value of a `uses:` line as this posture writes it, with the comment that names the version where it is a SHA. */
export function uses(action: string, posture: Posture): string {
  const version = VERSIONS[action]
  if (version === undefined) throw new Error(`No version is known of the action ${action}: add it to the list.`)
  const pinned = `${action}@${hex(`${action} ${version}`, 40)} # ${version}`
  const firstParty = action.startsWith('actions/')
  if (posture.actions === 'pinned' || (posture.actions === 'mixed' && !firstParty)) return pinned
  if (posture.actions === 'branch' && !firstParty)
    return `${action}@${action === 'dtolnay/rust-toolchain' ? 'master' : 'main'}`
  return `${action}@${version.split('.')[0]}`
}
