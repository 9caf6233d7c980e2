import { expect, test } from 'vitest'
import { packagesOf } from '#lib/inventory/packages.ts'
import { json, npmLock, SHA256, SHA512 } from '../checks/locked-files.ts'
import { snapshotOf } from '../snapshot-of.ts'

test('locked and required packages, with the line of each', () => {
  const repo = snapshotOf({
    'package-lock.json': npmLock('@s/a', '1.2.0'),
    'requirements.txt': `Foo_Bar==1.0 --hash=sha256:${SHA256}\nbaz>=2\n`,
  })
  expect(packagesOf(repo)).toEqual([
    {
      purl: 'pkg:npm/%40s/a@1.2.0',
      ecosystem: 'npm',
      name: '@s/a',
      version: '1.2.0',
      path: 'package-lock.json',
      line: 9,
      hashed: true,
    },
    {
      purl: 'pkg:pypi/foo-bar@1.0',
      ecosystem: 'pypi',
      name: 'Foo_Bar',
      version: '1.0',
      path: 'requirements.txt',
      line: 1,
      hashed: true,
    },
    {
      purl: 'pkg:pypi/baz',
      ecosystem: 'pypi',
      name: 'baz',
      version: null,
      path: 'requirements.txt',
      line: 2,
      hashed: false,
    },
  ])
})

test('workspace members and folders are no packages, and a damaged lock has none', () => {
  const lock = json({
    lockfileVersion: 3,
    packages: {
      '': {},
      'packages/x': { version: '1.0.0' },
      'node_modules/x': { resolved: 'packages/x', link: true },
      'node_modules/b': { version: '2.0.0', integrity: SHA512 },
    },
  })
  expect(packagesOf(snapshotOf({ 'package-lock.json': lock, 'go.sum': 'damaged\n' })).map(({ purl }) => purl)).toEqual([
    'pkg:npm/b@2.0.0',
  ])
})
