/**
 * A fix as data: edits of text at offsets, so that comments, quoting, indentation and line endings of the rest stay.
 * Offsets count UTF-16 code units of the file's text as the snapshot holds it. `anyOrder`: an insertion that means the
 * same before and after another such at its place, as a flag of a command line does. `indent`: an insertion of whole lines
 * that begin so deep; of several at one place the deeper come first, since they belong to what stands above, and what
 * ends the line in front of them is deepest of all. A `create` in `anyOrder` makes a list: of two that begin with the
 * same lines, what follows them may stand behind the other's.
 */
export type Edit =
  | { kind: 'replace'; path: string; start: number; end: number; text: string; anyOrder?: true; indent?: number }
  | { kind: 'create'; path: string; text: string; anyOrder?: true }
