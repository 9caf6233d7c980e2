import { CopyButton } from '#components/ui/copy-button.tsx'
import { badgeHref } from '#lib/api/badges.ts'
import { repositoryHref } from '#lib/api/repositories.ts'

/** The badge, and what puts it into the repository's README. `url`: where people reach this installation. */
export function BadgeUse({ name, org, url }: { name: string; org: string | null; url: string }) {
  const picture = badgeHref(name, 'svg', org)
  const page = `${repositoryHref(name)}${org === null ? '' : `?${new URLSearchParams({ org })}`}`
  const markdown = `[![supply chain](${url}${picture})](${url}${page})`
  return (
    <p className="flex flex-wrap items-center gap-2 text-[0.8125rem]">
      {/** biome-ignore lint/performance/noImgElement: an SVG of its own size, that nothing could make smaller. */}
      <img src={picture} alt="The badge of this repository" height={20} />
      <CopyButton text={markdown} label="Copy as Markdown" />
    </p>
  )
}
