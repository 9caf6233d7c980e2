import { queryOptions } from '@tanstack/react-query'
import { ENDPOINTS } from './endpoints.ts'

/** The first repositories whose names hold the text, archived ones too. */
export function namesOptions(text: string) {
  const { path, answer } = ENDPOINTS.repositories
  return queryOptions({
    queryKey: ['names', text],
    queryFn: async ({ signal }) => {
      const search = new URLSearchParams({ q: text, archived: 'all', limit: '6' })
      const response = await fetch(`${path}?${search}`, { signal })
      if (!response.ok) throw new Error(`The server answered ${response.status}.`)
      return answer.parse(await response.json()).rows.map(({ name }) => name)
    },
    placeholderData: before => before,
    staleTime: 30_000,
  })
}
