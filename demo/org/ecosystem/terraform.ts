import { base64, hex } from '../digest.ts'
import { type FileMap, text, under } from '../files.ts'
import type { Posture } from '../posture.ts'
import { type Dependency, dependencies, lockedOf, type Part, type PartOptions } from './part.ts'

const MIRROR = 'packages.plumbline.example'

/** A Terraform root or module with its providers; `uses` are "namespace/name version". */
export function terraform(options: PartOptions): Part {
  const directory = options.directory ?? ''
  return {
    ecosystem: 'terraform',
    directory,
    files: posture => under(directory, files(options, posture)),
    setup: { uses: 'hashicorp/setup-terraform', with: { terraform_version: '1.13.3' } },
    install: posture => (posture.install === 'loose' ? 'terraform init' : 'terraform init -lockfile=readonly'),
    test: 'terraform validate',
    audit: 'trivy fs --exit-code 1 .',
  }
}

function files({ name, uses }: PartOptions, posture: Posture): FileMap {
  const direct = dependencies(uses, posture.generation)
  return {
    'versions.tf': text(
      'terraform {',
      '  required_providers {',
      direct.flatMap(one => [
        `    ${one.name.split('/')[1]} = {`,
        `      source  = "${MIRROR}/${one.name}"`,
        `      version = "${posture.ranges === 'exact' ? '' : '~> '}${one.version}"`,
        '    }',
      ]),
      '  }',
      '}',
    ),
    'main.tf': text(`# ${name}`, 'locals {', `  name = "${name}"`, '}'),
    ...(posture.lock !== 'none' && { '.terraform.lock.hcl': lockfile(posture, lockedOf(posture, direct)) }),
  }
}

function lockfile(posture: Posture, locked: readonly Dependency[]): string {
  return text(
    '# This file is maintained automatically by "terraform init".',
    '# Manual edits may be lost in future updates.',
    locked.flatMap(({ name, version }) => [
      '',
      `provider "${MIRROR}/${name}" {`,
      `  version     = "${version}"`,
      `  constraints = "${posture.ranges === 'exact' ? '' : '~> '}${version}"`,
      '  hashes = [',
      `    "h1:${base64(`${name} ${version}`, 'sha256')}",`,
      `    "zh:${hex(`${name} ${version}`)}",`,
      '  ]',
      '}',
    ]),
  )
}
