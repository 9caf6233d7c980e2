/** Moves what the top of a workflow gives every job to the only job that it has. */
import { lineAt, lineBreakOf, lineRange } from './lines.ts'
import type { Workflow } from './workflow.ts'
import { endOf, entryOf } from './yaml.ts'

type Replacement = { kind: 'replace'; path: string; start: number; end: number; text: string }

/** The token of the job stays what it is. null where there are more jobs, or the form leaves no room. */
export function permissionsToJob({ file, root, jobs }: Workflow): Replacement[] | null {
  const [job, ...others] = jobs
  const top = entryOf(root, 'permissions')
  const [first] = job?.node.entries ?? []
  if (!job || others.length > 0 || job.permissions.declared || job.node.flow || root.flow) return null
  if (top?.value.kind !== 'map' || !first) return null
  const { path, text } = file
  const block = {
    start: lineRange(file, lineAt(file, top.keyStart)).start,
    end: lineRange(file, lineAt(file, endOf(top.value) - 1)).end,
  }
  const place = lineRange(file, lineAt(file, first.keyStart))
  const indent = text.slice(place.start, first.keyStart)
  // Only a key at the start of its line can be moved as lines.
  if (block.start !== top.keyStart || indent === '' || indent.trim() !== '') return null
  const lineBreak = lineBreakOf(text)
  const moved = text.slice(block.start, block.end).split(/\r?\n/)
  return [
    { kind: 'replace', path, ...block, text: `permissions:${lineBreak}  contents: read` },
    {
      kind: 'replace',
      path,
      start: place.start,
      end: place.start,
      text: moved.map(line => `${line === '' ? '' : indent + line}${lineBreak}`).join(''),
    },
  ]
}
