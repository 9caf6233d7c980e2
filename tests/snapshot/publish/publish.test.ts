/** What counts as a publish step, where it puts things, and what only looks like one. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { lineAt } from '#lib/snapshot/lines.ts'
import { buildProvenance } from '#lib/snapshot/publish/image-provenance.ts'
import { publishStepsOf, verdictsByPlace } from '#lib/snapshot/publish/publish.ts'
import { neededBy } from '#lib/snapshot/publish/same-run.ts'
import { signedState } from '#lib/snapshot/publish/signed.ts'
import { snapshotOf } from '../../snapshot-of.ts'

const PATH = '.github/workflows/release.yml'

function workflow(steps: string, on = 'push', job = ''): FileMap {
  return {
    [PATH]: `on: ${on}\njobs:\n  a:\n    runs-on: x\n${job}    steps:\n${steps.replace(/^/gm, '      ')}\n`,
  }
}

function puts(files: FileMap): string[] {
  return publishStepsOf(snapshotOf(files)).map(({ to, host }) => (host === null ? to : `${to} ${host}`))
}

const run = (command: string) => puts(workflow(`- run: |\n    ${command}`))
const uses = (action: string, inputs: string) => puts(workflow(`- uses: ${action}@v1\n  with: { ${inputs} }`))

describe('commands', () => {
  test.each([
    ['npm publish --access public', 'npm'],
    ['npm stage publish --provenance', 'npm'],
    ['pnpm -r publish', 'npm'],
    ['yarn npm publish', 'npm'],
    ['npx lerna publish from-package', 'npm'],
    ['pnpm changeset publish', 'npm'],
    ['pnpm exec nx release publish', 'npm'],
    ['npx jsr publish', 'jsr'],
    ['deno run -A jsr:@david/publish-on-tag@0.1.4', 'jsr'],
    ['python -m twine upload dist/*', 'pypi'],
    ['uv run twine upload dist/*', 'pypi'],
    ['uv publish', 'pypi'],
    ['poetry publish --build', 'pypi'],
    ['cargo publish -p x', 'crates'],
    ['cargo release patch --execute', 'crates'],
    ['release-plz release', 'crates'],
    ['gem push x.gem', 'rubygems'],
    ['bundle exec rake release', 'rubygems'],
    ['dotnet nuget push "*.nupkg" -s feed -k $KEY', 'nuget feed'],
    ['./mvnw -B deploy -Prelease', 'maven'],
    ['mvn release:perform', 'maven'],
    ['./gradlew clean publish', 'maven'],
    ['gradle :lib:publishAllPublicationsToGitHubPackagesRepository', 'maven github'],
    ['sbt ci-release', 'maven'],
    ['jreleaser full-release', 'github-release'],
    ['goreleaser release --clean', 'github-release'],
    ['gh release create "$TAG" --title x --notes-file NEWS.md dist/*', 'github-release'],
    ['gh release upload v1 a.tar.gz', 'github-release'],
    ['ls dist | xargs gh release create v1', 'github-release'],
    ['docker push registry.example/a:1', 'container registry.example'],
    ['docker build --push -t registry.example/a .', 'container registry.example'],
    ['docker buildx build -o type=registry -t a/b .', 'container'],
    ['docker buildx bake --push', 'container'],
    ['docker buildx imagetools create -t a/b:1 a/b@$D', 'container'],
    ['podman manifest push a/b docker://registry.example/a/b', 'container registry.example'],
    ['skopeo copy oci:out docker://registry.example/a', 'container registry.example'],
    ['helm push a.tgz oci://registry.example/charts', 'oci registry.example'],
    ['KO_DOCKER_REPO=registry.example/x ko build ./cmd', 'container registry.example'],
    ['mvn compile com.google.cloud.tools:jib-maven-plugin:3.4.0:build', 'container'],
    ['/kaniko/executor --destination=registry.example/a', 'container registry.example'],
  ])('%s', (command, where) => {
    expect(run(command)).toEqual([where])
  })

  test.each([
    'npm publish --dry-run',
    'npm publish --registry http://localhost:4873',
    'npm pack',
    'changeset version',
    'npx lerna version',
    'twine check dist/*',
    'twine upload --repository testpypi dist/*',
    'cargo publish --dry-run',
    'cargo publish -n',
    'cargo release patch',
    'gem build x.gemspec',
    'mvn verify',
    'mvn deploy -Dmaven.deploy.skip=true',
    'mvn deploy -DaltDeploymentRepository=local::file:./target/staging',
    './gradlew publishToMavenLocal',
    './gradlew jreleaserConfig',
    'JRELEASER_DRY_RUN=true jreleaser full-release',
    'goreleaser release --snapshot --clean',
    'goreleaser release --skip=publish,sign',
    'goreleaser build',
    'goreleaser check',
    'gh release create v1 --generate-notes',
    'gh release edit v1 --draft=false',
    'release-please github-release',
    'docker build -t a .',
    'docker buildx build --load -t a .',
    'docker buildx build --push=false -t a .',
    'docker buildx build -o type=image,push-by-digest=true,push=true .',
    'docker push localhost:5000/a',
    'docker push $1:5000/a',
    'npm stage list',
    'deno run -A jsr:@david/other',
    'docker push registry:5000/a',
    'ko build --local ./cmd',
    'ko build --push=false ./cmd',
    'KO_DOCKER_REPO=ko.local ko build ./cmd',
    'skopeo copy docker://a/b oci-archive:b.tar',
    'echo npm publish',
    'git push --tags',
  ])('no publishing: %s', command => {
    expect(run(command)).toEqual([])
  })
})

describe('actions', () => {
  test.each([
    ['softprops/action-gh-release', 'files: dist/*', 'github-release'],
    ['ncipollo/release-action', 'artifacts: a', 'github-release'],
    ['goreleaser/goreleaser-action', 'args: release --clean', 'github-release'],
    ['pypa/gh-action-pypi-publish', 'print-hash: true', 'pypi'],
    ['PyO3/maturin-action', 'command: upload', 'pypi'],
    ['docker/build-push-action', 'push: true, tags: registry.example/a', 'container registry.example'],
    ['docker/build-push-action', `push: "$\{{ github.event_name != 'pull_request' }}"`, 'container'],
    [
      'docker/build-push-action',
      'outputs: "type=image,name=registry.example/a,push=true"',
      'container registry.example',
    ],
    ['docker/bake-action', 'push: true', 'container'],
    ['rubygems/release-gem', 'await-release: false', 'rubygems'],
    ['JS-DevTools/npm-publish', 'access: public', 'npm'],
    ['release-plz/action', 'command: release', 'crates'],
    ['changesets/action', 'publish: npx changeset publish', 'npm'],
  ])('%s with %s', (action, inputs, where) => {
    expect(uses(action, inputs)).toEqual([where])
  })

  test.each([
    ['softprops/action-gh-release', 'draft: true'],
    ['actions/create-release', 'tag_name: v1'],
    ['googleapis/release-please-action', 'release-type: node'],
    ['goreleaser/goreleaser-action', 'install-only: true'],
    ['goreleaser/goreleaser-action', 'args: release --snapshot'],
    ['pypa/gh-action-pypi-publish', 'repository-url: "https://test.pypi.example/legacy/"'],
    ['docker/build-push-action', 'push: false'],
    ['docker/build-push-action', 'load: true'],
    ['docker/build-push-action', `push: "$\{{ false }}"`],
    ['docker/build-push-action', 'push: true, tags: "localhost:5000/a"'],
    ['docker/build-push-action', 'outputs: "type=image,push-by-digest=true,push=true"'],
    ['release-plz/action', 'command: release-pr'],
    ['PyO3/maturin-action', 'command: build'],
  ])('no publishing: %s with %s', (action, inputs) => {
    expect(uses(action, inputs)).toEqual([])
  })
})

test('what only pull requests run publishes nothing; what runs when one is merged does', () => {
  const step = '- run: npm publish'
  expect(puts(workflow(step, 'pull_request'))).toEqual([])
  expect(puts(workflow(step, '{ pull_request: { types: [closed] } }'))).toEqual(['npm'])
  expect(puts(workflow(step, '[push, pull_request]'))).toEqual(['npm'])
  expect(puts(workflow(`- run: npm publish\n  if: github.event_name == 'pull_request'`))).toEqual([])
  expect(puts(workflow('- run: npm publish\n  if: false'))).toEqual([])
  expect(puts(workflow(step, 'push', "    if: github.event_name == 'pull_request'\n"))).toEqual([])
})

test('a registry that the job runs itself is no place to take from', () => {
  const service = '    services:\n      r: { image: "registry:2" }\n'
  expect(puts(workflow('- run: docker push "$IMAGE"', 'push', service))).toEqual([])
  expect(puts(workflow('- uses: helm/kind-action@v1\n- run: docker push "$IMAGE"'))).toEqual([])
  expect(puts(workflow('- run: docker push "$IMAGE"'))).toEqual(['container $IMAGE'])
  expect(puts(workflow('- run: docker push registry.example/a', 'push', service))).toEqual([
    'container registry.example',
  ])
})

test('the environment says where a variable leads', () => {
  expect(puts(workflow('- run: docker push $R/a\n  env: { R: "localhost:5000" }'))).toEqual([])
  expect(puts(workflow('- run: docker push $R/a\n  env: { R: registry.example }'))).toEqual([
    'container registry.example',
  ])
})

test('settings say what a release tool puts', () => {
  const goreleaser = workflow('- run: goreleaser release')
  expect(puts({ ...goreleaser, '.goreleaser.yaml': 'dockers:\n  - image_templates: [a]\n' })).toEqual([
    'github-release',
    'container',
  ])
  expect(puts({ ...goreleaser, '.goreleaser.yml': 'release: { disable: true }\n' })).toEqual([])
  const semantic = workflow('- run: npx semantic-release')
  expect(puts({ ...semantic, 'package.json': '{ "name": "a" }' })).toEqual(['npm'])
  expect(puts({ ...semantic, 'package.json': '{ "name": "a", "private": true }' })).toEqual([])
  const plugins = '{ "plugins": [["@semantic-release/github", { "assets": "dist/*" }]] }'
  expect(puts({ ...semantic, '.releaserc': plugins })).toEqual(['github-release'])
})

test('a step that a script, make or a local action holds is found at its place, once', () => {
  const files = {
    ...workflow('- run: npm run release\n- run: make publish\n- uses: ./act\n- uses: ./act'),
    'package.json': '{ "scripts": { "release": "changeset publish" } }',
    Makefile: 'publish:\n\tdocker push a/b\n',
    'act/action.yml': 'runs:\n  using: composite\n  steps:\n    - run: gem push a.gem\n      shell: bash\n',
  }
  const steps = publishStepsOf(snapshotOf(files))
  expect(steps.map(({ to, call: { place } }) => `${to} ${place.file.path}:${lineAt(place.file, place.start)}`)).toEqual(
    ['npm package.json:1', 'container Makefile:2', 'rubygems act/action.yml:4'],
  )
})

test('an action that only others call, and an image build, publish nothing here', () => {
  expect(
    puts({
      'action.yml': 'runs:\n  using: composite\n  steps:\n    - run: npm publish\n      shell: bash\n',
      Dockerfile: 'FROM x\nRUN npm publish\n',
    }),
  ).toEqual([])
})

test('several tags of one step are one publishing, and a place that two jobs reach has one verdict', () => {
  expect(puts(workflow('- run: docker push a/b:1 && docker push a/b:2\n- run: docker push a/c'))).toEqual([
    'container',
    'container',
  ])
  const call = '    steps:\n      - uses: ./act\n'
  const steps = publishStepsOf(
    snapshotOf({
      [PATH]: `on: push\njobs:\n  a:\n${call}  b:\n${call}`,
      'act/action.yml': 'runs:\n  using: composite\n  steps:\n    - run: docker push a/b\n      shell: bash\n',
    }),
  )
  expect(steps.map(({ unit }) => unit.name)).toEqual(['a', 'b'])
  expect(verdictsByPlace(steps, ({ unit }) => (unit.name === 'a' ? [] : ['b finds something']))).toEqual([
    ['b finds something'],
  ])
  expect(verdictsByPlace(steps, () => null)).toEqual([])
})

test('a job of thousands of steps, and thousands of jobs, are judged in time', () => {
  const steps = workflow('- run: docker push a/b\n'.repeat(2_000).trimEnd())
  const jobs = Array.from(
    { length: 500 },
    (_, at) => `  a${at}:\n    needs: a${at - 1}\n    steps:\n      - run: docker push a/b\n`,
  )
  for (const files of [steps, { [PATH]: `on: push\njobs:\n${jobs.join('')}` }]) {
    const repo = snapshotOf(files)
    const started = performance.now()
    for (const step of publishStepsOf(repo)) {
      signedState(repo, step)
      buildProvenance(repo, step)
      neededBy(step.unit, repo)
    }
    expect(performance.now() - started).toBeLessThan(10_000)
  }
})
