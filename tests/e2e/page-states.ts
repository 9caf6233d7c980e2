/**
 * Every page, and what it says in each state. `empty`: what it says before anything was crawled, where that is not what it
 * always says; `breaks`: a table without which it cannot be made.
 */
export type PageStates = { path: string; says: string | RegExp; empty?: string; breaks?: string }

/** A repository of `bench/made-up-store.ts`. */
export const CARD = '/repositories/service-7'

const NOBODY = 'There is nothing under this address'

export const PAGES: readonly PageStates[] = [
  { path: '/', says: 'The six items', empty: 'Nothing has been crawled yet', breaks: 'Subject' },
  {
    path: '/repositories',
    says: /[\d,]+ of 10,000 in made-up/,
    empty: 'No repository has been listed yet',
    breaks: 'Standing',
  },
  { path: CARD, says: 'Next, most gain first', empty: NOBODY, breaks: 'Finding' },
  { path: `${CARD}/remediation`, says: /steps?, most gain for least work first/, empty: NOBODY, breaks: 'Finding' },
  { path: `${CARD}/changes`, says: 'Every scan that saw something new', empty: NOBODY, breaks: 'Finding' },
  { path: `${CARD}/inventory`, says: 'Inventory', empty: NOBODY },
  { path: '/checks', says: 'What is looked at in every repository', breaks: 'PolicyVersion' },
  { path: '/checks/actions-pinned', says: 'From failing to fixed', breaks: 'PolicyVersion' },
  {
    path: '/trends',
    says: 'Each date counts what was judged by then',
    empty: 'There is no history yet',
    breaks: 'Subject',
  },
  { path: '/owners', says: 'Who answers for which repositories', empty: 'No owner is known yet', breaks: 'Standing' },
  { path: '/waivers', says: 'No waiver is in force', empty: 'There is nothing to waive yet', breaks: 'Waiver' },
  {
    path: '/policy',
    says: 'demands of its repositories',
    empty: 'There is no organisation yet',
    breaks: 'PolicyVersion',
  },
  { path: '/policy/change', says: 'It is read strictly', empty: NOBODY, breaks: 'PolicyVersion' },
  {
    path: '/inventory',
    says: 'Every package that a lockfile',
    empty: 'Nothing has been crawled yet',
    breaks: 'Package',
  },
  { path: '/crawls', says: 'What the token may see', empty: 'No crawl has run yet', breaks: 'Capability' },
  { path: '/access', says: 'What the token may read', empty: 'Nothing is crawled yet', breaks: 'Capability' },
  { path: '/exports', says: 'A row for each repository' },
  {
    path: '/report',
    says: 'Supply-chain posture of made-up',
    empty: 'Nothing has been crawled yet',
    breaks: 'Subject',
  },
  { path: '/api-docs', says: 'Everything that the pages read, as JSON' },
  { path: '/keys', says: 'Nobody is signed in', breaks: 'ApiKey' },
  { path: '/audit', says: 'Each row holds the hash', breaks: 'AuditEvent' },
  { path: '/members', says: 'Nobody has signed in yet', breaks: 'User' },
  { path: '/settings', says: 'PLUMBLINE_SECRET is not set', breaks: 'StoredSetting' },
]
