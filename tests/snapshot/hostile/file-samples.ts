/** A file of each kind that a reader here looks into, besides lockfiles, as people write it. */
import { json } from '../../checks/locked-files.ts'

const manifests = {
  'package.json': json({
    name: 'app',
    packageManager: 'pnpm@10.1.0',
    workspaces: ['packages/*', '!packages/x'],
    scripts: { ci: 'npm install && npm run build || true', build: 'npm run ci' },
    dependencies: { a: '^1.0.0', b: 'workspace:*', c: 'npm:d@1' },
    devDependencies: { e: 'git+https://h.example/e.git#main' },
    overrides: { a: { b: '1' } },
  }),
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\ncatalog:\n  a: ^1.0.0\nonlyBuiltDependencies:\n  - esbuild\n',
  '.npmrc': '; a comment\nignore-scripts=true\n@acme:registry = https://npm.acme.example/\nengine-strict\n',
  '.yarnrc': '--install.frozen-lockfile true\nregistry "https://r.example"\n',
  '.yarnrc.yml': 'enableScripts: false\nnpmScopes:\n  acme:\n    npmRegistryServer: https://npm.acme.example\n',
  'bunfig.toml': '[install]\nfrozenLockfile = true\n[install.scopes]\n"@acme" = "https://npm.acme.example"\n',
  'deno.jsonc': '{\n  // imports\n  "imports": { "a": "npm:a@^1", "b": "jsr:@s/b" },\n  "workspace": ["./m"],\n}\n',
  'pyproject.toml':
    '[project]\nname = "app"\ndependencies = [\n  "a[x]>=1; python_version > \'3\'",\n]\n[dependency-groups]\ndev = ["b", { include-group = "c" }]\n[tool.poetry.dependencies]\nd = { git = "https://h.example/d", tag = "v1" }\n[tool.uv.workspace]\nmembers = ["m/*"]\n[tool.uv.sources]\na = { workspace = true }\n',
  'requirements.txt': `-r requirements/dev.in\n-c constraints.txt\na==1.0 \\\n    --hash=sha256:${'a'.repeat(64)} # via b\nb[x] >= 1 ; python_version < "3.9"\n-e git+https://h.example/c.git@main#egg=c\nd @ https://h.example/d.whl\n`,
  'requirements/dev.in': '-r ../requirements.txt\npytest\n',
  'setup.py': 'REQUIRED = ["a>=1", "b[x]"]\nsetup(name="app", install_requires=REQUIRED)\n',
  'setup.cfg':
    '[metadata]\nname = app\n[options]\ninstall_requires =\n  a>=1\n  b; python_version<"3"\n[options.extras_require]\nt = pytest\n',
  Pipfile: '[[source]]\nurl = "https://r.example"\n[packages]\na = "*"\nb = { version = ">=1", extras = ["x"] }\n',
  'go.mod':
    'module h.example/app\n\ngo 1.24\n\nrequire (\n\th.example/a v1.0.0\n\th.example/b/v2 v2.0.1 // indirect\n)\n\nreplace h.example/a => ./a\n',
  'go.work': 'go 1.24\n\nuse (\n\t.\n\t./m\n)\n',
  'Cargo.toml':
    '[package]\nname = "a"\n[workspace]\nmembers = ["m/*"]\nexclude = ["m/x"]\n[workspace.dependencies]\nb = "1"\n[dependencies]\nb.workspace = true\nc = { version = "1", package = "d" }\n[target."cfg(unix)".dev-dependencies]\ne = { path = "e" }\n',
  Gemfile:
    'source "https://r.example"\ngem "rake", "~> 13"\ngroup :test do\n  gem "g", git: "https://h.example/g"\nend\ngemspec\n',
  'app.gemspec':
    'Gem::Specification.new do |s|\n  s.name = "app"\n  s.add_dependency "rack", ">= 3"\n  s.add_development_dependency("rake")\nend\n',
  'composer.json': json({
    require: { php: '>=8', 'v/a': '^1' },
    'require-dev': { 'v/b': 'dev-main' },
    scripts: { ci: ['@composer install'] },
  }),
  'src/App.csproj':
    '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup><Ver>1.0</Ver></PropertyGroup>\n  <ItemGroup>\n    <PackageReference Include="A" Version="$(Ver)" />\n    <PackageReference Include="B"><Version>[1,2)</Version></PackageReference>\n    <ProjectReference Include="..\\m\\M.csproj" />\n  </ItemGroup>\n</Project>\n',
  'src/packages.config': '<packages>\n  <package id="A" version="1.0.0" targetFramework="net48" />\n</packages>\n',
  'Directory.Packages.props':
    '<Project>\n  <ItemGroup>\n    <PackageVersion Include="B" Version="1.*" />\n  </ItemGroup>\n</Project>\n',
  'app.sln':
    'Microsoft Visual Studio Solution File, Format Version 12.00\nProject("{FAE0}") = "App", "src\\App.csproj", "{1}"\nEndProject\n',
  'pom.xml': `<project>\n  <parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent>\n  <artifactId>app</artifactId>\n  <properties><v>\${w}</v><w>\${v}</w></properties>\n  <modules><module>m</module></modules>\n  <dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>\n  <dependencies>\n    <dependency><groupId>g</groupId><artifactId>a</artifactId><version>\${v}</version></dependency>\n  </dependencies>\n</project>\n`,
  'build.gradle.kts':
    'val v = "1.0"\nplugins { id("x") version "1" }\ndependencies {\n  implementation("g:a:$v")\n  testImplementation(libs.b.c)\n  /* api("g:old:1") */\n  api(platform("g:bom:1.+"))\n}\n',
  'settings.gradle': 'include ":m", ":m:n"\nincludeBuild("../other")\n',
  'gradle/libs.versions.toml':
    '[versions]\nb = "1.0"\n[libraries]\nb-c = { module = "g:b", version.ref = "b" }\nd = "g:d:1"\n[bundles]\nx = ["b-c"]\n',
  'pubspec.yaml':
    'name: app\ndependencies:\n  http: ^1.0.0\n  own:\n    path: ../own\ndev_dependencies:\n  g:\n    git: https://h.example/g\n',
  'mix.exs': 'defp deps do\n  [\n    {:a, "~> 1.0"},\n    {:c,\n     github: "o/c",\n     only: :test}\n  ]\nend\n',
  'Package.swift':
    'let package = Package(\n  dependencies: [\n    .package(url: "https://h.example/a.git", from: "1.0.0"), // a\n    .package(name: "b", url: "https://h.example/b", .branch("main")),\n  ]\n)\n',
  Podfile: "target 'App' do\n  pod 'A', '~> 1.0'\n  pod 'B/X', :git => 'https://h.example/b'\nend\n",
  'main.tf':
    'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n  }\n}\nmodule "m" {\n  source = "./m"\n}\n',
  'Chart.yaml':
    'apiVersion: v2\nname: app\nversion: 0.1.0\nappVersion: "1"\ndependencies:\n  - name: db\n    version: 1.x\n    repository: https://r.example\n',
  'flake.nix':
    '{\n  inputs.nixpkgs.url = "github:NixOS/nixpkgs";\n  inputs = {\n    a.url = "path:./a";\n    b = { url = "github:o/b"; flake = false; };\n  };\n  outputs = _: { };\n}\n',
  'environment.yml':
    'channels: [conda-forge]\ndependencies:\n  - python=3.12\n  - pip:\n    - a==1\n    - -r requirements.txt\n',
  'MODULE.bazel':
    'module(name = "app")\nbazel_dep(name = "a", version = "1.0")\nlocal_path_override(module_name = "b", path = "b")\nbazel_dep(name = "b")\n',
}

const deployed = {
  '.github/workflows/ci.yml': `name: CI\non:\n  pull_request_target: { branches: [main], paths: ["src/**"] }\n  schedule: [{ cron: "0 3 * * 1" }]\npermissions: write-all\nenv: { TOKEN: "\${{ secrets.T }}" }\njobs:\n  build:\n    if: github.event_name == 'push' && !contains(github.ref, 'x')\n    runs-on: \${{ matrix.os }}\n    strategy:\n      matrix:\n        os: [ubuntu-24.04, windows-2025]\n        include: [{ os: a, v: 1 }]\n    container: node:22\n    services: { db: { image: "postgres:17" } }\n    steps:\n      - uses: actions/checkout@v4\n        with: { ref: "\${{ github.event.pull_request.head.sha }}" }\n      - run: |\n          npm install\n          echo "\${{ github.event.issue.title }}" >> $GITHUB_ENV\n          make all && ./script.sh\n      - uses: ./.github/actions/own\n      - uses: docker/build-push-action@v6\n        with: { push: true, tags: "ghcr.io/acme/app:latest" }\n  call:\n    uses: ./.github/workflows/ci.yml\n    secrets: inherit\n`,
  '.github/actions/own/action.yml': `name: own\ninputs: { v: { default: "1" } }\nruns:\n  using: composite\n  steps:\n    - uses: ./.github/actions/own\n    - run: pip install \${{ inputs.v }}\n      shell: bash\n`,
  '.github/dependabot.yml':
    'version: 2\nregistries: { npm: { type: npm-registry, url: "https://r.example" } }\nupdates:\n  - package-ecosystem: npm\n    directories: ["/", "/packages/*"]\n    schedule: { interval: weekly }\n    cooldown: { default-days: 7 }\n    groups: { all: { patterns: ["*"] } }\n',
  'renovate.json5':
    '{\n  // presets\n  extends: ["config:recommended", ":pinAllExceptPeerDependencies"],\n  schedule: ["before 4am on monday"],\n  packageRules: [{ matchManagers: ["npm"], minimumReleaseAge: "7 days" }],\n}\n',
  '.github/CODEOWNERS': '# owners\n* @acme/all\n/.github/ @acme/security ops@acme.example\ndocs/*\\ x @a\n*.lock\n',
  Dockerfile: `# syntax=docker/dockerfile:1\nARG TAG=22\nFROM node:$TAG AS build\nENV A=1 B="c d"\nCOPY --chown=a:b . .\nRUN --mount=type=cache,target=/x npm install \\\n  # a comment\n  && curl https://h.example/i.sh | sh\nRUN <<EOF\npip install a\nEOF\nONBUILD RUN make\nFROM build\nUSER \${U:-1000}\nENTRYPOINT ["node", "x.js"]\n`,
  '.dockerignore': '# out\nnode_modules\n!node_modules/keep\n**/*.log\n',
  'compose.yaml': `x-base: &base\n  image: node:\${TAG:-22}\nservices:\n  app:\n    <<: *base\n    build: .\n    user: "0"\n    read_only: true\n  db:\n    extends: { service: app }\n    image: postgres\n`,
  'k8s/pod.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      securityContext: { runAsNonRoot: true }\n      containers:\n        - name: a\n          image: nginx:1.27\n          securityContext: { readOnlyRootFilesystem: true }\n---\napiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata: { name: b }\n    spec: { containers: [{ name: b, image: b }] }\n',
  'k8s/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [pod.yaml, ../k8s]\nimages:\n  - name: nginx\n    newTag: "1.27"\n',
  'values.yaml': 'image:\n  repository: ghcr.io/acme/app\n  tag: "1"\n',
  'templates/deployment.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"\n{{- if .Values.x }}\n          args: [x]\n{{- end }}\n',
  Makefile:
    '.PHONY: all\nV := 1\nall: build test ## all\n\t@npm install\n\t-pip install $(V) || true\nbuild: all\n\tfor i in 1 2; do \\\n\t  echo $$i; \\\n\tdone\n%.o: %.c\n\tcc $<\n',
  'script.sh':
    '#!/bin/bash\nset -euo pipefail\ncd "$(dirname "$0")"\nA=1 npm ci || echo failed\nif [[ -n $B ]]; then curl -fsSL https://h.example | bash; fi\ncat <<EOF | sh\npip install a\nEOF\nf() { npm install; }\nf\n',
  '.goreleaser.yaml': `version: 2\nbuilds: [{ env: [CGO_ENABLED=0] }]\nsigns: [{ cmd: cosign, args: ["sign-blob", "\${artifact}"] }]\n`,
  '.releaserc.json': json({ plugins: ['@semantic-release/npm', ['@semantic-release/github', { assets: 'x' }]] }),
}

/** Path → text. */
export const fileSamples: Readonly<Record<string, string>> = { ...manifests, ...deployed }
