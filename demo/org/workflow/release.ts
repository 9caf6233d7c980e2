import type { FileMap } from '../files.ts'
import { text } from '../files.ts'
import type { Posture } from '../posture.ts'
import type { Publishes, RepositoryDescription } from '../repository.ts'
import { action, checkout, prepare, run } from './step.ts'
import { workflow } from './workflow.ts'

/** Publishes when a version is tagged; signs, attests and lists what is in it where the posture says so. */
export function releaseWorkflow(repository: RepositoryDescription, posture: Posture): FileMap {
  const kind = repository.publishes
  if (kind === undefined) return {}
  const part = repository.parts?.[0]
  const steps = [
    checkout(posture),
    ...(part ? prepare(part, posture) : []),
    ...publish(kind, repository.name, posture),
    ...(posture.sbom ? [action('anchore/sbom-action', posture, { 'upload-release-assets': 'true' })] : []),
  ]
  const before = [
    ...(posture.gated ? ['environment: release'] : []),
    'permissions:',
    '  contents: write',
    ...(posture.release === 'signed' || posture.credentials === 'oidc' ? ['  id-token: write'] : []),
    ...(posture.release === 'signed' ? ['  attestations: write'] : []),
  ]
  const on = ['push:', "  tags: ['v*']"]
  return { '.github/workflows/release.yml': workflow('Release', on, posture, [{ id: 'publish', before, steps }]) }
}

function publish(kind: Publishes, name: string, posture: Posture): string[] {
  const signed = posture.release === 'signed'
  const attest = signed ? [action('actions/attest-build-provenance', posture, { 'subject-path': 'dist/*' })] : []
  const token = (variable: string) =>
    posture.credentials === 'secret' && ['  env:', `    ${variable}: \${{ secrets.${variable} }}`]
  switch (kind) {
    case 'npm':
      return [text('- name: Publish', `  run: npm publish${signed ? ' --provenance' : ''}`, token('NODE_AUTH_TOKEN'))]
    case 'pypi':
      return [
        run('Build', 'python -m build'),
        action('pypa/gh-action-pypi-publish', posture, {
          ...(posture.credentials === 'secret' && { password: `\${{ secrets.PYPI_API_TOKEN }}` }),
          attestations: String(signed),
        }),
      ]
    case 'crate':
      return [
        run('Build', 'cargo build --release --locked'),
        ...attest,
        text('- name: Publish', '  run: cargo publish --locked', token('CARGO_REGISTRY_TOKEN')),
      ]
    case 'gem':
      return [
        run('Build', `gem build ${name}.gemspec --output dist/${name}.gem`),
        ...attest,
        text('- name: Publish', `  run: gem push dist/${name}.gem`, token('GEM_HOST_API_KEY')),
      ]
    case 'nuget':
      return [
        run('Pack', 'dotnet pack --output dist'),
        ...attest,
        text('- name: Publish', "  run: dotnet nuget push 'dist/*.nupkg'", token('NUGET_API_KEY')),
      ]
    case 'maven':
      return [
        ...attest,
        text(
          '- name: Publish',
          `  run: mvn --batch-mode deploy${signed ? ' -Prelease-signed' : ''}`,
          token('MAVEN_PASSWORD'),
        ),
      ]
    case 'image':
      return image(name, posture)
    case 'binary':
      return [
        run('Build', 'make dist'),
        ...(signed
          ? [
              action('sigstore/cosign-installer', posture),
              run('Sign', 'cosign sign-blob --yes --bundle dist/checksums.txt.sigstore.json dist/checksums.txt'),
            ]
          : []),
        ...attest,
        action('softprops/action-gh-release', posture, { files: 'dist/*' }),
      ]
  }
}

function image(name: string, posture: Posture): string[] {
  const target = `\${{ vars.REGISTRY }}/${name}`
  return [
    action('docker/setup-buildx-action', posture),
    text(
      '- id: build',
      action('docker/build-push-action', posture, { push: 'true', tags: `${target}:\${{ github.ref_name }}` })
        .trimEnd()
        .split('\n')
        .map((line, index) => (index === 0 ? line.replace('- ', '  ') : line)),
    ),
    ...(posture.release === 'signed'
      ? [
          action('sigstore/cosign-installer', posture),
          run('Sign', `cosign sign --yes "${target}@\${{ steps.build.outputs.digest }}"`),
        ]
      : []),
  ]
}
