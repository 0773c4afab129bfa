export interface Column<Row> {
  key: string
  label: string
  width?: number
  minWidth?: number
  align?: 'left' | 'right' | 'center'
  /** The name the server sorts by; `-name` is descending. */
  sort?: string
  /** The server sorts this column downwards only. */
  downOnly?: boolean
  /** Cannot be switched off in the column settings. */
  always?: boolean
  /** Off until somebody switches it on. */
  off?: boolean
  /** What a cell says in text; also what is exported. Without it the column is not exported. */
  text?: (row: Row) => string | number | null | undefined
}
