import type { RepositoryDescription } from '../repository.ts'
import { DATA } from './data.ts'
import { GROWTH } from './growth.ts'
import { PAYMENTS } from './payments.ts'
import { PLATFORM } from './platform.ts'
import { SHARED } from './shared.ts'

/** Every repository of the demo organisation. The place in the list makes its id: add at the end of a team's list only. */
export const COMPANY: readonly RepositoryDescription[] = [...PAYMENTS, ...GROWTH, ...DATA, ...PLATFORM, ...SHARED]
