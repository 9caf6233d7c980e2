/** The pages of the main navigation, in its order. */
export const MAIN_PLACES = [
  { href: '/', label: 'Overview' },
  { href: '/repositories', label: 'Repositories' },
  { href: '/owners', label: 'Owners' },
  { href: '/checks', label: 'Checks' },
  { href: '/trends', label: 'Trends' },
  { href: '/waivers', label: 'Waivers' },
  { href: '/inventory', label: 'Inventory' },
  { href: '/crawls', label: 'Crawls' },
  { href: '/exports', label: 'Exports' },
  { href: '/policy', label: 'Policy' },
] as const
