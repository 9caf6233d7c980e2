/**
 * A fix as data: edits of text at offsets, so that comments, quoting, indentation and line endings of the rest stay.
 * Offsets count UTF-16 code units of the file's text as the snapshot holds it.
 */
export type Edit =
  | { kind: 'replace'; path: string; start: number; end: number; text: string }
  | { kind: 'create'; path: string; text: string }
