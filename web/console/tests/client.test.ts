import { describe, expect, it, vi } from 'vitest'
import { ApiError, createClient, problemFrom, queryString, uuid7, type Call } from '@weike/client'

describe('uuid7', () => {
  it('carries its time, version and variant, and grows with time', () => {
    const at = Date.parse('2026-11-22T00:00:00Z')
    const id = uuid7(at)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(parseInt(id.replace(/-/g, '').slice(0, 12), 16)).toBe(at)
    expect(uuid7(at) < uuid7(at + 1)).toBe(true)
  })
  it('does not repeat', () => {
    expect(new Set(Array.from({ length: 5000 }, () => uuid7())).size).toBe(5000)
  })
  it('works where there is no crypto, as in WeChat', () => {
    vi.stubGlobal('crypto', undefined)
    expect(uuid7()).toMatch(/^[0-9a-f-]{36}$/)
    vi.unstubAllGlobals()
  })
})

describe('the client', () => {
  const client = (status: number, data: unknown, seen: Call[] = []) => createClient(async (call) => (seen.push(call), { status, data }))

  it('fills the path, leaves out empty filters and hands the answer back', async () => {
    const seen: Call[] = []
    const api = client(200, { ok: true }, seen)
    expect(await api.call('GET', '/api/x/{id}/y', { path: { id: 'a/b' }, query: { q: '龙井', state: '', none: undefined, ids: ['1', '2'] } })).toEqual({ ok: true })
    expect(seen[0]!.url).toBe('/api/x/a%2Fb/y?q=%E9%BE%99%E4%BA%95&ids=1&ids=2')
    expect(queryString({})).toBe('')
  })
  it('turns a refusal into an error with code, sentence and fields', async () => {
    const refusal = { type: 'about:blank', title: 'Conflict', status: 409, code: 'trade.out_of_stock', detail: '「龙井」库存不足，还剩 2 件', field: 'quantity', request_id: 'r1', errors: [{ field: 'lines', code: 'x', message: '有误' }] }
    const error = await client(409, refusal).call('POST', '/api/x', { body: {} }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    const refused = error as ApiError
    expect([refused.status, refused.code, refused.kind, refused.message]).toEqual([409, 'trade.out_of_stock', 'conflict', '「龙井」库存不足，还剩 2 件'])
    expect(refused.fields).toEqual({ lines: '有误', quantity: '「龙井」库存不足，还剩 2 件' })
  })
  it('always has a code, whatever came back', () => {
    expect(problemFrom(0, undefined)).toMatchObject({ status: 0, code: 'offline' })
    expect(problemFrom(502, '<html>Bad gateway</html>')).toMatchObject({ status: 502, code: 'server', detail: '' })
    expect(problemFrom(422, '{"code":"x.y","detail":"z"}')).toMatchObject({ code: 'x.y', detail: 'z' })
    expect([401, 403, 404, 412, 429, 500, 400].map((s) => new ApiError(problemFrom(s, null)).kind)).toEqual(['signed_out', 'forbidden', 'missing', 'conflict', 'too_many', 'server', 'invalid'])
  })
})
