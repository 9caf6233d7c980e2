/** Every reader of a text, with a file that it is meant for. `every-reader.test.ts` holds the table complete. */
import { codeOwnersOf } from '#lib/snapshot/code-owners.ts'
import { composeServicesOf } from '#lib/snapshot/compose/read.ts'
import { holds } from '#lib/snapshot/condition.ts'
import { cronIsWeekly } from '#lib/snapshot/cron.ts'
import { frontendOf, shellTextOf, stagesOf } from '#lib/snapshot/dockerfile/read.ts'
import { expressionsIn, parseExpression } from '#lib/snapshot/expression.ts'
import { parseImage } from '#lib/snapshot/image/reference.ts'
import { lockedScripts } from '#lib/snapshot/install/lock-scripts.ts'
import { bunfigInstall, npmrcValue, yarnrcValue } from '#lib/snapshot/install/npm-settings.ts'
import { jsonTree } from '#lib/snapshot/json-tree.ts'
import { chartsOf } from '#lib/snapshot/kubernetes/helm.ts'
import { kustomizationsOf } from '#lib/snapshot/kubernetes/kustomize.ts'
import { manifestsOf } from '#lib/snapshot/kubernetes/read.ts'
import { readBlockYaml } from '#lib/snapshot/lockfile/block-yaml.ts'
import { parseJsonc, readBunLock } from '#lib/snapshot/lockfile/bun-lock.ts'
import { readCargoLock } from '#lib/snapshot/lockfile/cargo-lock.ts'
import { readComposerLock } from '#lib/snapshot/lockfile/composer-lock.ts'
import { readDenoLock } from '#lib/snapshot/lockfile/deno-lock.ts'
import { readGemfileLock } from '#lib/snapshot/lockfile/gemfile-lock.ts'
import { readGoSum } from '#lib/snapshot/lockfile/go-sum.ts'
import { parseJsonObject } from '#lib/snapshot/lockfile/json.ts'
import { readMavenLockfile, readVerificationMetadata } from '#lib/snapshot/lockfile/jvm-locks.ts'
import { readGradleLockfile, readMixLock, readTerraformLock } from '#lib/snapshot/lockfile/line-locks.ts'
import { readNugetLock } from '#lib/snapshot/lockfile/nuget-lock.ts'
import { readBazelLock, readFlakeLock, readPackageResolved } from '#lib/snapshot/lockfile/other-json-locks.ts'
import {
  readChartLock,
  readCondaLock,
  readPodfileLock,
  readPubspecLock,
} from '#lib/snapshot/lockfile/other-yaml-locks.ts'
import { readPackageLock } from '#lib/snapshot/lockfile/package-lock.ts'
import { readPipfileLock } from '#lib/snapshot/lockfile/pipfile-lock.ts'
import { readPnpmLock } from '#lib/snapshot/lockfile/pnpm-lock.ts'
import { readPdmLock, readPoetryLock, readPylock, readUvLock } from '#lib/snapshot/lockfile/python-locks.ts'
import { readLockfile } from '#lib/snapshot/lockfile/read.ts'
import { parseToml } from '#lib/snapshot/lockfile/toml.ts'
import { parseXml } from '#lib/snapshot/lockfile/xml.ts'
import { parseYaml, parseYamlDocuments } from '#lib/snapshot/lockfile/yaml.ts'
import { readYarnBerry } from '#lib/snapshot/lockfile/yarn-berry.ts'
import { readYarnClassic } from '#lib/snapshot/lockfile/yarn-classic.ts'
import { readMakefile } from '#lib/snapshot/makefile.ts'
import { readCargoToml } from '#lib/snapshot/manifest/cargo-toml.ts'
import { readGoMod } from '#lib/snapshot/manifest/go-mod.ts'
import { readGradleBuild, readVersionCatalog } from '#lib/snapshot/manifest/gradle.ts'
import {
  moduleFolders,
  readChart,
  readCondaEnvironment,
  readDenoJson,
  readFlake,
  readMixExs,
  readModuleBazel,
  readPackageSwift,
  readPodfile,
  readPubspec,
  readTerraform,
} from '#lib/snapshot/manifest/others.ts'
import { readPackageJson } from '#lib/snapshot/manifest/package-json.ts'
import { readPom } from '#lib/snapshot/manifest/pom.ts'
import { readPipfile, readPyproject, readSetupCfg, readSetupPy } from '#lib/snapshot/manifest/python-projects.ts'
import { readRequirement, readRequirements } from '#lib/snapshot/manifest/requirements.ts'
import { readComposerJson, readGemfile, readGemspec } from '#lib/snapshot/manifest/ruby-php.ts'
import { scriptsOf } from '#lib/snapshot/package-scripts.ts'
import { readPlainYaml } from '#lib/snapshot/plain-yaml.ts'
import { argumentsOf } from '#lib/snapshot/publish/by-action.ts'
import { renovateOf } from '#lib/snapshot/renovate.ts'
import { parseShell } from '#lib/snapshot/shell/parser.ts'
import { readShell } from '#lib/snapshot/shell/read.ts'
import type { SourceFile } from '#lib/snapshot/snapshot.ts'
import { dependabotOf } from '#lib/snapshot/update-config.ts'
import { parseUses } from '#lib/snapshot/uses.ts'
import { readAction, readWorkflow } from '#lib/snapshot/workflow.ts'
import { jsonOf, nodeWorkspacesOf, tomlOf } from '#lib/snapshot/workspaces.ts'
import { readYaml, readYamlPart } from '#lib/snapshot/yaml.ts'
import { snapshotOf } from '../../snapshot-of.ts'

/** `samples`: paths in `file-samples.ts` and `lock-samples.ts`. */
export type Row = { samples: readonly string[]; read: (file: SourceFile) => unknown }

const ofText = (read: (text: string) => unknown, ...samples: string[]): Row => ({
  samples,
  read: file => read(file.text),
})
const ofFile = (read: (file: SourceFile) => unknown, ...samples: string[]): Row => ({ samples, read })
const ofRepo = (read: (repo: ReturnType<typeof snapshotOf>) => unknown, ...samples: string[]): Row => ({
  samples,
  read: file => read(snapshotOf({ [file.path]: file.text })),
})

const CI = '.github/workflows/ci.yml'
const shellOptions = { env: new Map(), cwd: '', errexit: true, pipefail: false, enter: () => null }

/** By the name of the exported function. */
export const readers: Readonly<Record<string, Row>> = {
  readBunLock: ofText(readBunLock, 'bun.lock'),
  parseJsonc: ofText(parseJsonc, 'bun.lock', 'deno.jsonc'),
  readCargoLock: ofText(readCargoLock, 'Cargo.lock'),
  readComposerLock: ofText(readComposerLock, 'composer.lock'),
  readDenoLock: ofText(readDenoLock, 'deno.lock'),
  readGemfileLock: ofText(readGemfileLock, 'Gemfile.lock'),
  readGoSum: ofText(readGoSum, 'go.sum'),
  readMavenLockfile: ofText(readMavenLockfile, 'lockfile.json'),
  readVerificationMetadata: ofText(readVerificationMetadata, 'gradle/verification-metadata.xml'),
  readGradleLockfile: ofText(
    readGradleLockfile,
    'gradle.lockfile',
    'gradle/dependency-locks/compileClasspath.lockfile',
  ),
  readMixLock: ofText(readMixLock, 'mix.lock'),
  readTerraformLock: ofText(readTerraformLock, '.terraform.lock.hcl'),
  readNugetLock: ofText(readNugetLock, 'packages.lock.json'),
  readBazelLock: ofText(readBazelLock, 'MODULE.bazel.lock'),
  readFlakeLock: ofText(readFlakeLock, 'flake.lock'),
  readPackageResolved: ofText(readPackageResolved, 'Package.resolved'),
  readChartLock: ofText(readChartLock, 'Chart.lock'),
  readCondaLock: ofText(readCondaLock, 'conda-lock.yml'),
  readPodfileLock: ofText(readPodfileLock, 'Podfile.lock'),
  readPubspecLock: ofText(readPubspecLock, 'pubspec.lock'),
  readPackageLock: ofText(readPackageLock, 'package-lock.json', 'old/package-lock.json'),
  readPipfileLock: ofText(readPipfileLock, 'Pipfile.lock'),
  readPnpmLock: ofText(readPnpmLock, 'pnpm-lock.yaml'),
  readPdmLock: ofText(readPdmLock, 'pdm.lock'),
  readPoetryLock: ofText(readPoetryLock, 'poetry.lock'),
  readPylock: ofText(readPylock, 'pylock.toml'),
  readUvLock: ofText(readUvLock, 'uv.lock'),
  readYarnBerry: ofText(readYarnBerry, 'berry/yarn.lock'),
  readYarnClassic: ofText(readYarnClassic, 'yarn.lock'),
  readLockfile: ofFile(readLockfile, 'yarn.lock', 'pnpm-lock.yaml', 'package-lock.json'),
  lockedScripts: ofRepo(repo => lockedScripts(repo, '', 'npm'), 'package-lock.json'),
  readBlockYaml: ofText(readBlockYaml, 'pnpm-lock.yaml', 'conda-lock.yml', 'berry/yarn.lock'),
  parseYaml: ofText(parseYaml, 'Chart.yaml', 'compose.yaml'),
  parseYamlDocuments: ofText(parseYamlDocuments, 'pnpm-lock.yaml', 'k8s/pod.yaml'),
  jsonTree: ofText(jsonTree, 'bun.lock', 'package.json'),
  readPlainYaml: ofText(
    text => readPlainYaml(text, 0, () => ({ ok: false, reason: 'no full parser', line: 1 })),
    CI,
    'compose.yaml',
  ),
  parseJsonObject: ofText(parseJsonObject, 'package.json'),
  parseToml: ofText(parseToml, 'Cargo.toml', 'poetry.lock'),
  parseXml: ofText(parseXml, 'pom.xml', 'src/App.csproj'),
  readCargoToml: ofFile(readCargoToml, 'Cargo.toml'),
  readGoMod: ofText(readGoMod, 'go.mod', 'go.work'),
  readGradleBuild: ofText(readGradleBuild, 'build.gradle.kts'),
  readVersionCatalog: ofFile(readVersionCatalog, 'gradle/libs.versions.toml'),
  readPubspec: ofText(readPubspec, 'pubspec.yaml'),
  readMixExs: ofText(readMixExs, 'mix.exs'),
  readPackageSwift: ofText(readPackageSwift, 'Package.swift'),
  readPodfile: ofText(readPodfile, 'Podfile'),
  readTerraform: ofText(readTerraform, 'main.tf'),
  moduleFolders: ofText(moduleFolders, 'main.tf'),
  readChart: ofText(readChart, 'Chart.yaml'),
  readFlake: ofText(readFlake, 'flake.nix'),
  readCondaEnvironment: ofText(readCondaEnvironment, 'environment.yml'),
  readModuleBazel: ofText(readModuleBazel, 'MODULE.bazel'),
  readDenoJson: ofText(readDenoJson, 'deno.jsonc'),
  readPackageJson: ofFile(readPackageJson, 'package.json'),
  readPom: ofFile(readPom, 'pom.xml'),
  readPyproject: ofFile(readPyproject, 'pyproject.toml'),
  readPipfile: ofFile(readPipfile, 'Pipfile'),
  readSetupPy: ofFile(readSetupPy, 'setup.py'),
  readSetupCfg: ofFile(readSetupCfg, 'setup.cfg'),
  readRequirements: ofFile(readRequirements, 'requirements.txt'),
  readRequirement: ofText(text => readRequirement(text, 1), 'requirements.txt'),
  readGemfile: ofText(readGemfile, 'Gemfile'),
  readGemspec: ofText(readGemspec, 'app.gemspec'),
  readComposerJson: ofText(readComposerJson, 'composer.json'),
  scriptsOf: ofFile(scriptsOf, 'package.json'),
  readWorkflow: ofFile(readWorkflow, CI),
  readAction: ofFile(readAction, '.github/actions/own/action.yml'),
  readYaml: ofFile(readYaml, CI, 'compose.yaml'),
  readYamlPart: ofFile(file => readYamlPart(file, 0, file.text), 'k8s/pod.yaml'),
  expressionsIn: ofText(expressionsIn, CI, '.github/actions/own/action.yml'),
  parseExpression: ofText(parseExpression, CI),
  holds: ofText(text => holds(text, () => 'unknown'), CI),
  cronIsWeekly: ofText(cronIsWeekly, CI),
  parseUses: ofText(parseUses, CI),
  argumentsOf: ofText(argumentsOf, CI),
  parseImage: ofText(parseImage, 'Dockerfile', 'compose.yaml'),
  parseShell: ofText(text => parseShell(text)?.delete(), 'script.sh', 'Makefile'),
  readShell: ofText(text => readShell(text, shellOptions), 'script.sh', 'Makefile'),
  readMakefile: ofFile(readMakefile, 'Makefile'),
  stagesOf: ofFile(stagesOf, 'Dockerfile'),
  frontendOf: ofFile(frontendOf, 'Dockerfile'),
  shellTextOf: ofFile(
    file => stagesOf(file).flatMap(({ instructions }) => instructions.map(one => shellTextOf(file, one))),
    'Dockerfile',
  ),
  composeServicesOf: ofRepo(composeServicesOf, 'compose.yaml'),
  manifestsOf: ofRepo(manifestsOf, 'k8s/pod.yaml', 'templates/deployment.yaml'),
  kustomizationsOf: ofRepo(kustomizationsOf, 'k8s/kustomization.yaml'),
  chartsOf: ofRepo(chartsOf, 'Chart.yaml'),
  codeOwnersOf: ofRepo(codeOwnersOf, '.github/CODEOWNERS'),
  dependabotOf: ofRepo(dependabotOf, '.github/dependabot.yml'),
  renovateOf: ofRepo(renovateOf, 'renovate.json5'),
  npmrcValue: ofFile(file => npmrcValue(file, 'ignore-scripts'), '.npmrc'),
  yarnrcValue: ofFile(file => yarnrcValue(file, 'frozen-lockfile'), '.yarnrc'),
  bunfigInstall: ofFile(bunfigInstall, 'bunfig.toml'),
  jsonOf: ofRepo(repo => jsonOf(repo, 'package.json'), 'package.json'),
  tomlOf: ofRepo(repo => tomlOf(repo, 'pyproject.toml'), 'pyproject.toml'),
  nodeWorkspacesOf: ofRepo(repo => nodeWorkspacesOf(repo, ''), 'package.json', 'pnpm-workspace.yaml'),
}
