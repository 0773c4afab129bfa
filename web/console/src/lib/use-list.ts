// One list page: filters kept in the address (so a link opens the same list), cursor pages,
// selection that survives paging, and answers that arrive late thrown away.
import { computed, onMounted, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface Page<Row> {
  items: Row[]
  next_cursor?: string | null
  total?: number | null
}
export interface Ask<Filter> {
  filter: Filter
  cursor?: string
  limit: number
  sort?: string
}
export type FilterValues = Record<string, string | string[]>

export interface ListOptions<Row, Filter extends FilterValues> {
  fetch: (ask: Ask<Filter>) => Promise<Page<Row>>
  key: (row: Row) => string
  filter: Filter
  limit?: number
}

export const EXPORT_LIMIT = 5000
/** Fields that say in which order, not which rows. */
const ORDERING = new Set(['sort', 'sort_by', 'by', 'order'])

function fromQuery<Filter extends FilterValues>(defaults: Filter, query: Record<string, unknown>): Filter {
  const out: FilterValues = {}
  for (const [name, fallback] of Object.entries(defaults)) {
    const given = query[name]
    const one = Array.isArray(given) ? given[0] : given
    if (typeof one !== 'string') out[name] = Array.isArray(fallback) ? [...fallback] : fallback
    else out[name] = Array.isArray(fallback) ? one.split(',').filter(Boolean) : one
  }
  return out as Filter
}

export function useList<Row, Filter extends FilterValues>(options: ListOptions<Row, Filter>) {
  const route = useRoute()
  const router = useRouter()
  const path = route.path
  const filter = reactive(fromQuery(options.filter, route.query)) as Filter
  const sort = ref(typeof route.query.sort === 'string' ? route.query.sort : '')
  const limit = ref(options.limit ?? 20)
  const rows = shallowRef<Row[]>([])
  const total = ref<number | null>(null)
  const loading = ref(false)
  const loaded = ref(false)
  const error = shallowRef<unknown>(null)
  const cursors = ref<(string | undefined)[]>([undefined])
  const next = ref<string | null>(null)
  const selected = shallowRef(new Map<string, Row>())
  let turn = 0

  const ask = (cursor?: string, size = limit.value): Ask<Filter> => ({
    filter: JSON.parse(JSON.stringify(filter)) as Filter, cursor, limit: size, sort: sort.value || undefined,
  })

  async function load(): Promise<void> {
    const mine = ++turn
    loading.value = true
    try {
      const page = await options.fetch(ask(cursors.value.at(-1)))
      if (mine !== turn) return
      rows.value = page.items
      next.value = page.next_cursor ?? null
      total.value = page.total ?? null
      error.value = null
      loaded.value = true
    } catch (e) {
      if (mine === turn) error.value = e
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  function restart(): Promise<void> {
    cursors.value = [undefined]
    return load()
  }

  function toQuery(): Record<string, string> {
    const out: Record<string, string> = {}
    for (const [name, fallback] of Object.entries(options.filter)) {
      const value = filter[name]!
      const text = Array.isArray(value) ? value.join(',') : value
      if (text && text !== (Array.isArray(fallback) ? fallback.join(',') : fallback)) out[name] = text
    }
    if (sort.value) out.sort = sort.value
    return out
  }

  /** Writes the filters into the address and asks again from the first page. */
  async function search(): Promise<void> {
    selected.value = new Map()
    const query = toQuery()
    if (JSON.stringify(query) !== JSON.stringify(route.query)) await router.replace({ path, query })
    return restart()
  }

  function reset(): Promise<void> {
    Object.assign(filter, fromQuery(options.filter, {}))
    sort.value = ''
    return search()
  }

  // A link inside the console may point at this very page with other filters.
  watch(
    () => route.query,
    (query) => {
      if (route.path !== path || JSON.stringify(query) === JSON.stringify(toQuery())) return
      Object.assign(filter, fromQuery(options.filter, query))
      sort.value = typeof query.sort === 'string' ? query.sort : ''
      void restart()
    },
  )

  function toggle(row: Row, on: boolean): void {
    const map = new Map(selected.value)
    if (on) map.set(options.key(row), row)
    else map.delete(options.key(row))
    selected.value = map
  }
  function toggleAll(on: boolean): void {
    const map = new Map(selected.value)
    for (const row of rows.value) on ? map.set(options.key(row), row) : map.delete(options.key(row))
    selected.value = map
  }

  /** Every row the present filters find, page after page, up to EXPORT_LIMIT. */
  async function all(onProgress?: (n: number) => void): Promise<Row[]> {
    const out: Row[] = []
    let cursor: string | undefined
    do {
      const page = await options.fetch(ask(cursor, 100))
      out.push(...page.items)
      onProgress?.(out.length)
      cursor = page.next_cursor ?? undefined
    } while (cursor && out.length < EXPORT_LIMIT)
    return out
  }

  onMounted(load)

  return reactive({
    filter, sort, limit, rows: rows as Ref<Row[]>, total, loading, loaded, error, selected,
    pageNo: computed(() => cursors.value.length),
    hasPrev: computed(() => cursors.value.length > 1),
    hasNext: computed(() => !!next.value),
    /** Whether the present rows were asked for with more than the list begins with. */
    isNarrowed: computed(() => Object.keys(toQuery()).some((name) => !ORDERING.has(name))),
    allSelected: computed(() => rows.value.length > 0 && rows.value.every((r) => selected.value.has(options.key(r)))),
    someSelected: computed(() => rows.value.some((r) => selected.value.has(options.key(r)))),
    key: options.key,
    load, search, reset, toggle, toggleAll, all,
    clearSelection: () => (selected.value = new Map()),
    isSelected: (row: Row) => selected.value.has(options.key(row)),
    nextPage: () => { if (next.value) { cursors.value = [...cursors.value, next.value]; void load() } },
    prevPage: () => { if (cursors.value.length > 1) { cursors.value = cursors.value.slice(0, -1); void load() } },
    setLimit: (n: number) => { limit.value = n; void restart() },
    setSort: (s: string) => { sort.value = s; void search() },
  })
}
// The rows' type is lost inside `reactive`; this names it again for components.
export interface ListState<Row> {
  sort: string
  limit: number
  rows: Row[]
  total: number | null
  loading: boolean
  loaded: boolean
  error: unknown
  selected: Map<string, Row>
  pageNo: number
  hasPrev: boolean
  hasNext: boolean
  isNarrowed: boolean
  allSelected: boolean
  someSelected: boolean
  key: (row: Row) => string
  load: () => Promise<void>
  reset: () => Promise<void>
  toggle: (row: Row, on: boolean) => void
  toggleAll: (on: boolean) => void
  all: (onProgress?: (n: number) => void) => Promise<Row[]>
  clearSelection: () => void
  isSelected: (row: Row) => boolean
  nextPage: () => void
  prevPage: () => void
  setLimit: (n: number) => void
  setSort: (s: string) => void
}
