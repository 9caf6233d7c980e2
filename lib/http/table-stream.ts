import { BOM, type Cell, csvLine } from './csv.ts'

type Row = Readonly<Record<string, Cell>>
type Table = {
  columns: readonly string[]
  format: 'csv' | 'json'
  bom: boolean
  batches: AsyncIterator<readonly Row[]>
}

/**
 * A table as a stream of bytes, batch by batch as the reader takes them: memory stays the same however long it is. A
 * fault on the way breaks the stream off, so that half a file is not taken for a whole one.
 */
export function tableStream({ columns, format, bom, batches }: Table): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const write = format === 'csv' ? csvOf(columns) : jsonOf(columns)
  let begun = false
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!begun) {
        begun = true
        controller.enqueue(encoder.encode((bom ? BOM : '') + write.head))
        return
      }
      const { done, value } = await batches.next()
      if (done) {
        controller.enqueue(encoder.encode(write.foot))
        controller.close()
        return
      }
      controller.enqueue(encoder.encode(write.rows(value)))
    },
    async cancel() {
      await batches.return?.()
    },
  })
}

function csvOf(columns: readonly string[]) {
  return {
    head: csvLine(columns),
    rows: (rows: readonly Row[]) => rows.map(row => csvLine(columns.map(name => row[name] ?? null))).join(''),
    foot: '',
  }
}

/** One array; a row a line. */
function jsonOf(columns: readonly string[]) {
  let first = true
  const line = (row: Row): string => {
    const before = first ? '' : ',\n'
    first = false
    return before + JSON.stringify(Object.fromEntries(columns.map(name => [name, row[name] ?? null])))
  }
  return { head: '[\n', rows: (rows: readonly Row[]) => rows.map(line).join(''), foot: '\n]\n' }
}
