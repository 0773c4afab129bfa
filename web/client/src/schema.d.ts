/** Written by `npm run gen` from openapi.json; this empty one stands in until the first run. */
export interface paths {}
export interface components {
  schemas: Record<string, never>
}
