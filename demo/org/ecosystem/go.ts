import { base64 } from '../digest.ts'
import { type FileMap, text, under } from '../files.ts'
import type { Posture } from '../posture.ts'
import { type Dependency, dependencies, lockedOf, type Part, type PartOptions } from './part.ts'

/** A Go module. `uses` names versions without the leading v. */
export function go(options: PartOptions): Part {
  const directory = options.directory ?? ''
  return {
    ecosystem: 'gomod',
    directory,
    files: posture => under(directory, files(options, posture)),
    setup: { uses: 'actions/setup-go', with: { 'go-version': '1.25' } },
    install: posture =>
      posture.install === 'loose'
        ? 'go install gotest.tools/gotestsum@latest'
        : 'go install gotest.tools/gotestsum@v1.13.0',
    test: 'gotestsum ./...',
    audit: 'go run golang.org/x/vuln/cmd/govulncheck@v1.1.4 ./...',
    ...(options.image && {
      image: () => ({
        base: 'golang',
        tag: '1.25-bookworm',
        take: 'go.mod go.sum',
        run: 'go mod download',
        command: `["/app/${options.name}"]`,
      }),
    }),
  }
}

function files({ name, uses, library }: PartOptions, posture: Posture): FileMap {
  const direct = dependencies(uses, posture.generation)
  return {
    'go.mod': text(
      `module github.com/northwind-labs/${name}`,
      '',
      'go 1.25.0',
      '',
      'require (',
      direct.map(one => `\t${one.name} v${one.version}`),
      ')',
    ),
    ...(posture.lock !== 'none' && { 'go.sum': sums(lockedOf(posture, direct)) }),
    'main.go': library ? `package ${name.replaceAll('-', '')}\n` : 'package main\n\nfunc main() {}\n',
  }
}

function sums(modules: readonly Dependency[]): string {
  return text(
    modules.flatMap(({ name, version }) => [
      `${name} v${version} h1:${base64(`${name}@${version}`, 'sha256')}`,
      `${name} v${version}/go.mod h1:${base64(`${name}@${version}/go.mod`, 'sha256')}`,
    ]),
  )
}
