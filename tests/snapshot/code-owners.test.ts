import { expect, test } from 'vitest'
import { repositoryOwners } from '#lib/snapshot/code-owners.ts'
import { snapshotOf } from '../snapshot-of.ts'

const owners = (text: string, path = '.github/CODEOWNERS') => repositoryOwners(snapshotOf({ [path]: text }))

test('whoever owns everything owns the repository, by the last rule that says so', () => {
  expect(owners('* @acme/platform\n/docs/ @acme/writers\n')).toEqual(['platform'])
  expect(owners('* @acme/old\n/docs/ @acme/writers\n* @acme/new @ada\n')).toEqual(['new', '@ada'])
  for (const pattern of ['/', '**', '/**', '**/*']) expect(owners(`${pattern} @ada`)).toEqual(['@ada'])
})

test('where nobody owns everything, those do who own its parts, each once', () => {
  expect(owners('/src/ @acme/web\n/docs/ @acme/writers @acme/web\n')).toEqual(['web', 'writers'])
  expect(owners('* @acme/web\n*\n/docs/ @acme/writers\n')).toEqual(['web', 'writers'])
})

test('names are told as GitHub compares them: no capitals, and no organisation before a team of its own', () => {
  expect(owners('* @Acme/Web @Ada ops@Acme.example @other/web\n')).toEqual([
    'web',
    '@ada',
    'ops@acme.example',
    '@other/web',
  ])
})

test('without a file that GitHub loads nobody is named', () => {
  expect(repositoryOwners(snapshotOf({ 'README.md': '* @ada' }))).toEqual([])
  expect(owners('* @ada', 'src/CODEOWNERS')).toEqual([])
  expect(owners('# * @ada\n! @ada\n* not-an-owner\n')).toEqual([])
})

test('no file names more owners than a page can show', () => {
  const many = Array.from({ length: 500 }, (_, index) => `/d${index}/ @p${index}`).join('\n')
  expect(owners(many)).toHaveLength(50)
  expect(owners(`* @${'a'.repeat(300)} @ada`)).toEqual(['@ada'])
})
