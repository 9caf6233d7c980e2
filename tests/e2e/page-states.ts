/**
 * Every page, and what it says: `empty` before anything was crawled, where that is not what it always says.
 */
type PageStates = { path: string; says: string | RegExp; empty?: string }

/** A repository of `bench/made-up-store.ts`. */
const CARD = '/repositories/service-7'

const NOBODY = 'There is nothing under this address'

export const PAGES: readonly PageStates[] = [
  { path: '/', says: 'The six items', empty: 'Nothing has been crawled yet' },
  {
    path: '/repositories',
    says: /[\d,]+ of 10,000 in made-up/,
    empty: 'No repository has been listed yet',
  },
  { path: CARD, says: 'Next, most gain first', empty: NOBODY },
  { path: `${CARD}/remediation`, says: /steps?, most gain for least work first/, empty: NOBODY },
  { path: `${CARD}/changes`, says: 'Every scan that saw something new', empty: NOBODY },
  { path: `${CARD}/inventory`, says: 'Inventory', empty: NOBODY },
  { path: '/checks', says: 'What is looked at in every repository' },
  { path: '/checks/actions-pinned', says: 'From failing to fixed' },
  {
    path: '/trends',
    says: 'Each date counts what was judged by then',
    empty: 'There is no history yet',
  },
  { path: '/owners', says: 'Who answers for which repositories', empty: 'No owner is known yet' },
  { path: '/waivers', says: 'No waiver is in force', empty: 'There is nothing to waive yet' },
  {
    path: '/policy',
    says: 'demands of its repositories',
    empty: 'There is no organisation yet',
  },
  { path: '/policy/change', says: 'It is read strictly', empty: NOBODY },
  {
    path: '/inventory',
    says: 'Every package that a lockfile',
    empty: 'Nothing has been crawled yet',
  },
  { path: '/crawls', says: 'What the token may see', empty: 'No crawl has run yet' },
  { path: '/access', says: 'What the token may read', empty: 'Nothing is crawled yet' },
  { path: '/exports', says: 'A row for each repository' },
  { path: '/report', says: 'Supply-chain posture of made-up', empty: 'Nothing has been crawled yet' },
  { path: '/api-docs', says: 'Everything that the pages read, as JSON' },
  { path: '/keys', says: 'Nobody is signed in' },
  { path: '/audit', says: 'Each row holds the hash' },
  { path: '/members', says: 'Nobody has signed in yet' },
  { path: '/settings', says: 'PLUMBLINE_SECRET is not set' },
]
