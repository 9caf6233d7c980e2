/** The checklist. One line a check, in the order of the page. */
import type { Check } from '../check.ts'
import { actionsPinned } from './actions-pinned.ts'

export const CHECKS: readonly Check[] = [actionsPinned]
