// What goes wrong, as values: a refusal of the server (problem+json with a stable code)
// or a line that is cut. Callers branch on `code`, people read `detail`.

export interface Problem {
  type?: string
  title?: string
  status: number
  /** Stable, machine-readable: `out_of_stock`, `invalid`, `unauthenticated` … */
  code: string
  /** A sentence in the reader's language. */
  detail: string
  /** The one field at fault, when there is one. */
  field?: string
  /** All fields at fault, when the server names several. */
  errors?: { field: string; message: string; code?: string }[]
  request_id?: string
  [fact: string]: unknown
}

export type FailureKind = 'offline' | 'signed_out' | 'forbidden' | 'missing' | 'conflict' | 'invalid' | 'too_many' | 'server'

export function kindOf(status: number): FailureKind {
  if (status === 0) return 'offline'
  if (status === 401) return 'signed_out'
  if (status === 403) return 'forbidden'
  if (status === 404 || status === 410) return 'missing'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 429) return 'too_many'
  return status >= 500 ? 'server' : 'invalid'
}

const text = (v: unknown): string | undefined => (typeof v === 'string' && v ? v : undefined)

/** Always a Problem, whatever came back: JSON, a proxy's HTML page, or nothing. */
export function problemFrom(status: number, data: unknown): Problem {
  let body = data
  if (typeof body === 'string') {
    try {
      body = JSON.parse(body)
    } catch {
      body = undefined
    }
  }
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return {
    ...given,
    status,
    code: text(given.code) ?? kindOf(status),
    detail: text(given.detail) ?? text(given.title) ?? '',
  }
}

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly kind: FailureKind
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail || `HTTP ${problem.status}`)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.kind = kindOf(problem.status)
    this.problem = problem
  }

  /** Field → sentence, for showing a refusal beside the input it is about. */
  get fields(): Record<string, string> {
    const out: Record<string, string> = {}
    for (const e of Array.isArray(this.problem.errors) ? this.problem.errors : []) out[e.field] ??= e.message
    if (this.problem.field) out[this.problem.field] ??= this.problem.detail
    return out
  }
}
