import { ForeignText } from '#components/ui/foreign-text.tsx'

/** The title of a page of one repository: its name, and which page it is. */
export function Titled({ name, children }: { name: string; children: string }) {
  return (
    <>
      <ForeignText text={name} />: {children}
    </>
  )
}
