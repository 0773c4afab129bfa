// Typed API client without runtime dependencies. The transport is injected, because
// WeChat has neither `fetch` nor `Request`; paths, bodies and answers come from the OpenAPI file.
import { ApiError, problemFrom } from './problem'
import type { components, paths } from './schema'

export { ApiError, kindOf, problemFrom, type FailureKind, type Problem } from './problem'
export { uuid7 } from './uuid7'
export type Schemas = components['schemas']

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
type PathsOf<V extends Verb> = { [P in keyof paths]: paths[P] extends { [K in V]: { responses: object } } ? P : never }[keyof paths]
type Op<P extends keyof paths, V extends Verb> = V extends keyof paths[P] ? NonNullable<paths[P][V]> : never
type Json<T> = T extends { content: { 'application/json': infer J } } ? J : void
type Answer<O> = O extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202 | 204)]> : never
type Body<O> = O extends { requestBody: { content: { 'application/json': infer J } } } ? { body: J } : { body?: undefined }
type Part<O, K extends string> = O extends { parameters: { [Q in K]: infer V } } ? { [Q in K]: V } : O extends { parameters: { [Q in K]?: infer V } } ? { [Q in K]?: V } : unknown
export type Options<O> = Body<O> & Part<O, 'path'> & Part<O, 'query'> & { headers?: Record<string, string> }
type Args<O> = {} extends Options<O> ? [options?: Options<O>] : [options: Options<O>]

export interface Call {
  method: string
  url: string
  headers: Record<string, string>
  /** A plain value (sent as JSON) or something the platform sends as it is (FormData). */
  body?: unknown
}
export interface Reply {
  status: number
  data: unknown
  headers?: Record<string, string>
}
/** Resolves with status 0 when nothing came back; never rejects. */
export type Transport = (call: Call) => Promise<Reply>

interface LooseOptions {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  headers?: Record<string, string>
}

export function queryString(query: Record<string, unknown> = {}): string {
  const pairs: string[] = []
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`)
    }
  }
  return pairs.length ? `?${pairs.join('&')}` : ''
}

export function createClient(send: Transport) {
  async function call(method: string, path: string, options: LooseOptions = {}): Promise<unknown> {
    const url = path.replace(/\{(\w+)(?::\w+)?\}/g, (_, name: string) => encodeURIComponent(String(options.path?.[name]))) + queryString(options.query)
    const reply = await send({ method, url, headers: { accept: 'application/json', ...options.headers }, body: options.body })
    if (reply.status < 200 || reply.status >= 300) throw new ApiError(problemFrom(reply.status, reply.data))
    return reply.data
  }
  const verb = <V extends Verb>(v: V) => <P extends PathsOf<V>>(path: P, ...[options]: Args<Op<P, V>>) =>
    call(v.toUpperCase(), path as string, options as LooseOptions) as Promise<Answer<Op<P, V>>>
  return { get: verb('get'), post: verb('post'), put: verb('put'), patch: verb('patch'), delete: verb('delete'), call }
}
export type Client = ReturnType<typeof createClient>
/** The query parameters of a GET, for functions that pass a list's filters on. */
export type QueryOf<P extends PathsOf<'get'>> = Part<Op<P, 'get'>, 'query'> extends { query?: infer Q } ? Q : never
